"""The vocabulary that every source and every rule shares.

A Fact is one typed, frozen statement. It names the Connection it is about, the source that made it, when it was
seen, on which rung of the evidence ladder it stands and how strong it is. Coverage says what a source managed;
without it an empty list of facts means nothing. This module imports nothing of ours.
"""

from __future__ import annotations

from audits.facts.account import AccountBasics, AccountEvent, AppPassword, ConnectedApp, SignIn, TwoStep
from audits.facts.base import F, Fact, NamedThing, Told
from audits.facts.drive import (
    Access,
    AskedAbout,
    DriveMember,
    IncomingFile,
    SharedFile,
    SharingEvent,
    StorageUse,
    TrashedPicture,
)
from audits.facts.judging import Coverage, Evidence, Listing, SeenItem, Verdict
from audits.facts.mail import AutoReply, MailFilter, MailForwarding, MailKind, MailPickup, SecurityMail, SendAs
from audits.facts.phones import BrowserExtension, PhoneApp, PlayDevice
from audits.facts.places import CalendarAccess, PickedPhoto, Video
from audits.facts.words import CoverageState, ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState, Why

__all__ = [
    "Access",
    "AccountBasics",
    "AccountEvent",
    "AppPassword",
    "AskedAbout",
    "AutoReply",
    "BrowserExtension",
    "CalendarAccess",
    "ConnectedApp",
    "Coverage",
    "CoverageState",
    "DriveMember",
    "Evidence",
    "F",
    "Fact",
    "IncomingFile",
    "ItemAnswer",
    "ItemKind",
    "Listing",
    "MailFilter",
    "MailForwarding",
    "MailKind",
    "MailPickup",
    "NamedThing",
    "PhoneApp",
    "PickedPhoto",
    "PlayDevice",
    "Rung",
    "SecurityMail",
    "SeenItem",
    "SendAs",
    "SharedFile",
    "SharingEvent",
    "SignIn",
    "StorageUse",
    "Strength",
    "Told",
    "ToldAnswer",
    "TrashedPicture",
    "TwoStep",
    "Verdict",
    "VerdictState",
    "Video",
    "Why",
]
