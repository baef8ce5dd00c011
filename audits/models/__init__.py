"""What is kept, one module an aggregate."""

from audits.models.answer import AnswerToCheck, AnswerToItem
from audits.models.audit import ACTIVE, Audit, AuditState, SourceRun, Trigger
from audits.models.connection import (
    AdministratorLook,
    Connection,
    ConnectionState,
    NamedPerson,
    TimelineEntry,
    WaitingRevocation,
)
from audits.models.finding import Change, ChangeKind, Finding, Item, Party
from audits.models.person import Person
from audits.models.rate import RateCount

__all__ = [
    "ACTIVE",
    "AdministratorLook",
    "AnswerToCheck",
    "AnswerToItem",
    "Audit",
    "AuditState",
    "Change",
    "ChangeKind",
    "Connection",
    "ConnectionState",
    "Finding",
    "Item",
    "NamedPerson",
    "Party",
    "Person",
    "RateCount",
    "SourceRun",
    "TimelineEntry",
    "Trigger",
    "WaitingRevocation",
]
