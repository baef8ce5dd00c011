"""What is kept, one module an aggregate."""

from audits.models.alert import Alert, AlertChoice, AlertState, Channel
from audits.models.answer import AnswerToCheck, AnswerToItem, ToldItem
from audits.models.audit import ACTIVE, Audit, AuditState, SourceRun, Trigger
from audits.models.code import ReturnCode
from audits.models.connection import (
    AdministratorLook,
    Connection,
    ConnectionState,
    NamedDevice,
    NamedPerson,
    TimelineEntry,
    WaitingRevocation,
)
from audits.models.event import ReceivedEvent
from audits.models.figures import HelplineFigures
from audits.models.finding import Change, ChangeKind, Finding, Item, Party
from audits.models.helping import (
    HelpEnd,
    HelpSession,
    HelpState,
    LoggedBy,
    LogIsFixed,
    LogKind,
    Opening,
    OpeningKind,
    SessionLog,
    SessionNote,
    ShortListEntry,
)
from audits.models.helpline import CallWord, HelpCode, Helper, HelperPasskey, HelperRole, Helpline
from audits.models.listed import AppList, ListedApp
from audits.models.person import Person
from audits.models.rate import RateCount
from audits.models.record import Record, RecordIsFixed
from audits.models.schedule import Every, PausedBy, Schedule
from audits.models.situation import Situation
from audits.models.summary import Summary
from audits.models.waiting import Export, PhotoPick, WaitState

__all__ = [
    "ACTIVE",
    "AdministratorLook",
    "Alert",
    "AlertChoice",
    "AlertState",
    "AnswerToCheck",
    "AnswerToItem",
    "AppList",
    "Audit",
    "AuditState",
    "CallWord",
    "Change",
    "ChangeKind",
    "Channel",
    "Connection",
    "ConnectionState",
    "Every",
    "Export",
    "Finding",
    "HelpCode",
    "HelpEnd",
    "HelpSession",
    "HelpState",
    "Helper",
    "HelperPasskey",
    "HelperRole",
    "Helpline",
    "HelplineFigures",
    "Item",
    "ListedApp",
    "LogIsFixed",
    "LogKind",
    "LoggedBy",
    "NamedDevice",
    "NamedPerson",
    "Opening",
    "OpeningKind",
    "Party",
    "PausedBy",
    "Person",
    "PhotoPick",
    "RateCount",
    "ReceivedEvent",
    "Record",
    "RecordIsFixed",
    "ReturnCode",
    "Schedule",
    "SessionLog",
    "SessionNote",
    "ShortListEntry",
    "Situation",
    "SourceRun",
    "Summary",
    "TimelineEntry",
    "ToldItem",
    "Trigger",
    "WaitState",
    "WaitingRevocation",
]
