"""What each source sees of the people in the sandbox Google: all of it, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest

from audits.facts import (
    AccountBasics,
    AppPassword,
    ConnectedApp,
    CoverageState,
    Rung,
    SharedFile,
    StorageUse,
    Strength,
    TrashedPicture,
    TwoStep,
    Why,
)
from audits.sources.registry import SOURCES
from tests.sources.conftest import EX, NOW, Google, answered, things

DIRECTORY = ["directory_user", "directory_apps", "directory_app_passwords", "reports_account", "reports_apps"]


def facts(google: Google, source: str, email: str, kind: type[Any], **changed: Any) -> list[Any]:
    seen = google.look(source, email, **changed)
    assert seen.coverage.complete, seen.coverage
    assert all(isinstance(fact, kind) for fact in things(seen))
    for fact in seen.facts:
        assert (fact.connection, fact.source, fact.seen_at) == ("alice-connection", source, NOW)
        assert fact.strength is Strength.PROVES
        assert fact.rung is (Rung.ADMIN if source in DIRECTORY else Rung.LIVE)
    return things(seen)


def test_maya_has_twelve_pictures_open_by_link_seven_with_their_place(google: Google) -> None:
    found: list[SharedFile] = facts(google, "drive_public", "maya@gmail.test", SharedFile)
    pictures = [fact for fact in found if fact.picture]
    assert len(pictures) == 12
    assert sum(fact.has_location is True for fact in pictures) == 7
    assert [fact.name for fact in found if not fact.picture] == ["CV Maya Okafor"]
    assert all(fact.open_to_anyone for fact in found)
    assert all(fact.link.startswith("https://") for fact in found)
    assert "50.8" not in repr(found)


def test_mayas_ex_stands_on_38_files(google: Google) -> None:
    found: list[SharedFile] = facts(google, "drive_named", "maya@gmail.test", SharedFile)
    assert len(found) == 38
    assert sum(fact.picture and fact.mime_type.startswith("image/") for fact in found) == 11
    assert {fact.named for fact in found} == {(EX,)}
    assert all(EX in {one.address for one in fact.access} for fact in found)


def test_mayas_files_that_others_can_open(google: Google) -> None:
    found: list[SharedFile] = facts(google, "drive_outsiders", "maya@gmail.test", SharedFile)
    addresses = {one.address for fact in found for one in fact.access}
    expected = {EX, "ada.okafor@gmail.test", "lin@gmail.test", "year4-parents@school.test"}
    assert addresses == expected, "the owner and a deleted account open nothing"
    assert sum(EX in {one.address for one in fact.access} for fact in found) == 38
    assert {one.kind for fact in found for one in fact.access} == {"user", "group"}
    assert not any(fact.open_to_anyone for fact in found)


def test_mayas_apps_with_names_that_play_no_tricks(google: Google) -> None:
    found: list[ConnectedApp] = facts(google, "drive_apps", "maya@gmail.test", ConnectedApp)
    wide = {fact.name for fact in found if fact.drive_wide and fact.authorized}
    assert wide == {"PicPolish", "QuizTown Results", "Backup Buddy", "Google Security Check"}
    names = {fact.name for fact in found}
    assert "<script>alert(1)</script>" in names, "a name stays data; pages escape it"
    assert "Holidaygpj.exe" in names, "the sign that turns writing round is gone"
    assert max(len(name) for name in names) <= 300
    assert [fact.name for fact in found if not fact.authorized] != []


def test_mayas_bin(google: Google) -> None:
    found: list[TrashedPicture] = facts(google, "drive_trash", "maya@gmail.test", TrashedPicture)
    assert len(found) == 5
    assert sum(fact.shared for fact in found) == 2


def test_mayas_storage(google: Google) -> None:
    [found] = facts(google, "drive_storage", "maya@gmail.test", StorageUse)
    assert (found.usage, found.in_drive, found.pooled) == (65498251264, 9663676416, False)


def test_sam_is_an_administrator_without_two_step(google: Google) -> None:
    seen = google.look("directory_user", "sam@shelter.test")
    assert seen.coverage.complete
    two_step, basics = seen.facts
    assert isinstance(two_step, TwoStep)
    assert (two_step.enrolled, two_step.enforced, two_step.rung) == (False, False, Rung.ADMIN)
    assert isinstance(basics, AccountBasics)
    assert (basics.is_admin, basics.suspended) == (True, False)
    assert (basics.recovery_email, basics.recovery_phone) == ("sam.whitlock@mail.test", "+441632960961")
    assert basics.aliases == ("office@shelter.test", "sam@shelter.test.test-google-a.com")
    assert basics.last_sign_in_at is not None


def test_sams_grants_and_app_passwords(google: Google) -> None:
    apps: list[ConnectedApp] = facts(google, "directory_apps", "sam@shelter.test", ConnectedApp)
    assert {fact.name for fact in apps if fact.drive_wide} >= {"Rota Planner"}
    assert sum(fact.anonymous for fact in apps) == 2, "two unregistered apps share one client id and are both kept"
    assert all(fact.via == "directory" and fact.scopes for fact in apps)
    assert len(facts(google, "directory_app_passwords", "sam@shelter.test", AppPassword)) == 2


def test_at_work_files_for_a_whole_organisation_are_seen(google: Google) -> None:
    found: list[SharedFile] = facts(google, "drive_outsiders", "sam@shelter.test", SharedFile)
    assert ("domain", "shelter.test") in {(one.kind, one.address) for fact in found for one in fact.access}
    [storage] = facts(google, "drive_storage", "sam@shelter.test", StorageUse)
    assert storage.pooled


@pytest.mark.parametrize("source", DIRECTORY)
def test_noor_is_no_administrator(google: Google, source: str) -> None:
    seen = google.look(source, "noor@shelter.test")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.NOT_AVAILABLE, Why.NOT_ADMINISTRATOR)
    assert seen.facts == ()


@pytest.mark.parametrize("source", DIRECTORY)
def test_a_personal_account_has_no_administrator(google: Google, source: str) -> None:
    seen = google.look(source, "maya@gmail.test")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.NOT_AVAILABLE, Why.CONSUMER_ACCOUNT)
    assert google.sandbox.log().total == 0


@pytest.mark.parametrize("source", ["drive_public", "drive_outsiders", "drive_named", "drive_trash"])
def test_alex_has_nothing_to_be_seen(google: Google, source: str) -> None:
    seen = google.look(source, "alex@gmail.test")
    assert seen.coverage.complete
    assert things(seen) == []
    assert answered(seen) == ([EX] if source == "drive_named" else [])


@pytest.mark.parametrize(("name", "source"), SOURCES.items())
def test_every_source_says_what_it_needs(name: str, source: Any) -> None:
    assert source.name == name
    assert isinstance(source.calls, tuple)
    assert source.scope == "" or source.scope.startswith("https://www.googleapis.com/auth/")
    assert source.scope or not source.calls, "no call without a permission"
