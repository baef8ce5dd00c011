"""The one way to load what an address names: for its owner. A stranger, and an id that is none, get 404.

Views never call `.objects.get` with an id from an address or a form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest

from audits.models.alert import Alert
from audits.models.answer import ToldItem
from audits.models.audit import Audit
from audits.models.connection import Connection, NamedDevice, NamedPerson
from audits.models.finding import Finding, Item, Party
from audits.models.helping import HelpSession, SessionNote
from audits.models.helpline import Helper, HelperRole, Helpline
from audits.models.person import Person
from audits.models.record import Record

M = TypeVar("M", bound=Model)
T = TypeVar("T")


def person_of(request: HttpRequest) -> Person:
    """Who is signed in. The middleware has sent everybody else away."""
    if not isinstance(request.user, Person):
        raise TypeError("this page needs a signed-in person")
    return request.user


def finding_of(person: Person, public_id: UUID | str) -> Finding:
    """It knows its Person, who need not be asked for again."""
    findings: QuerySet[Finding] = person.findings.select_related("connection")
    return _one(findings, public_id=public_id)


def audit_of(person: Person, public_id: UUID | str) -> Audit:
    return _one(Audit.objects.filter(person=person), public_id=public_id)


def alert_of(person: Person, public_id: UUID | str) -> Alert:
    return _one(Alert.objects.filter(person=person), public_id=public_id)


def connection_of(person: Person, public_id: UUID | str) -> Connection:
    return _one(Connection.objects.filter(person=person), public_id=public_id)


def named_person_of(person: Person, public_id: UUID | str) -> NamedPerson:
    return _one(NamedPerson.objects.filter(person=person), public_id=public_id)


def named_device_of(person: Person, public_id: UUID | str) -> NamedDevice:
    return _one(NamedDevice.objects.filter(person=person), public_id=public_id)


def record_of(person: Person, public_id: UUID | str) -> Record:
    return _one(Record.objects.filter(person=person), public_id=public_id)


def help_session_of(person: Person, public_id: UUID | str) -> HelpSession:
    """It knows its Helper and their helpline."""
    found: QuerySet[HelpSession] = person.help_sessions.select_related("helper", "helpline")
    return _one(found, public_id=public_id)


def session_note_of(person: Person, session_id: UUID | str) -> SessionNote:
    """What stayed with the Person after this session; it knows the session, its Helper and their helpline."""
    found = SessionNote.objects.filter(person=person).select_related("session__helper", "session__helpline")
    return _one(found, session__public_id=session_id)


def helplines() -> QuerySet[Helpline]:
    """Those that a Person can turn to: not closed, and somebody takes calls there."""
    takes_calls = Helper.objects.filter(helpline=OuterRef("pk"), role=HelperRole.HELPER, ended_at=None)
    return Helpline.objects.filter(Exists(takes_calls.exclude(joined_at=None)), closed_at=None)


def helpline_of(public_id: UUID | str) -> Helpline:
    """Helplines are nobody's: everybody who is signed in may choose one that is open."""
    return _one(helplines(), public_id=public_id)


def party_of(person: Person, key: str) -> Party:
    """The weightiest row with this key: one address may stand behind several Connections."""
    found = Party.objects.filter(person=person).select_related("connection")
    party = _or_404(lambda: found.filter(key=key).first())
    if party is None:
        raise Http404
    return party


def told_item_of(person: Person, public_id: UUID | str) -> ToldItem:
    return _one(ToldItem.objects.filter(person=person), public_id=public_id)


def item_of(finding: Finding, key: str) -> Item:
    return _one(Item.objects.filter(finding=finding, person_id=finding.person_id), key=key)


def _one(rows: QuerySet[M], **lookup: Any) -> M:
    return _or_404(lambda: rows.get(**lookup))


def _or_404(load: Callable[[], T]) -> T:
    """A database may refuse to look for some texts at all, such as a NUL character."""
    try:
        return load()
    except (ObjectDoesNotExist, ValidationError, DataError, ValueError, TypeError):
        raise Http404 from None
