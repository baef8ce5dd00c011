"""Noor, who connects nothing: she answers with names, answers those, looks again in a month, and pastes a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audits.checks.catalogue import CHECKS
from audits.models import AnswerToCheck, Person, ToldItem
from tests.browser.conftest import PHONE
from tests.browser.journey import go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = """<!doctype html><html><head><script>document.title = "taken"</script><style>NotAName {}</style></head>
<body onload="alert(1)"><ul><li><b>iPhone</b> of Noor</li><li>&lt;img src=x onerror=alert(2)&gt;</li>
<li>\u202egpj.exe</li><li>7</li></ul>"""


@pytest.fixture
def noor(page: Any, sign_in: Callable[[Any, Any], None]) -> Person:
    person = Person.objects.create_user()
    sign_in(page, person)
    page.set_viewport_size(PHONE)
    return person


def test_noor_answers_with_two_names_and_looks_again_in_a_month(
    page: Any,
    live_server: Any,
    noor: Person,
    axe: Callable[[Any], None],
    fits: Callable[[], None],
    complaints: list[str],
) -> None:
    page.goto(f"{live_server.url}/c/{CHECKS['telegram_sessions'].code}/")
    axe(page)
    fits()
    page.get_by_label("Something is there that I do not know, or do not want").check()
    page.get_by_label("Names of what you found").fill("Old phone\nWindows")
    page.get_by_label("Look at this again").select_option("In a month")
    go(page, page.get_by_role("button", name="Keep my answer", exact=True))
    page.get_by_role("group", name="Old phone").get_by_label("I know this").check()
    page.get_by_role("group", name="Windows").get_by_label("I don’t know this").check()
    go(page, page.get_by_role("button", name="Keep my answers"))
    assert "You know this" in page.get_by_role("group", name="Old phone").inner_text()
    assert "You named one thing here that you do not know" in page.locator(".lead").inner_text()
    assert AnswerToCheck.objects.get(person=noor).again_on is not None
    axe(page)
    fits()
    go(page, page.get_by_role("group", name="Windows").get_by_role("button", name="Take it off this list"))
    assert page.get_by_role("group", name="Windows").count() == 0
    assert page.get_by_role("group", name="Old phone").count() == 1


def test_noor_brings_a_hostile_page_and_keeps_one_line(
    without_script: Any, live_server: Any, sign_in: Callable[[Any, Any], None], tmp_path: Path
) -> None:
    """Without JavaScript too."""
    page, noor = without_script, Person.objects.create_user()
    sign_in(page, noor)
    saved = tmp_path / "page.html"
    saved.write_text(HOSTILE, encoding="utf-8")
    page.goto(f"{live_server.url}/c/{CHECKS['apple_devices'].code}/")
    page.get_by_text("Paste the page, and choose what to keep of it").click()
    page.get_by_label("Or a saved page").set_input_files(saved)
    go(page, page.get_by_role("button", name="Read it"))
    assert page.title() == "Notes"
    lines = page.locator("form.ticks bdi").all_inner_texts()
    assert lines == ["iPhone of Noor", "<img src=x onerror=alert(2)>", "gpj.exe"]
    page.get_by_label("iPhone of Noor").check()
    go(page, page.get_by_role("button", name="Keep what I ticked"))
    assert page.get_by_role("group", name="iPhone of Noor").count() == 1
    assert "It stood on the page you pasted on" in page.locator("main").inner_text()
    assert [row.told["name"] for row in ToldItem.objects.filter(person=noor)] == ["iPhone of Noor"]


def test_a_page_that_is_too_large_is_answered_and_not_a_broken_connection(
    page: Any, live_server: Any, noor: Person, tmp_path: Path
) -> None:
    saved = tmp_path / "page.html"
    saved.write_bytes(b"<p>x</p>" * 500_000)
    page.goto(f"{live_server.url}/c/{CHECKS['apple_devices'].code}/")
    page.get_by_text("Paste the page, and choose what to keep of it").click()
    page.get_by_label("Or a saved page").set_input_files(saved)
    go(page, page.get_by_role("button", name="Read it"))
    page.get_by_text("larger than 2 MB, so we did not read it").wait_for()
