"""One round of choosing in Google Photos, from the permission to its end.

The database is the truth: `next_poll_at` says when Google is to be asked next, and whoever moves it on by a conditional
UPDATE asks. Every later write holds only while that claim does. The permission is for one round: however it ends, what
is ours (the token, the session's address) is deleted first, and then Google is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audits.audit import work
from audits.audit.asks import picked_in
from audits.checks.catalogue import CHECKS
from audits.facts import PickedPhoto, Why
from audits.models import Audit, Connection, PhotoPick, Trigger, WaitState
from audits.models.sealing import lookup_key
from audits.sources.contract import Ask, Credentials
from audits.sources.google import photos_picker, retry
from audits.sources.google.errors import GoogleFault, NeedsReconnecting, NotFound
from audits.sources.google.http import Http
from audits.sources.google.session import Session

logger = logging.getLogger(__name__)

SOURCE = photos_picker.SOURCE.name
LONGEST_ROUND = timedelta(hours=1)
CLAIM_HOLDS = timedelta(minutes=2)  # longer than Google is ever waited for
SHORTEST_POLL, USUAL_POLL, LONGEST_POLL = 2.0, 5.0, 60.0  # seconds
LONGEST_WAIT = 300.0  # seconds, when Google asks us to slow down
MOST_POLLS = 1_000
MOST_KEPT = 9  # rounds of one account
AT_ONCE = 50
QUICK = 5.0  # seconds, while a person waits for the page
OWED_FOR = timedelta(hours=1)
_WIPED: dict[str, Any] = {"access_token_sealed": None, "session_sealed": None}

Wake = Callable[[int], None]


@dataclass(frozen=True, repr=False)
class AtGoogle:
    """A session that is still open at Google, and what it takes to end it."""

    session_id: str
    access_token: str


# --------------------------------------------------------------------------- beginning


def begin(connection: Connection, access_token: str, expires_at: datetime) -> PhotoPick:
    """A new round; one that waits is ended, and the newest that ended in a choice are kept. Call it in a transaction.

    The first poll asks Google for a page to choose on.
    """
    old = PhotoPick.objects.filter(connection=connection)
    kept = old.filter(state=WaitState.DONE)[:MOST_KEPT].values_list("pk", flat=True)
    left = forget(old.exclude(pk__in=list(kept)))
    transaction.on_commit(lambda: tell_google(left))
    now = timezone.now()
    pick = PhotoPick(
        person=connection.person,
        connection=connection,
        created_at=now,
        next_poll_at=now,
        expires_at=min(expires_at, now + LONGEST_ROUND),
    )
    pick.access_token = access_token
    pick.save()
    return pick


def newest(connection: Connection) -> PhotoPick | None:
    return PhotoPick.objects.filter(connection=connection).first()


def photos_of(pick: PhotoPick) -> tuple[PickedPhoto, ...]:
    """What this round brought, as an audit reads it."""
    connection = pick.connection
    ask = Ask(connection=str(connection.public_id), picked=picked_in(connection), now=timezone.now)
    facts = photos_picker.SOURCE.look(ask).facts
    return tuple(fact for fact in facts if isinstance(fact, PickedPhoto) and fact.seen_at == pick.picked_at)


# --------------------------------------------------------------------------- asking Google


def is_due(pick: PhotoPick) -> bool:
    return pick.state == WaitState.WAITING and pick.next_poll_at <= timezone.now()


def anything_due() -> bool:
    return _due().exists() or bool(_owed())


def poll_due(wake: Wake) -> None:
    """Ask Google about every round that is due, and look again where something was chosen. For a timer."""
    for pick in _due().order_by("next_poll_at")[:AT_ONCE]:
        poll(pick)
    for pick in _owed():
        look_again(pick, wake)


def _due() -> QuerySet[PhotoPick]:
    return PhotoPick.objects.filter(state=WaitState.WAITING, next_poll_at__lte=timezone.now())


def poll(pick: PhotoPick) -> None:
    """One step of one round, if it can be claimed. A mistake of ours ends this round and harms no other."""
    if not _claim(pick):
        return
    try:
        _ask(pick)
    except DatabaseError:
        raise
    except Exception as error:
        # Whatever it is, a key that is gone among them. The message may hold data of the Person: only its type is kept.
        logger.error("a round of choosing broke: %s", type(error).__name__)
        _held(pick).update(state=WaitState.FAILED, why=Why.OUR_FAULT, **_WIPED)


def _ask(pick: PhotoPick) -> None:
    if pick.expires_at <= timezone.now() or pick.polls > MOST_POLLS:
        _end(pick, WaitState.EXPIRED)
        return
    try:
        with _session(pick.access_token, pick.expires_at) as session:
            _step(pick, session)
    except GoogleFault as fault:
        _trouble(pick, fault)


def _claim(pick: PhotoPick) -> bool:
    until = timezone.now() + CLAIM_HOLDS
    same = _held(pick).filter(next_poll_at=pick.next_poll_at)
    pick.next_poll_at, pick.polls = until, pick.polls + 1
    return same.update(next_poll_at=until, polls=pick.polls) == 1


def _held(pick: PhotoPick) -> QuerySet[PhotoPick]:
    """The row, while nobody else has asked since and the Person has not stopped it."""
    return PhotoPick.objects.filter(pk=pick.pk, state=WaitState.WAITING, polls=pick.polls)


def _step(pick: PhotoPick, session: Session) -> None:
    if pick.session is None:
        _open(pick, photos_picker.begin(session))
        return
    session_id = pick.session["id"]
    now = photos_picker.look(session, session_id)
    if now.chosen:
        _take(pick, photos_picker.chosen(session, session_id))
    elif now.seconds_left == 0:
        _end(pick, WaitState.EXPIRED)
    else:
        _wait(pick, _interval(now.poll_seconds, pick.poll_seconds))


def _open(pick: PhotoPick, new: photos_picker.Choosing) -> None:
    """Google made a session. If the Person stopped meanwhile, it is ended at once."""
    now = timezone.now()
    ends = [pick.expires_at, new.expires_at or pick.expires_at]
    if new.seconds_left:
        ends.append(now + timedelta(seconds=new.seconds_left))
    token = pick.access_token
    if not new.uri:
        tell_google([AtGoogle(new.id, token)])
        _end(pick, WaitState.FAILED, Why.UNREADABLE)
        return
    pick.session = {"id": new.id, "uri": new.uri}
    pick.expires_at = min(ends)
    pick.poll_seconds = _interval(new.poll_seconds, USUAL_POLL)
    kept = _wait(pick, pick.poll_seconds, session_sealed=pick.session_sealed, poll_seconds=pick.poll_seconds)
    if not kept:
        tell_google([AtGoogle(new.id, token)])


def _wait(pick: PhotoPick, seconds: float, why: Why | None = None, **more: Any) -> bool:
    """Ask again after so many seconds, but not later than the round ends: then it is tidied away."""
    pick.next_poll_at = min(timezone.now() + timedelta(seconds=seconds), pick.expires_at)
    changes = {"next_poll_at": pick.next_poll_at, "expires_at": pick.expires_at, "why": why or "", **more}
    return _held(pick).update(**changes) == 1


def _interval(asked: float | None, usual: float) -> float:
    return min(max(usual if asked is None else asked, SHORTEST_POLL), LONGEST_POLL)


def _take(pick: PhotoPick, chosen: photos_picker.Chosen) -> None:
    """Keep what is needed of what was chosen. Google's id of a photo is kept only as a keyed hash."""
    pick.found = [
        {
            "photo_id": lookup_key("photo", photo.id),
            "taken_at": photo.taken_at.isoformat(),
            "make": photo.make,
            "model": photo.model,
            "video": photo.video,
        }
        for photo in chosen.photos
    ]
    _end(pick, WaitState.DONE, chosen.why, found_sealed=pick.found_sealed, picked_at=timezone.now())


def _trouble(pick: PhotoPick, fault: GoogleFault) -> None:
    """What passes is tried again until the round is over. The rest ends it, and says why."""
    if fault.retriable or fault.why is Why.NOT_YET:
        asked = min(fault.retry_after or 0.0, LONGEST_WAIT)
        _wait(pick, max(asked, pick.poll_seconds), None if fault.why is Why.NOT_YET else fault.why)
        return
    logger.info("a round of choosing ended: %s", fault.detail)
    if isinstance(fault, NotFound):
        _end(pick, WaitState.EXPIRED)
        return
    _end(pick, WaitState.FAILED, fault.why)


# --------------------------------------------------------------------------- ending


def _end(pick: PhotoPick, state: WaitState, why: Why | None = None, **more: Any) -> None:
    """Ours first: the row ends without token and address. Then Google is told."""
    left = _at_google([pick])
    if _held(pick).update(state=state, why=why or "", **_WIPED, **more):
        tell_google(left)


def stop(connection: Connection) -> bool:
    """The Person stopped. True when there was something to stop."""
    waiting = PhotoPick.objects.filter(connection=connection, state=WaitState.WAITING)
    with transaction.atomic():
        stopped = waiting.exists()
        left = forget(waiting)
    tell_google(left)
    return stopped


def forget(rounds: QuerySet[PhotoPick]) -> list[AtGoogle]:
    """Delete these rounds. Returns the sessions that Google is to be told about, after the transaction."""
    left = _at_google(rounds)
    rounds.delete()
    return left


def open_at_google(connections: Collection[Connection]) -> list[AtGoogle]:
    """The sessions of these connections, before their rows go."""
    return _at_google(PhotoPick.objects.filter(connection__in=connections, state=WaitState.WAITING))


def _at_google(rounds: Iterable[PhotoPick]) -> list[AtGoogle]:
    return [AtGoogle(one.session["id"], one.access_token) for one in rounds if one.session and one.access_token]


def tell_google(left: Iterable[AtGoogle]) -> None:
    """End these sessions at Google. One try each: without us they end by themselves."""
    for one in left:
        try:
            with _session(one.access_token, None, QUICK) as session:
                photos_picker.end(session, one.session_id)
        except NeedsReconnecting:
            continue
        except GoogleFault as fault:
            logger.info("a session of choosing was left to end by itself: %s", fault.detail)
            return


def _session(access_token: str, expires_at: datetime | None, timeout: float | None = None) -> Session:
    """Without a refresh token: it is for one round. One try, for the next poll is the second."""
    credentials = Credentials(
        access_token=access_token,
        expires_at=expires_at,
        refresh_token="",
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
    )
    http = None if timeout is None else Http(timeout=timeout)
    return Session(credentials, now=timezone.now, stopped=lambda: False, http=http, patience=retry.Patience(tries=1))


# --------------------------------------------------------------------------- looking again


def look_again(pick: PhotoPick, wake: Wake) -> None:
    """What was chosen becomes a finding by an audit of its checks. Another one that runs now is waited for."""
    work.start(pick.person, trigger=Trigger.RECHECK, only_checks=checks_fed(), wake=wake)


def checks_fed() -> tuple[str, ...]:
    return tuple(check.id for check in CHECKS.values() if SOURCE in check.sources)


def _owed() -> list[PhotoPick]:
    """Rounds in which something was chosen a moment ago, and that no audit has seen yet."""
    recent = PhotoPick.objects.filter(state=WaitState.DONE, picked_at__gte=timezone.now() - OWED_FOR)
    return [pick for pick in recent.select_related("person")[:AT_ONCE] if not _seen_since(pick)]


def _seen_since(pick: PhotoPick) -> bool:
    wanted = set(checks_fed())
    later = Audit.objects.filter(person=pick.person_id, created_at__gte=pick.picked_at).values_list(
        "only_checks", flat=True
    )
    return any(not only or wanted <= set(only) for only in later[:100])
