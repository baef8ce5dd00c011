"""A caller and helpers, each in a browser of their own. Every byte that a helper's browser receives is kept and read.

What the caller covered is in none of them at any time: not in a page, a part of one, an answer to a script or a header.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.urls import reverse
from redis import Redis

from audits.accounts import passwords
from audits.audit import name_list
from audits.models import Finding, Helper, HelpSession, HelpState, Person, SessionLog, SessionNote
from tests.audit import scenes
from tests.browser.calling import in_bar, make_code, press, sign_in_to_desk, type_code
from tests.browser.conftest import DESK, PHONE, go_on_as
from tests.browser.journey import go, read
from tests.browser.wire import Wire, wire_to
from tests.dashboard.conftest import signed_in
from tests.helpline import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "nine slow heron letters"
EMAIL = "alice.hale@gmail.test"
EX = "j.marsh@mail.test"
SHOWN, COVERED = "PicPolish", "Tom’s <b>Watcher</b> & Co"
NAMES = (EMAIL, SHOWN, COVERED, "Backup Buddy", "Letter to Ines.docx", "beach-20.jpg", EX, "Jo’s old phone")


@dataclass
class Desk:
    """One helper's browser, and from when to when the caller let it have a name."""

    page: Any
    wire: Wire
    helper: Helper
    let: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def leaks(self) -> dict[str, int]:
        """By name, how often it came while it was covered."""
        assert self.wire.is_readable
        came = {name: [at for at in self.wire.moments_of(name) if not self._was_let(name, at)] for name in NAMES}
        return {name: len(moments) for name, moments in came.items() if moments}

    def _was_let(self, name: str, at: float) -> bool:
        return any(since <= at <= until for since, until in self.let.get(name, ()))

    def says(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for()

    def is_up_to_date(self) -> None:
        """What is on the way has arrived: the page shows the session as it is kept."""
        version = HelpSession.objects.get(helper=self.helper).version
        self.page.locator(f'#desk[data-version="{version}"]').wait_for()


@dataclass
class Call:
    """Who is on the phone. `caller` is the page of the caller, `at` where their browser finds the product."""

    person: Person
    caller: Any
    at: str
    wire: Wire
    desks: dict[str, Desk]

    def findings(self) -> list[str]:
        """Addresses of the checks in which something was found."""
        found = Finding.objects.filter(person=self.person, current=True, item_count__gt=0)
        return [self.at + reverse("check", args=[one.public_id]) for one in found]


@pytest.fixture
def person() -> Person:
    """Alice, with things in four checks, and a password by which she shows that it is her."""
    person, connection = scenes.person_with_connection(EMAIL)
    apps = [scenes.app(str(number), name) for number, name in enumerate((SHOWN, COVERED, "Backup Buddy"))]
    name_list.add_person(person, "", EX)
    letter = replace(scenes.file("1", source="drive_named", people=[EX], named=[EX]), name="Letter to Ines.docx")
    beach = replace(scenes.file("2", picture=True, anyone=True), name="beach-20.jpg")
    phones = [scenes.play_device("Jo’s old phone")]
    said: scenes.Said = {"drive_apps": apps, "drive_named": [letter], "drive_public": [beach], "play_devices": phones}
    scenes.audit_with(person, connection, said)
    passwords.keep(person, "alice", PASSWORD)
    return person


@pytest.fixture
def call(
    request: Any, person: Person, browser: Any, browser_context_args: Any, live_server: Any, redis_url: str
) -> Iterator[Call]:
    """Alice, and Hana and Ines of one helpline, each in a browser. Its scripts run unless `request` says no."""
    with Redis.from_url(redis_url) as redis:
        for key in redis.scan_iter("privacy_audit:help:*"):
            redis.delete(key)
    args = {**browser_context_args, "java_script_enabled": getattr(request, "param", True)}
    line = cast.line()
    helpers = {name: cast.hana(line, name) for name in ("Hana", "Ines")}
    with ExitStack() as stack:

        def open_browser(size: dict[str, int]) -> tuple[Any, Wire]:
            wire = stack.enter_context(wire_to(live_server.url))
            context = browser.new_context(**{**args, "viewport": size})
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(10_000)
            return page, wire

        caller, wire = open_browser(PHONE)
        desks = {name: Desk(*open_browser(DESK), helper) for name, helper in helpers.items()}
        go_on_as(caller, signed_in(person), wire.address)
        yield Call(person, caller, wire.address, wire, desks)


@pytest.fixture
def fine(axe: Callable[[Any], None]) -> Callable[[Any], None]:
    """fine(page): nothing for axe to say, and nothing wider than the window."""

    def look(page: Any) -> None:
        axe(page)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{page.url} is {beyond} px too wide"

    return look


def get_a_code(call: Call) -> tuple[str, str]:
    """The eight digits, and the word."""
    page = call.caller
    page.goto(f"{call.at}/help/")
    go(page, page.get_by_role("button", name="Choose this helpline"))
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Go on")
    return make_code(page)


def name_button(page: Any, words: str, name: str) -> Any:
    return page.get_by_role("group", name=name, exact=True).get_by_role("button", name=words)


def test_a_whole_call_with_scripts(call: Call, fine: Callable[[Any], None]) -> None:
    caller, hana, ines = call.caller, call.desks["Hana"], call.desks["Ines"]
    look_at_everything(call)

    sign_in_to_desk(hana.page, hana.wire.address, hana.helper)
    digits, word = get_a_code(call)
    assert type_code(hana.page, hana.wire.address, digits) == word
    caller.wait_for_url(f"{call.at}/help/ask/")  # by itself
    assert word in read(caller.locator("main"))
    assert "Hana from Riverside Helpline" in read(caller.locator("h1"))
    hana.says("Now the caller decides")
    press(caller, "Yes, let them look along")
    hana.page.get_by_role("heading", name="A session with a caller").wait_for(state="attached")

    pointing_lights_up(call, hana)
    one_name_is_shown_and_covered_again(call, hana, fine)
    pausing_and_going_on(call, hana)
    handing_over(call, hana, ines)

    in_bar(caller, "End")
    caller.wait_for_url(f"{call.at}/help/after/**")
    assert "The session is over" in read(caller.locator("h1"))
    ines.says("This session is over")
    assert {desk.helper.name: desk.leaks() for desk in (hana, ines)} == {"Hana": {}, "Ines": {}}
    assert hana.wire.moments_of(SHOWN)
    assert SessionNote.objects.get().person == call.person
    assert not SessionLog.objects.filter(session__state=HelpState.OPEN).exists()


def look_at_everything(call: Call) -> None:
    """The control: on the wire of the caller all of these names are found, so they would be on a helper's too."""
    for address in call.findings():
        call.caller.goto(address)
    call.caller.goto(f"{call.at}/account/")
    assert call.wire.is_readable
    assert [name for name in NAMES if not call.wire.moments_of(name)] == []


def pointing_lights_up(call: Call, hana: Desk) -> None:
    """First at a card that is not open to the helper, then, once it is, at one of its steps."""
    caller = call.caller
    hana.page.get_by_role("link", name="Apps that can open all your Drive files").first.click()
    hana.says("The caller has not opened this card to you")
    hana.page.get_by_role("button", name="Point at this card").click()
    caller.locator(".session__point a").wait_for()
    go(caller, caller.locator(".session__point a"))
    caller.locator("[data-place] .pointed").wait_for()
    assert hana.leaks() == {}
    hana.says("The caller is on this card")

    press(caller, "Open this card")
    hana.page.locator(".covers").wait_for()
    assert hana.page.locator(".covers bdi").count() == 0
    hana.page.locator(".step").nth(1).get_by_role("button").click()
    caller.locator(".step--pointed .pointed").wait_for()
    pointed = hana.page.locator(".step--pointed").get_attribute("data-number")
    assert caller.locator(".step--pointed").get_attribute("data-number") == pointed


def one_name_is_shown_and_covered_again(call: Call, hana: Desk, fine: Callable[[Any], None]) -> None:
    since = time.monotonic()
    go(call.caller, name_button(call.caller, "Show it to Hana", SHOWN))
    hana.page.locator(".covers").get_by_text(SHOWN, exact=True).wait_for()
    assert read(hana.page.locator(".covers bdi")) == SHOWN
    fine(hana.page)
    fine(call.caller)
    hana.is_up_to_date()
    hana.let[SHOWN] = [(since, time.monotonic())]
    go(call.caller, name_button(call.caller, "Cover it again", SHOWN))
    hana.page.locator(".covers").get_by_text(SHOWN, exact=True).wait_for(state="detached")
    assert SHOWN not in hana.page.content()
    assert hana.leaks() == {}


def pausing_and_going_on(call: Call, hana: Desk) -> None:
    in_bar(call.caller, "Pause")
    hana.says("The caller has paused")
    assert hana.page.locator(".covers").count() == 0
    in_bar(call.caller, "Go on")
    hana.page.locator(".covers").wait_for()


def handing_over(call: Call, hana: Desk, ines: Desk) -> None:
    sign_in_to_desk(ines.page, ines.wire.address, ines.helper)
    go(hana.page, hana.page.get_by_role("link", name="Hand over"))
    hana.page.get_by_role("button", name="Ask for Ines").click()
    call.caller.locator(".session__over").wait_for()
    ines.page.goto(f"{ines.wire.address}/desk/calls/")
    ines.says("A session waits")
    in_bar(call.caller, "Yes, but hide all first")
    hana.page.get_by_role("heading", name="Calls").wait_for()
    ines.page.goto(f"{ines.wire.address}/desk/calls/")
    go(ines.page, ines.page.get_by_role("link", name="Go to it"))
    ines.says("0 cards")


@pytest.mark.parametrize("call", [False], indirect=True, ids=["no-scripts"])
def test_a_whole_call_without_scripts(call: Call) -> None:
    caller, hana = call.caller, call.desks["Hana"]
    look_at_everything(call)
    sign_in_to_desk(hana.page, hana.wire.address, hana.helper)
    digits, word = get_a_code(call)
    assert type_code(hana.page, hana.wire.address, digits) == word
    go(caller, caller.get_by_role("link", name="They have typed it: go on"))
    press(caller, "Yes, let them look along")
    hana.page.reload()
    go(hana.page, hana.page.get_by_role("link", name="Apps that can open all your Drive files").first)
    go(hana.page, hana.page.get_by_role("button", name="Point at this card"))
    caller.goto(f"{call.at}/overview/")
    go(caller, caller.locator(".session__point a"))
    assert caller.locator("[data-place] .pointed").count() == 1
    press(caller, "Open this card")
    hana.page.reload()
    go(hana.page, hana.page.locator(".step").nth(1).get_by_role("button"))
    caller.reload()
    assert caller.locator(".step--pointed .pointed").count() == 1

    since = time.monotonic()
    go(caller, name_button(caller, "Show it to Hana", SHOWN))
    hana.page.reload()
    assert read(hana.page.locator(".covers bdi")) == SHOWN
    address = hana.page.url
    hana.page.goto("about:blank")  # a page without scripts loads itself anew: here it shall not do so just now
    hana.let[SHOWN] = [(since, time.monotonic())]
    in_bar(caller, "Hide all")
    hana.page.goto(address)
    assert "The caller has not opened this card to you" in read(hana.page.locator("main"))
    in_bar(caller, "Pause")
    hana.page.reload()
    assert "The caller has paused" in read(hana.page.locator("main"))
    in_bar(caller, "Go on")
    in_bar(caller, "End")
    assert "The session is over" in read(caller.locator("h1"))
    hana.page.reload()
    assert "This session is over" in read(hana.page.locator("main"))
    assert hana.leaks() == {}
    assert hana.wire.moments_of(SHOWN)
