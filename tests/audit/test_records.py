"""Facts survive being kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from audits.audit.records import KINDS, UnknownRecord, from_record, pack, unpack
from audits.facts import (
    Access,
    AccountBasics,
    AccountEvent,
    AppPassword,
    AskedAbout,
    AutoReply,
    BrowserExtension,
    CalendarAccess,
    ConnectedApp,
    DriveMember,
    Fact,
    IncomingFile,
    ItemKind,
    MailFilter,
    MailForwarding,
    MailKind,
    MailPickup,
    NamedThing,
    PhoneApp,
    PickedPhoto,
    PlayDevice,
    Rung,
    SecurityMail,
    SendAs,
    SharedFile,
    SharingEvent,
    SignIn,
    StorageUse,
    Strength,
    Told,
    ToldAnswer,
    TrashedPicture,
    TwoStep,
    Video,
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
    AccountBasics(
        **BASE, is_admin=True, suspended=None, last_sign_in_at=NOW, recovery_email="a@b.test", aliases=("c@b.test",)
    ),
    SecurityMail(**BASE, mail_id="m", kind=MailKind.APP_GRANTED, at=NOW, name="<b>", by_number=True, binned=True),
    MailForwarding(
        **BASE, address="x@y.test", way="filter", keeps="binned", filter_id="1", matches="a", confirmed=None
    ),
    MailFilter(**BASE, filter_id="1", matches="a", bins=True, archives=False, marks_read=True, alerts=True),
    MailPickup(**BASE, protocol="pop", enabled=True, window="allMail"),
    SendAs(**BASE, address="x@y.test", name="X", primary=False, reply_to="", confirmed=None),
    AutoReply(**BASE, enabled=True, everyone=True),
    CalendarAccess(**BASE, calendar_id="c", calendar="Home", kind="public", role="reader"),
    Video(**BASE, video_id="v", title="x", playlist=False, privacy="unlisted", published_at=None),
    IncomingFile(**BASE, file_id="f", name="x", mime_type="image/png", link="", owner="a@b.test"),
    AskedAbout(**BASE, address="a@b.test"),
    DriveMember(**BASE, drive_id="d", holds="x", kind="user", role="writer", address="a@b.test"),
    SharingEvent(
        **BASE,
        event_id="e",
        at=NOW,
        file_id="f",
        file="x",
        added=True,
        kind="anyone",
        who="anyone",
        role="reader",
        by_me=None,
    ),
    AccountEvent(**BASE, event_id="e", application="login", what="2sv_disable", at=NOW),
    PickedPhoto(**BASE, photo_id="p", taken_at=NOW, make="Google", model="Pixel 8", video=False),
    PhoneApp(**BASE, package="a.b", name="x", device="d", first_installed_at=NOW, last_updated_at=None),
    PlayDevice(**BASE, device_id="d", name="x", maker="m", model="o", registered_at=None, last_seen_at=NOW),
    BrowserExtension(**BASE, extension_id="e", name="x", enabled=True, incognito=False),
    Told(**BASE, check="two_step", answer=ToldAnswer.OFF),
    NamedThing(**BASE, check="telegram_sessions", thing="t", kind=ItemKind.DEVICE, name="\u202eexe.gpj"),
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
