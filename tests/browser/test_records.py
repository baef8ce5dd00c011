"""Keeping a record before anything is changed: one press, a page to read and print, and a way to delete it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from audits.models import Finding, Record
from tests.audit import scenes
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "a-name-without-any-break-" * 12


def test_a_record_is_kept_read_and_deleted(
    page: Any,
    live_server: Any,
    sign_in: Callable[[Any, Any], None],
    fits: Callable[[], None],
    axe: Callable[[Any], None],
    complaints: list[str],
) -> None:
    def good() -> None:
        for size, colours in ((PHONE, "light"), (DESK, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=colours)
            fits()
            axe(page)

    person, connection = scenes.person_with_connection()
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1", LONG), scenes.app("2", "<b>PicPolish</b>")]})
    finding = Finding.objects.get(person=person, check_id="drive_wide_apps", current=True)
    sign_in(page, person)
    page.goto(live_server.url + reverse("check", args=[finding.public_id]))
    page.get_by_role("button", name="Keep a record of this first").click()
    page.get_by_text("A record of this is kept.").wait_for()
    page.get_by_role("link", name="See the record").click()
    page.get_by_role("heading", name="What this record is, and what it is not").wait_for()
    page.get_by_text("The exact text", exact=True).click()
    good()
    page.emulate_media(media="print")
    assert page.locator(".hash").is_visible()
    assert page.get_by_text("Kept on", exact=True).is_visible()
    assert not page.get_by_text("Delete this record").is_visible()
    fits()
    page.emulate_media(media="screen")
    page.goto(live_server.url + reverse("records"))
    good()
    page.get_by_role("link", name="Apps that can open all your Drive files").click()
    page.get_by_role("link", name="Delete this record").click()
    page.get_by_role("button", name="Delete this record").wait_for()
    good()
    page.get_by_role("button", name="Delete this record").click()
    page.get_by_text("The record is deleted.").wait_for()
    assert not Record.objects.exists()


def test_a_check_leads_to_the_one_card_and_marks_it(
    page: Any, live_server: Any, sign_in: Callable[[Any, Any], None], fits: Callable[[], None], complaints: list[str]
) -> None:
    person, connection = scenes.person_with_connection()
    scenes.audit_with(person, connection, {})
    finding = Finding.objects.get(person=person, check_id="open_files", current=True)
    sign_in(page, person)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("check", args=[finding.public_id]))
    page.get_by_role("link", name="See the look “Drive sharing”").first.click()
    page.locator(".look:target").wait_for()
    assert page.locator(".look:target").get_by_role("heading", name="Drive sharing").is_visible()
    assert page.locator(".look:target").get_by_role("button").count() == 1
    fits()
