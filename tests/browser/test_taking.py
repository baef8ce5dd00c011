"""Taken away and brought back: on paper with and without names, in a locked file, deleted, and here again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from pypdf import PdfReader

from audits.models import Person
from tests.audit.taking_world import plain_check
from tests.browser.conftest import DESK, PHONE
from tests.browser.journey import go, read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def button(page: Any, name: str) -> Any:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def new_record(page: Any, live: str) -> str:
    """Begin without an account. Returns the digits."""
    page.goto(f"{live}/begin/")
    go(page, button(page, "Skip the questions"))
    digits = re.sub(r"\D", "", page.locator(".code__digits").inner_text())
    go(page, button(page, "I have kept it"))
    return digits


def saved(page: Any, name: str) -> bytes:
    with page.expect_download() as waiting:
        button(page, name).click()
    assert re.fullmatch(r"notes-\d{4}-\d\d-\d\d\.(pdf|json|age)", waiting.value.suggested_filename)
    return Path(waiting.value.path()).read_bytes()


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def show_it_is_me(page: Any, digits: str) -> None:
    page.get_by_label("Your return code").fill(digits)
    go(page, button(page, "Go on"))


def later() -> None:
    """More than five minutes: having shown who they are no longer counts."""
    for one in Session.objects.all():
        session = SessionStore(one.session_key)
        session.pop("confirmed", None)
        session.save()


def answer_a_check(page: Any, live: str) -> None:
    check = plain_check()
    page.goto(f"{live}/c/{check.code}/")
    page.locator('input[name="answer"][value="as_it_should_be"]').check()
    go(page, button(page, "Keep my answer"))


@pytest.fixture
def good(page: Any, axe: Callable[[Any], None], fits: Callable[[], None]) -> Callable[[], None]:
    def look() -> None:
        for size, colours in ((PHONE, "light"), (DESK, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=colours)
            fits()
            axe(page)

    return look


def test_taken_deleted_and_brought_back(
    page: Any, live: str, good: Callable[[], None], complaints: list[str], tmp_path: Path
) -> None:
    page.set_default_timeout(10_000)
    digits = new_record(page, live)
    answer_a_check(page, live)
    later()
    page.goto(f"{live}/overview/")
    go(page, page.get_by_role("link", name="Take your notes away"))
    good()
    assert not page.get_by_role("button", name="PDF with names").count()
    show_it_is_me(page, digits)
    page.wait_for_url(f"{live}/take/")
    good()
    named, bare = text_of(saved(page, "PDF with names")), text_of(saved(page, "PDF without names"))
    for paper in (named, bare):
        assert "Prepared by the person who uses it" in paper
        assert "You told us" in paper
    assert "left out here" in bare
    assert b'"answers":[{' in saved(page, "Take the plain data")
    go(page, button(page, "Make a locked file"))
    good()
    passphrase = re.sub(r"\s", "", page.locator(".code__digits").inner_text())
    locked = tmp_path / "notes.age"
    locked.write_bytes(saved(page, "Save the file"))

    page.goto(f"{live}/account/delete/")
    go(page, button(page, "Delete everything now"))
    assert not Person.objects.exists()

    new_record(page, live)
    page.goto(f"{live}/take/back/")
    good()
    page.get_by_label("The file").set_input_files(locked)
    page.get_by_label("The passphrase").fill(passphrase.upper().replace("-", " "))
    go(page, button(page, "Show what would come in"))
    good()
    assert "Answers to checks" in read(page.locator("main"))
    go(page, button(page, "Bring it in"))
    page.goto(f"{live}/c/{plain_check().code}/")
    assert "From a file you brought" in read(page.locator("main"))


def test_step_up_comes_first_and_everything_works_without_scripts(without_script: Any, live: str) -> None:
    page = without_script
    digits = new_record(page, live)
    later()
    page.goto(f"{live}/take/")
    show_it_is_me(page, digits)
    assert saved(page, "PDF without names").startswith(b"%PDF")
    go(page, button(page, "Make a locked file"))
    assert saved(page, "Save the file").startswith(b"age-encryption.org/v1\n-> scrypt ")
