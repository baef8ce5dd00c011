"""What people read: true to what was seen, in the Person's own time, with names that cannot turn the words around."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from audits.accounts.looks import LOOKS
from audits.audit import answers, tell
from audits.audit.tell.changes import _look_names
from audits.audit.tell.sentences import say, set_apart
from audits.checks.catalogue import CHECKS
from audits.checks.words import Sentence
from audits.facts import ToldAnswer, VerdictState, Why
from audits.models import Finding, Party
from tests.audit.scenes import app, audit_with, file, person_with_connection
from tests.checks.seen import let_in, log_entry

pytestmark = pytest.mark.django_db


def test_nobody_to_be_seen_and_nobody_seen_are_told_apart() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": Why.UNTICKED})
    said = {group.id: group.none_text for group in tell.by_who(person).groups}
    assert said["apps"] == "We could not see your apps."
    assert said["devices"] == "We could not see your devices."
    assert said["passwords"] == "We could not see your app passwords."


def test_where_we_could_look_and_saw_nobody_we_do_not_say_that_we_could_not_see() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_public": [], "drive_outsiders": [], "drive_apps": []})
    said = {group.id: group.none_text for group in tell.by_who(person).groups}
    assert said["people"] == said["apps"] == "We saw none in what we could look at."
    assert said["passwords"] == "We could not see your app passwords."


def test_by_who_keeps_in_view_what_only_the_person_told_us() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": Why.UNTICKED})
    finding = Finding.objects.get(check_id="app_passwords")
    answers.answer_check(person, finding, ToldAnswer.SOMETHING_ODD)
    look = next(group for group in tell.by_who(person).overview.groups if group.id == "look")
    assert [row.check_id for kind in look.kinds for row in kind.rows] == ["app_passwords"]


def test_every_party_has_a_page_with_its_files() -> None:
    person, connection = person_with_connection()
    shared = [file(str(n), source="drive_outsiders", people=["ex@x.test"], picture=n == 3) for n in range(30)]
    audit_with(person, connection, {"drive_outsiders": shared})
    card = tell.party(person, Party.objects.get(kind="user"), 2)
    (way,) = card.ways
    assert way.page is not None
    assert (card.name, way.page.number, way.page.count, way.page.total) == ("ex@x.test", 2, 2, 30)
    first = tell.party(person, Party.objects.get(kind="user"), 1).ways[0]
    assert first.items[0].name == "file 3", "pictures come first"


def test_long_groups_are_paged_and_nobody_is_left_out() -> None:
    person, connection = person_with_connection()
    shared = [file(str(n), source="drive_outsiders", people=[f"p{n}@x.test"]) for n in range(60)]
    audit_with(person, connection, {"drive_outsiders": shared})
    people = next(group for group in tell.by_who(person).groups if group.id == "people")
    assert (len(people.rows), people.total) == (12, 60)
    pages = [tell.all_of(person, "people", number) for number in (1, 2, 3, 9)]
    assert [len(one.rows) for one in pages] == [25, 25, 10, 10]
    assert len({row.key for one in pages for row in one.rows}) == 60
    with pytest.raises(tell.NoSuchGroup):
        tell.all_of(person, "<script>", 1)


def test_a_page_number_beyond_the_end_is_the_last_page() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app(str(n)) for n in range(60)]})
    finding = Finding.objects.get(check_id="drive_wide_apps")
    page = tell.card(finding, 999).page
    assert page is not None
    assert (page.number, page.count, page.next) == (3, 3, None)


def test_a_name_cannot_turn_the_sentence_around() -> None:
    turned = say(Sentence("An app, {name}, can open it."), {"name": "\u202egnp.\u2069exe"})
    assert turned == "An app, \u2068gnp.exe\u2069, can open it."
    assert set_apart("a") == "\u2068a\u2069"


def test_a_rung_without_an_answer_says_so_and_not_that_it_answered() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": Why.UNREACHABLE})
    card = tell.card(Finding.objects.get(check_id="drive_wide_apps"))
    live = next(rung for rung in card.rungs if rung.id == "live")
    assert (live.state, live.state_word) == ("tried", "Tried, without an answer we can use")
    assert "could not reach Google" in live.text


def test_the_timeline_has_audits_changes_and_events_newest_first() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1", "Old")]})
    audit_with(person, connection, {"drive_apps": [app("2", "Fresh")]}, only_checks=["drive_wide_apps"])
    texts = [f"{line.word} {line.name} {line.text}" for day in tell.timeline(person, 1).days for line in day.entries]
    assert any("We looked again at one thing: Apps that can open all your Drive files." in text for text in texts[:4])
    assert any("New Fresh" in text for text in texts)
    assert "We looked at everything that was open to us." in texts[-1]


def test_the_timeline_knows_every_look() -> None:
    with override("en"):
        names = _look_names()
    assert set(names) == set(LOOKS)


def test_show_me_another_goes_round_and_begins_with_what_needs_a_look() -> None:
    person, connection = person_with_connection()
    said = {"drive_apps": [app("1")], "drive_public": [file("a", anyone=True), file("b", anyone=True, picture=True)]}
    audit_with(person, connection, said)
    plan = tell.overview(person).plan
    assert plan is not None
    total = 1 + len(plan.next) + plan.rest
    seen, skip = [], ""
    for _ in range(total + 1):
        first = tell.overview(person, skip).first
        assert first is not None
        seen.append(first.place)
        skip = first.place
    looks = Finding.objects.filter(person=person, current=True, verdict=VerdictState.NEEDS_LOOK)
    assert {place.partition("-")[0] for place in seen[: len(looks)]} == {CHECKS[one.check_id].code for one in looks}
    again = seen.index(seen[0], 1)
    assert again > len(looks) > 1
    assert len(set(seen[:again])) == again


def test_what_happened_on_a_day_and_has_no_name_has_its_sentence_as_heading() -> None:
    person, connection = person_with_connection("sam@shelter.test", "shelter.test")
    events = {"reports_account": [log_entry("2sv_disable")], "reports_apps": [let_in("Rota")]}
    audit_with(person, connection, events)
    [off] = tell.card(Finding.objects.get(check_id="account_events")).items
    assert off.name.startswith("2-step sign-in was switched off, ")
    assert off.says == ""
    [let] = tell.card(Finding.objects.get(check_id="app_events")).items
    assert let.name == "Rota"
    assert let.says.startswith("Was let in on ")


def test_what_only_an_administrator_can_look_at_is_not_offered_to_be_looked_at_again() -> None:
    """That look is for one time: without it, looking again would only lose what was seen."""
    person, connection = person_with_connection("sam@shelter.test", "shelter.test")
    audit_with(person, connection, {"reports_account": [log_entry("2sv_disable")], "drive_apps": [app("1")]})
    assert not tell.card(Finding.objects.get(check_id="account_events")).can_look_again
    assert tell.card(Finding.objects.get(check_id="drive_wide_apps")).can_look_again
