"""Facts survive being kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from audits.audit.records import KINDS, UnknownRecord, from_record, pack, unpack
from audits.facts import (
    Access,
    AccountBasics,
    AppPassword,
    ConnectedApp,
    Fact,
    Rung,
    SharedFile,
    SignIn,
    StorageUse,
    Strength,
    Told,
    ToldAnswer,
    TrashedPicture,
    TwoStep,
)

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
BASE = {"connection": "c", "source": "s", "seen_at": NOW, "rung": Rung.LIVE, "strength": Strength.PROVES}

SAMPLES: tuple[Fact, ...] = (
    SignIn(**BASE, amr=("pwd", "mfa"), signed_in_at=NOW, hosted_domain=None),
    SignIn(**BASE, amr=None, signed_in_at=None, hosted_domain="shelter.test"),
    TwoStep(**BASE, enrolled=False, enforced=None),
    ConnectedApp(**BASE, app_id="1", name="<script>", via="drive", drive_wide=True, authorized=True, installed=False),
    AppPassword(**BASE, code_id="7", name="Mail", created_at=NOW, last_used_at=None),
    SharedFile(
        **BASE,
        file_id="f",
        name="\u202egpj.exe",
        mime_type="image/jpeg",
        link="",
        picture=True,
        has_location=None,
        open_to_anyone=True,
        access=(Access(kind="user", role="writer", address="a@b.test", pending_owner=True),),
        named=("a@b.test",),
    ),
    TrashedPicture(**BASE, file_id="t", name="x", mime_type="image/png", link="", trashed_at=None, shared=False),
    StorageUse(**BASE, usage=10, in_drive=3),
    AccountBasics(**BASE, is_admin=True, suspended=None, last_sign_in_at=NOW),
    Told(**BASE, check="two_step", answer=ToldAnswer.OFF, names=("x",)),
)


def test_every_kind_of_fact_is_sampled() -> None:
    assert {type(fact).__name__ for fact in SAMPLES} == set(KINDS) - {"Fact"}


def test_facts_come_back_as_they_were() -> None:
    assert unpack(pack(SAMPLES)) == SAMPLES


def test_nothing_kept_is_nothing() -> None:
    assert unpack(None) == unpack("") == ()


def test_a_record_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownRecord):
        from_record({"fact": "Rumour"})
