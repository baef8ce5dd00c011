"""What is said to be new, gone or changed, and when nothing may be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from audits.audit import compare
from audits.audit.unseen import SILENT, WAITING
from audits.facts import ConnectedApp, MailKind, Rung, SecurityMail, SharedFile, SharingEvent, Strength, Why
from audits.models import Audit, Change, Item, Person
from tests.audit.scenes import Said, app, audit_with, file, person_with_connection

pytestmark = pytest.mark.django_db
CHECK = "drive_wide_apps"


def lines(audit: Audit) -> set[tuple[str, str]]:
    changes = Change.objects.filter(audit=audit, check_id=CHECK)
    return {(change.kind, change.content.get("item", {}).get("name", "")) for change in changes}


def test_a_first_audit_has_no_changes() -> None:
    person, connection = person_with_connection()
    audit = audit_with(person, connection, {"drive_apps": [app("1")]})
    assert not Change.objects.filter(audit=audit).exists()
    assert not Item.objects.filter(new=True).exists()


def test_an_app_that_appears_is_new_and_one_that_left_is_gone() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1", "Old")]})
    second = audit_with(person, connection, {"drive_apps": [app("2", "Fresh")]})
    assert lines(second) == {("new", "Fresh"), ("gone", "Old")}
    fresh = Item.objects.get(finding__audit=second, finding__check_id=CHECK)
    assert fresh.new


def test_what_stays_keeps_the_day_it_was_first_seen() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    first = Item.objects.get(finding__check_id=CHECK)
    second = audit_with(person, connection, {"drive_apps": [app("1")]})
    again = Item.objects.get(finding__audit=second, finding__check_id=CHECK)
    assert again.first_seen_at == first.first_seen_at
    assert lines(second) == set()


@pytest.mark.parametrize("said", [Why.BUSY, Why.UNTICKED, (Why.INCOMPLETE_LIST, [])])
def test_what_could_not_be_read_this_time_is_never_gone(said) -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    second = audit_with(person, connection, {"drive_apps": said})
    kinds = {kind for kind, _ in lines(second)}
    assert "gone" not in kinds
    assert "blind" in kinds


def test_a_part_of_the_list_makes_nothing_gone_but_shows_what_is_new() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1", "Old")]})
    second = audit_with(person, connection, {"drive_apps": (Why.INCOMPLETE_LIST, [app("2", "Fresh")])})
    assert lines(second) >= {("new", "Fresh"), ("blind", "")}
    assert ("gone", "Old") not in lines(second)


def test_what_was_not_readable_before_is_not_new_when_it_is_read_at_last() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": Why.UNTICKED})
    second = audit_with(person, connection, {"drive_apps": [app("1")]})
    assert "new" not in {kind for kind, _ in lines(second)}
    assert not Item.objects.filter(finding__audit=second, new=True).exists()


def test_a_check_that_is_looked_at_again_is_compared_with_the_one_before() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1", "Old"), app("2", "Stays")]})
    again = audit_with(person, connection, {"drive_apps": [app("2", "Stays")]}, only_checks=[CHECK])
    assert lines(again) == {("gone", "Old")}


def test_what_happened_on_a_day_is_never_gone_when_the_record_reaches_back_no_further() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_activity": [sharing("old"), sharing("later")]})
    second = audit_with(person, connection, {"drive_activity": [sharing("later"), sharing("new")]})
    found = Change.objects.filter(audit=second, check_id="sharing_history")
    assert [(change.kind, change.content["item"]["name"]) for change in found] == [("new", "new")]


def sharing(name: str) -> SharingEvent:
    return SharingEvent(
        connection="",
        source="drive_activity",
        seen_at=timezone.now(),
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        event_id=name,
        at=datetime(2026, 11, 1, tzinfo=UTC),
        file_id=name,
        file=name,
        added=True,
        kind="anyone",
        who="anyone",
        role="viewer",
        by_me=True,
    )


def mail_about(name: str, mail_id: str) -> SecurityMail:
    """Seen now, and kept as it is by the looks that follow."""
    return SecurityMail(
        connection="",
        source="gmail_alerts",
        seen_at=timezone.now(),
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        mail_id=mail_id,
        kind=MailKind.APP_GRANTED,
        at=datetime(2024, 6, 6, tzinfo=UTC),
        name=name,
    )


def test_an_app_that_was_removed_is_not_new_again_by_its_old_mail() -> None:
    person, connection = person_with_connection()
    old = mail_about("PicPolish", "m1")
    audit_with(person, connection, {"drive_apps": [app("1", "PicPolish")], "gmail_alerts": [old]})
    second = audit_with(person, connection, {"drive_apps": [], "gmail_alerts": [old]})
    [item] = Item.objects.filter(finding__audit=second, finding__check_id="connected_apps")
    assert (item.content["says"], item.new) == ("granted", False)
    third = audit_with(person, connection, {"drive_apps": [], "gmail_alerts": [old, mail_about("Fresh", "m2")]})
    new = Item.objects.filter(finding__audit=third, finding__check_id="connected_apps", new=True)
    assert [item.content["name"] for item in new] == ["Fresh"]
    fourth = audit_with(person, connection, {"drive_apps": [], "gmail_alerts": []})
    assert not Change.objects.filter(audit=fourth, check_id="connected_apps", kind="gone").exists()


# --------------------------------------------------------------------------- over a time that could not be read

APPS = "connected_apps"
A, B, C = app("1", "A"), app("2", "B"), app("3", "C")


def listed(one: str, name: str) -> ConnectedApp:
    """The same kind of app, in the list of an administrator."""
    return replace(app(one, name), source="directory_apps", rung=Rung.ADMIN, via="account")


def story(check: str, *looks: Said) -> list[list[str]]:
    """What each look says of this check, but for its verdict: "new A", "gone B", "blind 2"."""
    person, connection = person_with_connection()
    return [[*_said(audit_with(person, connection, said), check)] for said in looks]


def _said(audit: Audit, check: str) -> Iterator[str]:
    shown = Change.objects.filter(audit=audit, check_id=check).exclude(item_key=SILENT).exclude(kind="verdict")
    for change in sorted(shown, key=lambda one: (one.kind, str(one.content))):
        content = change.content
        since = " since" if "since" in content else ""
        yield f"{change.kind} {content['item']['name'] if 'item' in content else content['count']}{since}"


def named_file(file_id: str) -> SharedFile:
    return file(file_id, source="drive_named", people=["ex@mail.test"], named=["ex@mail.test"])


BUSY: Said = {"drive_apps": Why.BUSY}
STORIES: dict[str, tuple[str, list[Said], list[list[str]]]] = {
    "gone only when it is read whole again": (
        CHECK,
        [{"drive_apps": [A, B]}, BUSY, BUSY, {"drive_apps": [A]}],
        [[], ["blind 2"], [], ["gone B since"]],
    ),
    "neither new nor back": (CHECK, [{"drive_apps": [A]}, BUSY, {"drive_apps": [A]}], [[], ["blind 1"], []]),
    "new since the last whole look, also where nothing was there": (
        CHECK,
        [{"drive_apps": []}, BUSY, BUSY, {"drive_apps": [A]}],
        [[], [], [], ["new A since"]],
    ),
    "never read before: nothing is new": (CHECK, [BUSY, BUSY, {"drive_apps": [A]}], [[], [], []]),
    "a part of the list, then less of it, then the whole": (
        CHECK,
        [
            {"drive_apps": [A, B]},
            {"drive_apps": (Why.INCOMPLETE_LIST, [A, C])},
            {"drive_apps": (Why.INCOMPLETE_LIST, [C])},
            {"drive_apps": [C]},
        ],
        [[], ["blind 1", "new C"], ["blind 2"], ["gone A since", "gone B since"]],
    ),
    "a list that is never whole makes nothing gone": (
        CHECK,
        [{"drive_apps": (Why.INCOMPLETE_LIST, [A])}, {"drive_apps": (Why.INCOMPLETE_LIST, [])}, BUSY],
        [[], ["blind 1"], []],
    ),
    "back again, and gone again": (
        CHECK,
        [{"drive_apps": [A]}, {"drive_apps": []}, {"drive_apps": [A]}, {"drive_apps": []}, {"drive_apps": [A]}],
        [[], ["gone A"], ["back A"], ["gone A"], ["back A"]],
    ),
    "the name alone is another one": (
        CHECK,
        [{"drive_apps": [A]}, {"drive_apps": [app("1", "A Pro")]}],
        [[], ["changed A Pro"]],
    ),
    "the same name under another id": (
        CHECK,
        [{"drive_apps": [A, B]}, {"drive_apps": [app("9", " a "), B]}],
        [[], ["changed  a "]],
    ),
    "two of one name are never mixed up": (
        CHECK,
        [{"drive_apps": [A, app("4", "A")]}, {"drive_apps": [app("9", "A"), app("4", "A")]}],
        [[], ["gone A", "new A"]],
    ),
    "a file of the same name is another file": (
        "open_files",
        [
            {"drive_public": [file("a", anyone=True)]},
            {"drive_public": [replace(file("b", anyone=True), name="file a")]},
        ],
        [[], ["gone file a", "new file a"]],
    ),
    "an administrator’s ids are not those that Drive gives": (
        APPS,
        [
            {"drive_apps": [A], "directory_apps": Why.NOT_ASKED},
            {"drive_apps": [A], "directory_apps": [listed("x", "A"), listed("y", "B")]},
            {"drive_apps": [A], "directory_apps": Why.NOT_ASKED},
            {"drive_apps": [C], "directory_apps": Why.NOT_ASKED},
            {"drive_apps": [C], "directory_apps": [listed("x", "A"), listed("z", "C")]},
        ],
        [[], ["blind 1"], ["blind 2"], ["gone A", "new C"], ["gone B since", "new C since"]],
    ),
    "what was asked about somebody is not kept for later": (
        "files_one_person",
        [
            {"drive_named": [named_file("a")]},
            {"drive_named": Why.BUSY},
            {"drive_named": [named_file("b")]},
        ],
        [[], ["blind 1"], []],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_is_said_over_time(name: str) -> None:
    check, looks, said = STORIES[name]
    assert story(check, *looks) == said


def test_what_was_in_the_dark_keeps_the_day_it_was_first_seen() -> None:
    person, connection = person_with_connection()
    for said in ({"drive_apps": [A]}, BUSY, {"drive_apps": [A]}):
        audit_with(person, connection, said)
    first, *_, last = Item.objects.filter(person=person, finding__check_id=CHECK).order_by("pk")
    assert last.first_seen_at == first.first_seen_at
    assert not Change.objects.filter(item_key__in=(WAITING, SILENT)).exists(), "it waits no longer"
    blind = Change.objects.get(check_id=CHECK, kind="blind")
    assert blind.content == {"count": 1}, "what it held is held no longer"


def test_what_is_back_keeps_the_day_it_was_first_seen() -> None:
    person, connection = person_with_connection()
    for apps in ([A], [], [A]):
        audit_with(person, connection, {"drive_apps": apps})
    first, last = Item.objects.filter(person=person, finding__check_id=CHECK).order_by("pk")
    assert last.first_seen_at == first.first_seen_at
    assert not last.new, "it is back, which is not new"


def test_of_so_many_that_not_all_are_kept_nothing_is_gone_or_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "MOST_ITEMS", 2)
    monkeypatch.setattr("audits.audit.judge.MOST_ITEMS", 2)
    assert story(CHECK, {"drive_apps": [A, B]}, {"drive_apps": [A, B, C]}, {"drive_apps": [B, C]}) == [
        [],
        [],
        ["gone A"],
    ]
    few = story(CHECK, {"drive_apps": [B, C]}, {"drive_apps": [A, B, C]}, {"drive_apps": [B, C]})
    assert few == [[], ["new A"], ["gone A"]], "C is among those that are not kept"


def test_another_person_and_another_account_are_never_compared() -> None:
    person, first = person_with_connection()
    audit_with(person, first, {"drive_apps": [A]})
    audit_with(person, first, {"drive_apps": []})
    other, second = person_with_connection("bob@gmail.test")
    audit_with(other, second, {"drive_apps": []})
    audit = audit_with(other, second, {"drive_apps": [A]})
    assert [*_said(audit, CHECK)] == ["new A"]
    assert Person.objects.count() == 2
