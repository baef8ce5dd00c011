"""What was not opened leaves a check at could not tell, with a way to open it: for every source of every check."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from audits.accounts.looks import EXPORTS, LOOKS
from audits.audit import tell
from audits.checks.catalogue import CHECKS, RULED
from audits.facts import CoverageState, VerdictState, Why
from audits.models import Audit, Finding, SourceRun
from audits.sources.registry import SOURCES
from tests.audit import scenes
from tests.dashboard.conftest import Scene, signed_in
from tests.dashboard.rendering import rendered

NEEDS_NO_LOOK = {"told_us", "sign_in_claims"}


@pytest.fixture
def unopened(db: None, settings: Any) -> Scene:
    """Every source was asked for, and none was opened."""
    settings.GOOGLE_ADMIN_CLIENT_ID = settings.GOOGLE_PORTABILITY_CLIENT_ID = "ours"
    person, connection = scenes.person_with_connection()
    audit = scenes.audit_with(person, connection, dict.fromkeys(set(SOURCES) - NEEDS_NO_LOOK, Why.NOT_ASKED))
    SourceRun.objects.filter(audit=audit, why=Why.NOT_ASKED.value).update(state=CoverageState.REFUSED.value)
    return Scene(person, connection, audit, signed_in(person))


def run_state(audit: Audit, source: str, state: CoverageState, why: Why | None) -> None:
    SourceRun.objects.filter(audit=audit, source=source).update(state=state.value, why=why.value if why else "")


def links(text: str) -> set[str]:
    """The looks that a page leads to, by id."""
    return {found.rsplit("-", 1)[0] for found in re.findall(r'href="/looks/#look-([a-z_]+-[0-9a-f]{8})"', text)}


@pytest.mark.parametrize("why", [Why.NOT_ASKED, Why.UNTICKED, Why.NOT_YET])
@pytest.mark.parametrize("check", sorted(RULED))
def test_each_source_that_was_not_opened_leads_to_its_look(unopened: Scene, check: str, why: Why) -> None:
    sources = [name for name in CHECKS[check].sources if name not in NEEDS_NO_LOOK]
    for name in sources:
        run_state(unopened.audit, name, CoverageState.COMPLETE, None)
    for name in sources:
        run_state(unopened.audit, name, CoverageState.REFUSED, why)
        finding = unopened.finding(check)
        text = rendered(("dashboard/check.html", {"card": tell.card(finding)}))
        possible = {look.id for look in LOOKS.values() if name in look.sources}
        led_to = links(text)
        assert possible, f"no look opens {name}"
        assert led_to & possible, f"{check}: {name}"
        for look in led_to:
            assert f"See the look “{LOOKS[look].title}”" in text
        run_state(unopened.audit, name, CoverageState.COMPLETE, None)
    assert not links(rendered(("dashboard/check.html", {"card": tell.card(unopened.finding(check))})))


def test_nothing_opened_is_never_a_verdict(unopened: Scene) -> None:
    settled = {VerdictState.NEEDS_LOOK.value, VerdictState.LOOKS_FINE.value}
    assert not [f.check_id for f in Finding.objects.filter(person=unopened.person) if f.verdict in settled]


def test_every_such_link_leads_to_a_card_of_the_page_of_looks(unopened: Scene) -> None:
    cards = set(re.findall(r'<section class="look" id="(look-[a-z_0-9-]+)"', unopened.client.get("/looks/").text))
    assert cards
    here = str(unopened.connection.public_id)[:8]
    offered_to_others = {f"look-administrator-{here}", f"look-{EXPORTS}-{here}"}
    for finding in Finding.objects.filter(person=unopened.person, current=True):
        text = unopened.client.get(reverse("check", args=[finding.public_id])).text
        led_to = set(re.findall(r'href="/looks/#(look-[a-z_0-9-]+)"', text))
        assert led_to <= cards | offered_to_others, finding.check_id


@pytest.mark.parametrize(("check", "look"), [("open_files", "Drive sharing"), ("drive_wide_apps", "Drive apps")])
def test_what_could_not_be_told_leads_there_at_once(unopened: Scene, check: str, look: str) -> None:
    text = unopened.client.get(reverse("check", args=[unopened.finding(check).public_id])).text
    assert text.index(f"See the look “{look}”") < text.index('class="facts"')


def test_without_an_account_there_is_no_card_to_lead_to(db: None) -> None:
    person, connection = scenes.person_with_connection()
    connection.delete()
    scenes.audit_with(person, None, {})
    finding = Finding.objects.get(person=person, check_id="drive_wide_apps")
    text = signed_in(person).get(reverse("check", args=[finding.public_id])).text
    assert links(text) == set()
    assert 'href="/looks/"' in text


def test_a_look_that_this_installation_does_not_offer_is_not_promised(unopened: Scene, settings: Any) -> None:
    settings.GOOGLE_ADMIN_CLIENT_ID = ""
    text = unopened.client.get(reverse("check", args=[unopened.finding("app_passwords").public_id])).text
    assert "look-administrator" not in text
    assert "This look is not offered in this installation." in text
