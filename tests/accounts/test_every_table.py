"""Every table that is about a person, directly or through another, is deleted with them, and taken along and taken
away, or says why not. A new table fails here until it is thought of.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CASCADE, SET_NULL, Model

from audits import models as kept
from audits.accounts import leaving, merging
from audits.audit.guided import place_of
from audits.audit.helping import openings, pointing, short_list
from audits.audit.taking import content
from audits.checks.catalogue import CHECKS
from audits.models import HelpSession, OpeningKind, Person, SessionLog
from tests.audit import taking_world
from tests.helpline import cast

FORMAT = Path("docs/record-format.md")

# By table: the part of the data that is taken away in which it stands.
TAKEN = {
    "Connection": "accounts",
    "Situation": "situation",
    "NamedPerson": "people",
    "NamedDevice": "devices",
    "Schedule": "schedule",
    "AlertChoice": "reminders",
    "Summary": "months",
    "AnswerToCheck": "answers",
    "ToldItem": "told_items",
    "AnswerToItem": "item_answers",
    "Record": "records",
    "Finding": "findings",
    "Item": "items",
    "TimelineEntry": "timeline",
    "Change": "changes",
    "HelpSession": "helped",
    "SessionNote": "helped",
    "SessionLog": "helped_log",
    "CallWord": "call_words",
}
# What outlives a record that goes into another one; all else is of its accounts, its looks or its ways in.
TAKEN_ALONG = {
    "AlertChoice",
    "AnswerToCheck",
    "AnswerToItem",
    "CallWord",
    "HelpSession",
    "NamedDevice",
    "NamedPerson",
    "Record",
    "Schedule",
    "SessionLog",
    "SessionNote",
    "Situation",
    "Summary",
    "TimelineEntry",
    "ToldItem",
}
ENDS_WITH_IT = {
    "AdministratorLook",
    "Alert",
    "Audit",
    "Change",
    "Connection",
    "Export",
    "Finding",
    "HelpCode",
    "Item",
    "Opening",
    "Party",
    "PhotoPick",
    "ReceivedEvent",
    "ReturnCode",
    "ShortListEntry",
    "SourceRun",
}
# That a session with a helpline happened stays, and its emptied log. Both of the others go when the session ends.
STAYS = {"HelpSession", "SessionLog"}
GOES_WITH_A_SESSION = {"Opening", "ShortListEntry"}
# Ways in, which others made and which only open this installation.
WAYS_IN = {"SocialAccount", "SocialToken", "Authenticator", "EmailAddress", "EmailConfirmation"}


def about_a_person() -> dict[str, type[Model]]:
    """Tables that point at a Person, or at one that does."""
    known: dict[type[Model], None] = {Person: None}
    while True:
        more = {
            model
            for model in apps.get_models(include_auto_created=True)
            if model not in known and any(field.related_model in known for field in model._meta.concrete_fields)
        }
        if not more:
            break
        known.update(dict.fromkeys(more))
    return {model.__name__: model for model in known if model is not Person and not model._meta.auto_created}


def test_each_table_about_a_person_is_deleted_with_them() -> None:
    """By the database itself: every way to a Person that may not be empty cascades, and one way at least does."""
    tables: set[type[Model]] = {Person, *about_a_person().values()}
    stays = {model for model in tables if model.__name__ in STAYS | GOES_WITH_A_SESSION}
    assert len(stays) == 4
    for model in tables - {Person} - stays:
        ways = [field for field in model._meta.concrete_fields if field.related_model in tables]
        deletes = [field.remote_field.on_delete for field in ways if field.remote_field]
        assert CASCADE in deletes, model
        assert set(deletes) <= {CASCADE, SET_NULL}, model


@pytest.mark.django_db
def test_what_stays_of_a_session_leads_to_nobody() -> None:
    """Every column of what is left, after a person deleted everything in the middle of a session."""
    person, connection = taking_world.person_with_everything()
    session = cast.session_of(person, cast.hana(cast.line("Another line"), "Mira"))
    place = place_of(CHECKS["drive_wide_apps"], connection)
    openings.open_up(session, OpeningKind.CARD, place)
    short_list.add(session, place)
    pointing.point(session, place, 2)
    pointing.caller_is_at(session, place)
    number, code = person.pk, CHECKS["drive_wide_apps"].code
    leaving.delete_everything(person)
    for model in about_a_person().values():
        assert not model._default_manager.exists() or model.__name__ in STAYS, model
    assert HelpSession.objects.count() == 2
    for row in [*HelpSession.objects.values(), *SessionLog.objects.values()]:
        assert not {"drive_wide_apps", place, code, number} & {row.get(name) for name in PERSONAL}, row
        assert not any(row.get(name) for name in PERSONAL), row
    assert set(HelpSession.objects.values_list("end", flat=True)) == {"caller", "deleted"}


PERSONAL = ("person_id", "pointing_place", "pointing_step", "caller_place", "check_id", "step", "what")


def test_each_table_is_taken_along_or_ends_on_purpose() -> None:
    assert not TAKEN_ALONG & ENDS_WITH_IT
    assert set(about_a_person()) - WAYS_IN == TAKEN_ALONG | ENDS_WITH_IT


@pytest.mark.parametrize("name", sorted(TAKEN_ALONG))
def test_what_is_taken_along_is_named_where_it_is_done(name: str) -> None:
    """Or in the part that does it: the list of names, the schedule, the months, what was said at the start. A log goes
    with its session."""
    by_others = {"NamedDevice", "NamedPerson", "Schedule", "SessionLog", "Situation", "Summary"}
    assert name in by_others or hasattr(merging, name)


@pytest.mark.django_db
def test_each_table_is_taken_away_or_the_format_says_why_not() -> None:
    text = FORMAT.read_text()
    parts = set(content.content_of(Person.objects.create_user()))
    not_taken = set(re.findall(r"`([A-Z]\w+)`", text.split("## What is not in it")[1].split("##")[0]))
    assert set(TAKEN.values()) <= parts
    assert all(f"| `{part}` |" in text or f"`{part}`," in text for part in TAKEN.values())
    assert not TAKEN.keys() & not_taken
    assert set(about_a_person()) - WAYS_IN == TAKEN.keys() | not_taken
    assert all(hasattr(kept, name) for name in not_taken)
