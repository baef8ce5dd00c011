"""`make screenshots`: every page as Maya, Sam, somebody with a code, somebody under 18 and nobody at all see it.

In a few minutes it writes

    var/screenshots/<who>/<page>-<width>-<colours>.png, and <page>-print.pdf, -print.png, -rtl.png, -large.png

No test of the suite (its name does not begin with test_): it says what does not fit, and leaves the looking to people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from audits.audit import keeping
from audits.models import Connection, Finding, NamedPerson, Party, Person
from tests.browser.conftest import go_on_as
from tests.browser.journey import Journey
from tests.dashboard.conftest import signed_in
from tests.dashboard.every_page import AFTER_A_STEP, FOR_A_PERSON, FOR_ALL, path_of
from tests.security.arguments import World, build

FOLDER = Path(__file__).parents[2] / "var" / "screenshots"
WIDTHS = (360, 1280)
COLOURS = ("light", "dark")
WAITING = 20_000  # milliseconds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.work,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker", "sandbox"),
]


class Album:
    """Takes pictures of one person's pages."""

    def __init__(self, page: Any, live: str, who: str) -> None:
        self.page, self.live, self.folder = page, live, FOLDER / who
        self.folder.mkdir(parents=True, exist_ok=True)
        page.set_default_timeout(WAITING)

    def show(self, name: str, path: str) -> None:
        self.page.goto(f"{self.live}{path}")
        self.take(name)

    def take(self, name: str) -> None:
        """The page that is open now."""
        for colours in COLOURS:
            for width in WIDTHS:
                self.page.emulate_media(color_scheme=colours)
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=self.folder / f"{name}-{width}-{colours}.png", full_page=True)
        self._read_from_the_right(name)
        self._twice_as_large(name)
        self._on_paper(name)

    def _read_from_the_right(self, name: str) -> None:
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 360, "height": 900})
        self.page.evaluate("document.documentElement.dir = 'rtl'")
        self._shoot_if_it_fits(f"{name}-rtl")
        self.page.evaluate("document.documentElement.dir = 'ltr'")

    def _twice_as_large(self, name: str) -> None:
        self.page.set_viewport_size({"width": 640, "height": 450})
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        self._shoot_if_it_fits(f"{name}-large")
        self.page.evaluate("document.documentElement.style.fontSize = ''")

    def _on_paper(self, name: str) -> None:
        self.page.pdf(path=self.folder / f"{name}-print.pdf", prefer_css_page_size=True)
        self.page.emulate_media(media="print")
        self.page.set_viewport_size({"width": 660, "height": 900})
        self.page.screenshot(path=self.folder / f"{name}-print.png", full_page=True)
        self.page.emulate_media(media="screen")

    def _shoot_if_it_fits(self, name: str) -> None:
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        beyond = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            print(f"{self.folder.name}/{name} is {beyond} px too wide")


@pytest.fixture
def album(page: Any, live: str) -> Callable[[str], Album]:
    return lambda who: Album(page, live, who)


def all_pages(album: Album, person: Person) -> None:
    """Every page that this person has. What needs something they do not have is left out."""
    world = world_of(person)
    for name in (*FOR_ALL, *FOR_A_PERSON):
        try:
            path = path_of(name, world)
        except AttributeError:  # no account, no record: no such page
            continue
        answer = album.page.request.get(f"{album.live}{path}", max_redirects=0)
        if answer.status == 200:
            album.show(name, path)


def world_of(person: Person) -> World:
    """What is theirs, or None in its place."""
    findings = Finding.objects.filter(person=person, current=True)
    finding = findings.filter(items__isnull=False).first() or findings.first()
    theirs: dict[str, Any] = {
        "alice": person,
        "connection": Connection.objects.filter(person=person).first(),
        "finding": finding,
        "party": Party.objects.filter(person=person).first(),
        "named_person": NamedPerson.objects.filter(person=person).first(),
        "record": keeping.keep(person, finding) if finding else None,
    }
    return World(**{field.name: theirs.get(field.name) for field in fields(World)})


def test_nobody_in_particular(album: Callable[[str], Album]) -> None:
    book = album("nobody")
    for name in FOR_ALL:
        book.show(name, reverse(name))
    book.show("not-found", "/nowhere/")
    page = book.page
    page.goto(f"{book.live}{reverse('before-sending')}")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="Show me my list").click()
    page.get_by_role("heading", name="Your list").wait_for()
    book.take("before-sending-list")
    page.goto(f"{book.live}{reverse('before-sending')}")
    page.get_by_role("button", name="Show me that page").click()
    page.get_by_role("heading", name="You are not in trouble with us").wait_for()
    book.take("before-sending-young")


def test_maya_with_every_look(album: Callable[[str], Album]) -> None:
    book = album("maya")
    maya = Journey(book.page, book.live, "maya@gmail.test")
    maya.sign_in()
    for look in ("drive_apps", "drive_sharing", "gmail_settings", "gmail_alerts", "calendar", "youtube"):
        book.page.goto(f"{book.live}{reverse('looks')}")
        if book.page.locator(f'form[action="/looks/{look}/open/"] button').count():
            maya.open_look(look)
    maya.name("j.marsh@mail.test")
    maya.look_now()
    person = Person.objects.get()
    all_pages(book, person)
    for finding in Finding.objects.filter(person=person, current=True).exclude(verdict="not_checked"):
        book.show(f"check-{finding.check_id}", reverse("check", args=[finding.public_id]))


def test_sam_with_an_administrators_look(album: Callable[[str], Album]) -> None:
    book = album("sam")
    sam = Journey(book.page, book.live, "sam@shelter.test")
    sam.sign_in()
    sam.open_look("administrator")
    sam.wait_for_result()
    all_pages(book, Person.objects.get())


@pytest.mark.parametrize("who", ["code", "young"])
def test_somebody_with_a_code(album: Callable[[str], Album], who: str) -> None:
    book = album(who)
    page = book.page
    page.goto(f"{book.live}{reverse('begin')}")
    page.get_by_label("Only I use it").check()
    page.get_by_label("Under 18" if who == "young" else "18 or over", exact=True).check()
    for label in ("A break-up, or somebody close to me", "Snapchat", "WhatsApp", "iPhone or iPad", "Google or Gmail"):
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Make my plan").click()
    page.wait_for_url("**/code/")
    book.take("return-code")
    all_pages(book, Person.objects.get())


def test_alice_after_a_step(album: Callable[[str], Album]) -> None:
    book = album("alice")
    world = build()
    for name, step in AFTER_A_STEP.items():
        client = signed_in(world.alice)
        step(client, world)
        go_on_as(book.page, client, book.live)
        book.show(name, path_of(name, world))
