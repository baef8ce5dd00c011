"""For operators: one audit in the foreground, and moving to a new key."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from audits.models import Connection, Item, TimelineEntry, WaitingRevocation
from audits.models.sealing import SealBroken, seal, unseal
from tests.audit.scenes import app, audit_with, person_with_connection

pytestmark = pytest.mark.django_db

MAYA = "maya@gmail.test"
SCOPE = "https://www.googleapis.com/auth/drive.apps.readonly"


@pytest.fixture
def maya(sandbox: Any, quiet_heartbeat: None) -> Connection:
    sandbox.reset()
    _, connection = person_with_connection(MAYA)
    connection.access_token = sandbox.token(MAYA, [SCOPE])
    connection.granted = connection.asked = [SCOPE]
    connection.save()
    return connection


def audited(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", MAYA, *arguments, stdout=out)
    return out.getvalue()


def test_json_has_findings_and_coverage(maya: Connection) -> None:
    found = json.loads(audited("--json"))
    assert {"check", "verdict", "rung", "seen_at", "why", "items"} == set(found["findings"][0])
    by_check = {one["check"]: one for one in found["findings"]}
    assert by_check["drive_wide_apps"]["verdict"] == "needs_look"
    assert len(by_check["drive_wide_apps"]["items"]) == 4
    assert by_check["two_step"]["verdict"] == "could_not_tell"
    coverage = {one["source"]: (one["state"], one["why"]) for one in found["coverage"]}
    assert coverage["drive_apps"] == ("complete", None)
    assert coverage["drive_public"] == ("refused", "not_asked")


def test_in_production_no_item_is_printed_and_the_person_is_told(maya: Connection, settings: Any) -> None:
    settings.PRODUCTION = True
    text = audited("--json")
    assert "PicPolish" not in text
    assert all(one["items"] == [] for one in json.loads(text)["findings"])
    assert "PicPolish" not in audited()
    assert TimelineEntry.objects.filter(person=maya.person, kind="operator_audit").count() == 2


def test_an_address_that_nobody_connected_is_one_sentence() -> None:
    with pytest.raises(CommandError, match="No connected Google account has this address"):
        call_command("audit", "nobody@mail.test")


def test_everything_moves_to_the_newest_key(settings: Any) -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1", "PicPolish")]})
    WaitingRevocation.objects.create(
        token_sealed=seal({"token": "t"}, WaitingRevocation.OWNER), created_at=person.created_at,
        next_try_at=person.created_at,
    )  # fmt: skip
    old, new = settings.DATA_KEYS, Fernet.generate_key().decode()
    settings.DATA_KEYS = [new, *old]
    call_command("rotate_keys", stdout=StringIO())
    settings.DATA_KEYS = [new]
    assert Connection.objects.get().email == "alice@gmail.test"
    assert Item.objects.filter(finding__check_id="drive_wide_apps").get().content["name"] == "PicPolish"
    assert unseal(WaitingRevocation.objects.get().token_sealed, WaitingRevocation.OWNER) == {"token": "t"}


def test_without_the_old_key_nothing_is_lost_and_the_operator_is_told(settings: Any) -> None:
    person_with_connection()
    old = settings.DATA_KEYS
    settings.DATA_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="open with none of DATA_KEYS"):
        call_command("rotate_keys", stdout=StringIO())
    settings.DATA_KEYS = old
    assert Connection.objects.get().email == "alice@gmail.test"


def test_a_sealed_value_opens_for_its_owner_only() -> None:
    sealed = seal("a name", "1")
    assert unseal(sealed, "1") == "a name"
    for broken, owner in ((sealed, "2"), (sealed[:-1] + b"\x00", "1"), (sealed[:9], "1"), (b"", "1")):
        with pytest.raises(SealBroken):
            unseal(broken, owner)
    assert seal("a name", "1") != sealed, "the same value is never sealed alike"
