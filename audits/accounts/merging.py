"""Two records of one Person become one: what was begun with a code goes into the record that Google opens.

Only after both were proved: the session proves the first, Google has just proved the second. Everything happens in one
transaction, so a crash leaves both as they were. Audits and codes of the first are not taken along: they end with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import models, transaction
from django.http import HttpRequest

from audits.accounts.gentle import keep_said
from audits.accounts.leaving import end_sessions, stop_looking
from audits.accounts.timeline import Happened, note
from audits.accounts.ways import ways_of
from audits.audit import guided, name_list, schedule, summing
from audits.audit.helping.sessions import caller_leaves
from audits.audit.judge import ABOUT_AN_ACCOUNT, item_key_of, judge_again
from audits.audit.keeping import MOST_RECORDS
from audits.audit.naming import FOR_A_PERSON, named_key
from audits.audit.situation import said_from
from audits.checks.catalogue import CHECKS, id_now
from audits.facts import ItemKind
from audits.models import (
    ACTIVE,
    AlertChoice,
    AnswerToCheck,
    AnswerToItem,
    Audit,
    CallWord,
    Connection,
    Finding,
    HelpSession,
    NamedDevice,
    NamedPerson,
    Person,
    RateCount,
    Record,
    SessionNote,
    Situation,
    TimelineEntry,
    ToldItem,
)
from audits.models.sealing import Sealed
from privacy_audit.security.limits import keys_of_person

OFFERED_SECONDS = 10 * 60
_OFFER = "put_together"


class CannotMerge(Exception):
    """Both records stay as they were. `full`: together they hold more than one may."""

    def __init__(self, *, full: bool = False) -> None:
        super().__init__("full" if full else "gone")
        self.full = full


# --------------------------------------------------------------------------- the offer


def other_record(person: Person, sub_key: str) -> Person | None:
    """Whose record this Google account opens, if it may be put together with this one.

    Only somebody who has nothing but a code may ask, and only for an account that is a way to sign in: one that was
    merely added to be looked at opens no record.
    """
    ways = ways_of(person)
    if ways.code is None or ways.better_than_code or Connection.objects.filter(person=person).exists():
        return None
    account = SocialAccount.objects.select_related("user").filter(provider="google", uid=sub_key).first()
    if account is None or account.user_id == person.pk or not account.user.is_active:
        return None
    other: Person = account.user
    return other


def offer(request: HttpRequest, person: Person, sub_key: str) -> None:
    request.session[_OFFER] = {"from": person.pk, "account": sub_key, "until": time.time() + OFFERED_SECONDS}


def offered(request: HttpRequest, person: Person) -> tuple[Person, str] | None:
    """The other record and the Google account that proved it, while the offer stands and is still true."""
    left: Any = request.session.get(_OFFER)
    try:
        fresh = left["from"] == person.pk and 0 <= left["until"] - time.time() <= OFFERED_SECONDS
        account = str(left["account"])
    except (TypeError, KeyError):
        return None
    other = other_record(person, account) if fresh else None
    return (other, account) if other else None


def end_offer(request: HttpRequest) -> None:
    request.session.pop(_OFFER, None)


# --------------------------------------------------------------------------- the deed


@dataclass(frozen=True)
class Move:
    """From one Person to another. `renamed`: identities of named things that both had, and what they are there."""

    source: Person
    target: Person
    renamed: Mapping[str, str]


def merge(source: Person, target: Person, sub_key: str) -> None:
    """Everything of `source` that outlives it goes to `target`, and `source` is deleted. Raises CannotMerge."""
    with transaction.atomic():
        _lock(source, target)
        if other_record(source, sub_key) != target:
            raise CannotMerge
        _check_room(source, target)
        stop_looking(source)
        _end_help(source, target)
        ids = _checks_of(source)
        move = Move(source, target, _told_items(source, target))
        keys = _item_answers(move)
        _take_all(AnswerToCheck, move)
        _take_all(Record, move)
        _take_all(TimelineEntry, move)
        _named(move)
        _situation(move)
        schedule.take_along(source, target)
        _reminders(move)
        summing.take_along(source, target)
        _help_sessions(move)
        _judge(target, ids, keys)
        note(target, Happened.PUT_TOGETHER)
        RateCount.objects.filter(key__in=keys_of_person(source.pk)).delete()
        end_sessions(source.pk)
        source.delete()


def _lock(source: Person, target: Person) -> None:
    """In one order, so that two windows wait for each other; and the audit, which would write down older answers."""
    found = Person.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk")
    if len(found) != 2:
        raise CannotMerge
    list(Audit.objects.select_for_update().filter(person=target, state__in=ACTIVE))


_MOST: tuple[tuple[type[models.Model], int], ...] = (
    (Record, MOST_RECORDS),
    (ToldItem, FOR_A_PERSON),
)


def _check_room(source: Person, target: Person) -> None:
    for model, most in _MOST:
        if model._default_manager.filter(person__in=[source, target]).count() > most:
            raise CannotMerge(full=True)


def _take_all(model: type[models.Model], move: Move) -> None:
    _take(list(model._default_manager.filter(person=move.source)), move.target)


def _take(rows: Sequence[Any], target: Person, *also: str) -> None:
    """Give rows of one kind to another Person and seal them anew for them. `also`: columns that were changed."""
    if not rows:
        return
    kind = type(rows[0])
    sealed = {name: one.column for name, one in vars(kind).items() if isinstance(one, Sealed)}
    for row in rows:
        opened = {name: getattr(row, name) for name in sealed}
        row.person = target
        for name, value in opened.items():
            setattr(row, name, value)
    kind._default_manager.bulk_update(rows, ["person", *sealed.values(), *also], batch_size=200)


def _told_items(source: Person, target: Person) -> dict[str, str]:
    """Named things. What both had stays one thing, as the newer of the two; returns which it is."""
    there = {(id_now(one.check_id), one.key): one for one in ToldItem.objects.filter(person=target, connection=None)}
    renamed: dict[str, str] = {}
    moved = []
    for one in ToldItem.objects.filter(person=source):
        one.key = named_key(target.pk, ItemKind(one.kind), one.told["name"])
        twin = there.get((id_now(one.check_id), one.key))
        if twin is None:
            moved.append(one)
            continue
        renamed[str(one.public_id)] = str(twin.public_id)
        if one.named_at > twin.named_at:
            twin.named_at, twin.rung, twin.told = one.named_at, one.rung, one.told
            twin.save()
        one.delete()
    _take(moved, target, "key")
    return renamed


def _item_answers(move: Move) -> list[str]:
    """Answers to items hang on keys that hold the Person: made anew. The newer answer counts. Returns the new keys."""
    there = {one.item_key: one for one in AnswerToItem.objects.filter(person=move.target)}
    moved, keys = [], []
    for one in AnswerToItem.objects.filter(person=move.source):
        meaning = one.meaning
        identity = move.renamed.get(meaning["identity"], meaning["identity"])
        one.item_key = item_key_of(move.target.pk, ItemKind(meaning["kind"]), identity)
        one.meaning = {**meaning, "identity": identity}
        if _older_goes(one, there.get(one.item_key)):
            moved.append(one)
            keys.append(one.item_key)
    _take(moved, move.target, "item_key")
    return keys


def _older_goes(one: AnswerToItem, twin: AnswerToItem | None) -> bool:
    """Whether `one` stays."""
    if twin is None:
        return True
    older = twin if one.answered_at > twin.answered_at else one
    older.delete()
    return older is twin


def _named(move: Move) -> None:
    """People and devices that the Person has in mind. Who is in both lists is kept once."""
    for one in NamedPerson.objects.filter(person=move.source):
        _add(partial(_name, move.target, one.label or "", one.address or ""))
    for device in NamedDevice.objects.filter(person=move.source):
        _add(partial(name_list.add_device, move.target, device.label))


def _add(keep: Callable[[], None]) -> None:
    try:
        keep()
    except name_list.NotKept as stop:
        if stop.reason not in _THERE:
            raise CannotMerge(full=True) from None


_THERE = (name_list.Reason.ADDRESS_THERE, name_list.Reason.LABEL_THERE, name_list.Reason.DEVICE_THERE)


def _name(target: Person, label: str, address: str) -> None:
    """An address that has no label there yet gets this one."""
    key = name_list.address_key(target.pk, address)
    known = NamedPerson.objects.filter(person=target, address_key=key).first() if address else None
    if known is not None and label and not known.label:
        name_list.relabel_person(target, known, label)
        return
    name_list.add_person(target, label, address)


def _situation(move: Move) -> None:
    """The newer one counts. Under 18, looks at pictures close, as when it is said anew."""
    said = {one.person_id: one for one in Situation.objects.filter(person__in=[move.source, move.target])}
    new, old = said.get(move.source.pk), said.get(move.target.pk)
    if new is None or (old is not None and old.said_at >= new.said_at):
        return
    keep_said(move.target, said_from(new.said))
    _keep_date(move.target, new.said_at)


def _reminders(move: Move) -> None:
    """What the record that stays has chosen counts. Reminders themselves end with the audits they are about."""
    if not AlertChoice.objects.filter(person=move.target).exists():
        _take_all(AlertChoice, move)


def _end_help(source: Person, target: Person) -> None:
    """What a helper may see was said of one record, and not of both together."""
    for person in (source, target):
        caller_leaves(person)


def _help_sessions(move: Move) -> None:
    """Sessions with helplines, their logs, what stayed of them, and call-back words: of two, the newer word counts."""
    _take_all(HelpSession, move)
    _take_all(SessionNote, move)
    there = {word.helpline_id: word for word in CallWord.objects.filter(person=move.target)}
    moved = []
    for word in CallWord.objects.filter(person=move.source):
        twin = there.get(word.helpline_id)
        older = twin if twin is None or word.made_at > twin.made_at else word
        if older is not None:
            older.delete()
        if older is not word:
            moved.append(word)
    _take(moved, move.target)


def _keep_date(target: Person, said_at: datetime) -> None:
    Situation.objects.filter(person=target).update(said_at=said_at)


def _checks_of(source: Person) -> set[str]:
    answered = AnswerToCheck.objects.filter(person=source).values_list("check_id", flat=True)
    named = ToldItem.objects.filter(person=source).values_list("check_id", flat=True)
    return {id_now(check_id) for check_id in {*answered, *named}} & CHECKS.keys()


def _judge(target: Person, ids: Iterable[str], item_keys: Sequence[str]) -> None:
    """What was answered begins here, or is judged again. What is about an account waits for a word (adopting.py)."""
    connected = Connection.objects.filter(person=target).exists()
    for check_id in ids:
        check = CHECKS[check_id]
        if check.rule is None and not (connected and check_id in ABOUT_AN_ACCOUNT):
            guided.begin(target, check, None)
    touched = Finding.objects.filter(person=target, current=True)
    again = touched.filter(connection=None, check_id__in=ids) | touched.filter(
        pk__in=touched.filter(items__key__in=item_keys).values("pk")
    )
    for finding in again:
        judge_again(finding)
