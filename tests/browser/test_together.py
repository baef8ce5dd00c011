"""The live line between two real browsers: what lights up, what is replaced, what goes at once, and how it heals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from redis import Redis

from audits.audit.guided import place_of
from audits.audit.helping import openings, pointing, sessions
from audits.checks.catalogue import CHECKS
from audits.models import HelpEnd, HelpSession, OpeningKind
from privacy_audit.security.spaces import DESK_COOKIE
from tests.audit import scenes
from tests.browser.conftest import DESK, PHONE, go_on_as
from tests.dashboard.conftest import signed_in
from tests.helpline import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHECK = "whatsapp_linked_devices"
LIT = ".step--pointed"


@dataclass
class Line:
    session: HelpSession
    place: str
    caller: Any
    helper: Any

    def numbers(self) -> list[int]:
        """Of the steps on the caller's page."""
        found = self.caller.locator(".step[data-number]").all()
        return [int(one.get_attribute("data-number")) for one in found]

    def lost(self, page: Any) -> Any:
        return page.locator(".live-lost")


@pytest.fixture
def line(browser: Any, browser_context_args: Any, live_server: Any, redis_url: str) -> Iterator[Line]:
    """Alice is on a card that she opened to Hana, and Hana looks at it. Both clocks can be put forward."""
    with Redis.from_url(redis_url) as redis:
        for key in redis.scan_iter("privacy_audit:help:*"):
            redis.delete(key)
    alice, _ = scenes.person_with_connection("alice@gmail.test")
    hana = cast.hana(cast.line())
    session = cast.session_of(alice, hana)
    place = place_of(CHECKS[CHECK], None)
    openings.open_up(session, OpeningKind.CARD, place)
    contexts = [browser.new_context(**{**browser_context_args, "viewport": size}) for size in (PHONE, DESK)]
    caller, helper = (context.new_page() for context in contexts)
    for page in (caller, helper):
        page.set_default_timeout(10_000)
        page.clock.install()
    go_on_as(caller, signed_in(alice), live_server.url)
    key = cast.desk_client(hana).cookies[DESK_COOKIE].value
    contexts[1].add_cookies([{"name": DESK_COOKIE, "value": key, "domain": "localhost", "path": "/desk/"}])
    caller.goto(live_server.url + reverse("blank-check", args=[place]))
    helper.goto(live_server.url + reverse("desk-card", args=[session.public_id, place]))
    yield Line(session, place, caller, helper)
    for context in contexts:
        context.close()


def test_what_is_pointed_at_lights_up_and_nothing_else_of_the_page_changes(line):
    caller, helper, first = line.caller, line.helper, line.numbers()[0]
    for page in (caller, helper):
        page.evaluate("window.sameOne = true")
    helper.locator(f"#point-{first}").press("Enter")
    expect(caller.locator(f'.step[data-number="{first}"]{LIT} .pointed')).to_be_in_viewport(timeout=10_000)
    assert caller.locator(LIT).count() == 1
    assert caller.locator("[role=status]").filter(has_text=f"Hana points at step {first}").count() == 1
    helper.locator(f"#step-{first}{LIT}").wait_for()
    assert helper.evaluate("document.activeElement.id") == "stop", "focus stays where the button was"
    helper.locator("#stop").press("Enter")
    caller.locator(LIT).wait_for(state="detached")
    helper.locator("#point").press("Enter")
    expect(caller.locator(".shown > .pointed")).to_be_in_viewport()
    assert caller.locator(".pointed:visible").count() == 1
    for page in (caller, helper):
        assert page.evaluate("window.sameOne"), "nothing was loaded anew"


def test_the_bar_is_made_anew_around_the_finger_of_the_caller(line):
    caller = line.caller
    caller.locator("#session button", has_text="Pause").focus()
    fold = caller.locator("main details").first
    was_open = fold.evaluate("(one) => { one.open = !one.open; return one.open }")
    pointing.point(line.session, place_of(CHECKS["whatsapp_backup"], None))
    caller.locator(".session__point").wait_for()
    caller.locator("[role=status]").filter(has_text="Hana points at:").wait_for(state="attached")
    assert caller.evaluate("document.activeElement.textContent").strip() == "Pause"
    assert fold.evaluate("(one) => one.open") is was_open


def test_a_page_that_comes_with_it_lit_says_it_once(line):
    pointing.point(line.session, line.place, line.numbers()[0])
    with line.caller.expect_response("**/live/"):
        line.caller.reload()
    assert line.caller.locator(".pointed:visible").count() == 1


def test_hidden_and_paused_and_ended_go_from_the_helpers_page_at_once(line):
    caller, helper = line.caller, line.helper
    step = f"#step-{line.numbers()[0]}"
    helper.locator(step).wait_for()
    openings.hide(line.session, OpeningKind.CARD, line.place)
    helper.locator(step).wait_for(state="detached")
    openings.open_up(line.session, OpeningKind.CARD, line.place)
    helper.locator(step).wait_for()
    sessions.pause(line.session)
    helper.locator(step).wait_for(state="detached")
    helper.get_by_role("heading", name="The caller has paused").wait_for()
    sessions.go_on(line.session)
    helper.locator(step).wait_for()
    sessions.end(line.session, HelpEnd.CALLER)
    helper.locator(step).wait_for(state="detached")
    caller.locator(".session--over").wait_for()
    assert not caller.locator(LIT).count()


def test_what_cannot_be_had_anew_is_not_shown_any_longer(line):
    """Something was hidden, and the part does not come: then nothing stays."""
    helper, step = line.helper, f"#step-{line.numbers()[0]}"
    helper.locator(step).wait_for()
    helper.route("**/desk/s/**", lambda route: route.abort())
    openings.hide(line.session, OpeningKind.CARD, line.place)
    helper.locator(step).wait_for(state="detached")
    assert helper.locator("#desk *").count() == 0
    helper.unroute("**/desk/s/**")
    helper.locator("#desk .call").wait_for()
    assert not helper.locator(step).count()


def test_a_page_that_is_left_keeps_nothing_for_the_way_back(line):
    helper, step = line.helper, f"#step-{line.numbers()[0]}"
    helper.locator(step).wait_for()
    helper.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert helper.locator("#desk *").count() == 0
    helper.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    helper.locator(step).wait_for()


def test_a_lost_connection_is_said_and_comes_back_by_itself(line):
    caller, helper, first = line.caller, line.helper, line.numbers()[0]
    helper.locator(f"#step-{first}").wait_for()
    for page in (caller, helper):
        page.context.set_offline(True)
    wait_in_vain(caller)
    line.lost(caller).filter(has_text="The connection is lost").wait_for()
    wait_in_vain(helper)
    line.lost(helper).filter(has_text="The connection is lost").wait_for()
    for _ in range(3):
        wait_in_vain(helper)
    helper.locator(f"#step-{first}").wait_for(state="detached")
    pointing.point(line.session, line.place, first)
    for page in (caller, helper):
        page.context.set_offline(False)
    caller.locator(f'.step[data-number="{first}"]{LIT}').wait_for()
    helper.locator(f"#step-{first}{LIT}").wait_for()
    for page in (caller, helper):
        page.locator(".live-lost:empty").wait_for(state="attached")


def wait_in_vain(page: Any) -> None:
    """Seven seconds, in which every timer comes once, and a question is tried in vain."""
    page.clock.fast_forward(7000)
    page.evaluate("fetch('/live/').catch(() => 0)")


def test_an_old_ticket_is_renewed_and_a_sign_in_that_is_over_leads_away(line):
    helper = line.helper
    helper.locator("#desk[data-live]").wait_for()
    with helper.expect_response("**/desk/ticket/") as renewed:
        helper.route("**/live/", lambda route: route.fulfill(status=401, json={}), times=1)
    assert renewed.value.ok
    line.session.helper.session_round += 1
    line.session.helper.save()
    helper.route("**/live/", lambda route: route.fulfill(status=401, json={}), times=1)
    helper.wait_for_url("**/desk/")
