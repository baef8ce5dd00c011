"""Small scenes for the audit room: a Person with a Connection, and audits whose sources said given things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count

from django.utils import timezone

from audits.audit import work
from audits.audit.judge import judge
from audits.audit.records import pack
from audits.facts import (
    Access,
    ConnectedApp,
    CoverageState,
    Fact,
    PlayDevice,
    Rung,
    SharedFile,
    Strength,
    TwoStep,
    Why,
)
from audits.models import Audit, Connection, Person, SourceRun, Trigger
from audits.models.sealing import lookup_key, seal

_numbers = count()


def person_with_connection(email: str = "alice@gmail.test", hosted_domain: str = "") -> tuple[Person, Connection]:
    person = Person.objects.create_user()
    connection = Connection(person=person, sub_key=lookup_key("sub", f"{email}{next(_numbers)}"))
    connection.email_key = lookup_key("email", email)
    connection.email, connection.hosted_domain, connection.sub = email, hosted_domain, "1"
    connection.access_token, connection.refresh_token = "token", "refresh"
    connection.access_expires_at = timezone.now() + timedelta(hours=1)
    connection.save()
    return person, connection


def app(app_id: str, name: str = "PicPolish", *, wide: bool = True) -> ConnectedApp:
    return ConnectedApp(
        connection="",
        source="drive_apps",
        seen_at=timezone.now(),
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        app_id=app_id,
        name=name,
        via="drive",
        drive_wide=wide,
        authorized=True,
        installed=False,
    )


def file(
    file_id: str,
    *,
    source: str = "drive_public",
    picture: bool = False,
    located: bool | None = None,
    anyone: bool = False,
    people: Sequence[str] = (),
    named: Sequence[str] = (),
) -> SharedFile:
    return SharedFile(
        connection="",
        source=source,
        seen_at=timezone.now(),
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        file_id=file_id,
        name=f"file {file_id}",
        mime_type="image/jpeg" if picture else "text/plain",
        link="",
        picture=picture,
        has_location=located,
        open_to_anyone=anyone,
        access=tuple(Access(kind="user", role="reader", address=one) for one in people),
        named=tuple(named),
    )


def play_device(name: str, device_id: str = "") -> PlayDevice:
    return PlayDevice(
        connection="",
        source="play_devices",
        seen_at=timezone.now(),
        rung=Rung.EXPORT,
        strength=Strength.PROVES,
        device_id=device_id or name,
        name=name,
        maker="",
        model="",
        registered_at=None,
        last_seen_at=timezone.now(),
    )


def two_step(*, enrolled: bool) -> TwoStep:
    return TwoStep(
        connection="",
        source="directory_user",
        seen_at=timezone.now(),
        rung=Rung.ADMIN,
        strength=Strength.PROVES,
        enrolled=enrolled,
        enforced=False,
    )


Said = Mapping[str, Sequence[Fact] | Why | tuple[Why, Sequence[Fact]]]


def audit_with(person: Person, connection: Connection | None, said: Said, only_checks: Sequence[str] = ()) -> Audit:
    """One finished audit in which each source said these facts (complete), failed for a Why, or said a part."""
    trigger = Trigger.RECHECK if only_checks else Trigger.PERSON
    audit = work.start(person, trigger=trigger, only_checks=only_checks)
    held = work.claim(audit.pk)
    assert held is not None
    for source, one in said.items():
        why, facts = one if isinstance(one, tuple) else (one, ()) if isinstance(one, Why) else (None, one)
        keep_run(audit, connection, source, facts, why)
    judge(held, audit)
    audit.refresh_from_db()
    return audit


def keep_run(
    audit: Audit, connection: Connection | None, source: str, facts: Sequence[Fact], why: Why | None
) -> SourceRun:
    state = CoverageState.COMPLETE if why is None else CoverageState.PARTIAL if facts else CoverageState.FAILED
    return SourceRun.objects.create(
        audit=audit,
        person=audit.person,
        connection=connection,
        source=source,
        state=state.value,
        why=why.value if why else "",
        fact_count=len(facts),
        seen_at=timezone.now(),
        facts_sealed=seal(pack(facts), str(audit.person_id)),
    )
