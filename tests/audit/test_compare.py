"""What is said to be new, gone or changed, and when nothing may be said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from audits.facts import MailKind, Rung, SecurityMail, SharingEvent, Strength, Why
from audits.models import Audit, Change, Item
from tests.audit.scenes import app, audit_with, person_with_connection

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
