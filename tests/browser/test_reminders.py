"""A real browser: a mailbox that others may open is thought over, a message is tried, and what is new is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.models import Alert, AlertChoice
from tests.audit import scenes
from tests.services.mail_server import mail_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reminder_is_chosen_tried_and_seen(
    live: str,
    page: Any,
    settings: Any,
    axe: Callable[[Any], None],
    sign_in: Callable[[Any, Any], None],
) -> None:
    person, connection = scenes.person_with_connection("noor@gmail.test")
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1")]})
    sign_in(page, person)
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        page.goto(f"{live}/reminders/")
        assert not page.get_by_label("E-mail address").is_visible()
        page.get_by_label("An app that was not there before").check()
        page.get_by_label("An e-mail, which says nothing").check()
        page.get_by_label("E-mail address").fill("noor@gmail.test")
        page.get_by_role("button", name="Keep this").click()
        page.get_by_text("This is the address of an account that we look at.").wait_for()
        axe(page)
        page.get_by_label("Use it all the same").check()
        page.get_by_role("button", name="Keep this").click()
        page.get_by_text("As it is now").wait_for()
        assert AlertChoice.objects.get().wanted["anyway"] == "audited"
        axe(page)
        page.get_by_role("button", name="Send one now, to try it").click()
        page.get_by_text("The mail server took it.").wait_for()
    assert [to for _, to, _ in post.taken] == ["noor@gmail.test"]
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1"), scenes.app("2", "QuizTown")]})
    page.goto(f"{live}/overview/")
    axe(page)
    page.get_by_role("button", name="I have seen it").click()
    page.get_by_text("as you asked to be told").wait_for(state="detached")
    assert Alert.objects.get().read_at is not None
