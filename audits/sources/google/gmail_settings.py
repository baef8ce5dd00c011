"""The settings of the mailbox: where mail goes on to, which filters hide it, who may fetch it, whom it comes from.

Seven small questions in one batch. One of them may fail alone: then that part is missing, and the look is not whole.
Who else may open the mailbox (delegates) Google tells only to an organisation's own programs.
https://developers.google.com/workspace/gmail/api/guides/forwarding_settings
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from audits.facts import AutoReply, MailFilter, MailForwarding, MailPickup, SendAs
from audits.sources.google import values
from audits.sources.google.batch import fetch_many
from audits.sources.google.documents import GMAIL, JsonObject
from audits.sources.google.errors import GoogleFault, Unreadable
from audits.sources.google.gmail_mailbox import CALL, history_id, mailbox
from audits.sources.google.gmail_query import Criteria, may_catch
from audits.sources.google.scopes import GMAIL as SCOPE
from audits.sources.google.source import GoogleSource, Reading

_KEEPS = {"leaveInInbox": "inbox", "archive": "archived", "trash": "binned", "markRead": "read"}
_WINDOWS = frozenset({"disabled", "fromNowOn", "allMail"})
_AGREED = {"accepted": True, "pending": False}
_LONGEST_QUERY = 100_000
_MOST_LABELS = 200


def read(reading: Reading) -> None:
    """The profile is asked for first: alone, so that an account without a mailbox says so, and a token is renewed."""
    history_id(reading)
    settings = mailbox(reading).settings()
    asked = {part: question(settings) for part, (question, _) in _PARTS.items()}
    for part, answer in fetch_many(reading.session, GMAIL, asked, None).items():
        try:
            if isinstance(answer, GoogleFault):
                raise answer
            _PARTS[part][1](reading, answer)
            reading.answered = True
        except GoogleFault as fault:
            reading.falls_short(fault)


def _all_in(answer: JsonObject, key: str) -> list[Any]:
    """Google leaves an empty list out; an answer with anything else in it is not such a one."""
    return values.records(answer, key) if answer else []


# --------------------------------------------------------------------------- where mail goes on to


def _auto_forwarding(reading: Reading, answer: JsonObject) -> None:
    if not values.true_or_false(answer, "enabled"):
        return
    address = _an_address(answer, "emailAddress")
    keeps = _KEEPS.get(values.text_if_said(answer, "disposition"), "")
    reading.put(f"all {address}", MailForwarding(**reading.stamp, address=address, way="all", keeps=keeps))


def _forwarding_addresses(reading: Reading, answer: JsonObject) -> None:
    for item in _all_in(answer, "forwardingAddresses"):
        reading.take(partial(_allowed, reading, item))


def _allowed(reading: Reading, item: object) -> tuple[str, MailForwarding]:
    found = values.record(item)
    address = _an_address(found, "forwardingEmail")
    confirmed = _AGREED.get(values.text_if_said(found, "verificationStatus"))
    return f"allowed {address}", MailForwarding(**reading.stamp, address=address, way="allowed", confirmed=confirmed)


def _an_address(found: values.Record, key: str) -> str:
    address = values.address(found, key)
    if not address:
        raise Unreadable(f"{key} is missing")
    return address


# --------------------------------------------------------------------------- filters


def _filters(reading: Reading, answer: JsonObject) -> None:
    for item in _all_in(answer, "filter"):
        try:
            _filter(reading, values.record(item))
        except Unreadable as fault:
            reading.falls_short(fault)


def _filter(reading: Reading, found: values.Record) -> None:
    """One filter may forward, and hide what it forwards."""
    filter_id, criteria = values.identity(found, "id"), _criteria(_part(found, "criteria"))
    action = _part(found, "action")
    added, removed = _labels(action, "addLabelIds"), _labels(action, "removeLabelIds")
    bins, archives, reads = bool(added & {"TRASH", "SPAM"}), "INBOX" in removed, "UNREAD" in removed
    matches = shown(criteria)
    if address := values.address(action, "forward"):
        keeps = "binned" if bins else "archived" if archives else "read" if reads else "inbox"
        forwarding = MailForwarding(
            **reading.stamp, address=address, way="filter", keeps=keeps, filter_id=filter_id, matches=matches
        )
        reading.put(f"filter {filter_id}", forwarding)
    if bins or archives or reads:
        hiding = MailFilter(
            **reading.stamp,
            filter_id=filter_id,
            matches=matches,
            bins=bins,
            archives=archives,
            marks_read=reads,
            alerts=may_catch(criteria, reading.ask.email),
        )
        reading.put(f"hiding {filter_id}", hiding)


def _part(found: values.Record, key: str) -> values.Record:
    """A filter without criteria catches every mail, and one without an action does nothing."""
    return values.record(found[key]) if key in found else {}


def _labels(action: values.Record, key: str) -> set[str]:
    if key not in action:
        return set()
    found = values.records(action, key)
    if len(found) > _MOST_LABELS or not all(isinstance(label, str) for label in found):
        raise Unreadable(f"{key} is no list of texts")
    return set(found)


def _criteria(found: values.Record) -> Criteria:
    size = values.whole_number(found, "size") if "size" in found else 0
    return Criteria(
        sender=_search(found, "from"),
        to=_search(found, "to"),
        subject=_search(found, "subject"),
        query=_search(found, "query"),
        negated=_search(found, "negatedQuery"),
        attachment=values.true_or_false_if_said(found, "hasAttachment") or False,
        larger=size if found.get("sizeComparison") == "larger" else 0,
        smaller=size if found.get("sizeComparison") == "smaller" else 0,
    )


def _search(found: values.Record, key: str) -> str:
    """The whole of it, however long: it is judged whole, and only cut to be shown."""
    value = found.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST_QUERY:
        raise Unreadable(f"{key} is no text")
    return value


def shown(criteria: Criteria) -> str:
    """What a filter looks for, as Gmail's own page writes it, cut."""
    named = (("from", criteria.sender), ("to", criteria.to), ("subject", criteria.subject))
    parts = [f"{field}:({text})" for field, text in named if text]
    parts += [criteria.query] if criteria.query else []
    parts += [f"-{{{criteria.negated}}}"] if criteria.negated else []
    parts += ["has:attachment"] if criteria.attachment else []
    parts += [f"larger:{criteria.larger}"] if criteria.larger else []
    parts += [f"smaller:{criteria.smaller}"] if criteria.smaller else []
    return values.tidy(" ".join(parts), values.LONGEST_NAME)


# --------------------------------------------------------------------------- who fetches it, whom it comes from


def _pop(reading: Reading, answer: JsonObject) -> None:
    window = values.word(answer, "accessWindow", _WINDOWS)
    reading.put("pop", MailPickup(**reading.stamp, protocol="pop", enabled=window != "disabled", window=window))


def _imap(reading: Reading, answer: JsonObject) -> None:
    enabled = values.true_or_false(answer, "enabled")
    reading.put("imap", MailPickup(**reading.stamp, protocol="imap", enabled=enabled))


def _send_as(reading: Reading, answer: JsonObject) -> None:
    """Every mailbox has at least its own address here."""
    for item in values.records(answer, "sendAs"):
        reading.take(partial(_one_send_as, reading, item))


def _one_send_as(reading: Reading, item: object) -> tuple[str, SendAs]:
    found = values.record(item)
    address = _an_address(found, "sendAsEmail")
    fact = SendAs(
        **reading.stamp,
        address=address,
        name=values.text_if_said(found, "displayName"),
        primary=values.true_or_false_if_said(found, "isPrimary") or False,
        reply_to=values.address(found, "replyToAddress"),
        confirmed=_AGREED.get(values.text_if_said(found, "verificationStatus")),
    )
    return f"send as {address}", fact


def _vacation(reading: Reading, answer: JsonObject) -> None:
    limited = [values.true_or_false_if_said(answer, key) for key in ("restrictToContacts", "restrictToDomain")]
    enabled = values.true_or_false(answer, "enableAutoReply") and not _is_over(answer, reading.ask.now())
    reading.put("auto reply", AutoReply(**reading.stamp, enabled=enabled, everyone=not any(limited)))


def _is_over(answer: JsonObject, now: datetime) -> bool:
    ends = values.epoch(answer, "endTime")
    return ends is not None and ends <= now


# --------------------------------------------------------------------------- the seven questions

Question = Callable[[Any], Any]
Take = Callable[[Reading, JsonObject], None]
_CRITERIA = "from,to,subject,query,negatedQuery,hasAttachment,size,sizeComparison"
_FILTER_FIELDS = f"filter(id,criteria({_CRITERIA}),action(forward,addLabelIds,removeLabelIds))"
_PARTS: Mapping[str, tuple[Question, Take]] = {
    "autoForwarding": (
        lambda settings: settings.getAutoForwarding(userId="me", fields="enabled,emailAddress,disposition"),
        _auto_forwarding,
    ),
    "forwardingAddresses": (
        lambda settings: settings.forwardingAddresses().list(
            userId="me", fields="forwardingAddresses(forwardingEmail,verificationStatus)"
        ),
        _forwarding_addresses,
    ),
    "filters": (lambda settings: settings.filters().list(userId="me", fields=_FILTER_FIELDS), _filters),
    "pop": (lambda settings: settings.getPop(userId="me", fields="accessWindow"), _pop),
    "imap": (lambda settings: settings.getImap(userId="me", fields="enabled"), _imap),
    "sendAs": (
        lambda settings: settings.sendAs().list(
            userId="me", fields="sendAs(sendAsEmail,displayName,isPrimary,replyToAddress,verificationStatus)"
        ),
        _send_as,
    ),
    "vacation": (
        lambda settings: settings.getVacation(
            userId="me", fields="enableAutoReply,restrictToContacts,restrictToDomain,endTime"
        ),
        _vacation,
    ),
}

SOURCE = GoogleSource(
    name="gmail_settings",
    scopes=(SCOPE,),
    calls=(
        CALL,
        "gmail.users.settings.getAutoForwarding",
        "gmail.users.settings.forwardingAddresses.list",
        "gmail.users.settings.filters.list",
        "gmail.users.settings.getPop",
        "gmail.users.settings.getImap",
        "gmail.users.settings.sendAs.list",
        "gmail.users.settings.getVacation",
    ),
    read=read,
)
