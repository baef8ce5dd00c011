"""A session in which a Helper looks along: what the Person opened, where both are, and the log of it."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.helpline import Helper, Helpline
from audits.models.sealing import Sealed


class HelpState(models.TextChoices):
    ASKED = "asked"  # the Helper typed the code; the Person has not said yes
    OPEN = "open"
    PAUSED = "paused"  # by the Person: the Helper is sent nothing
    ENDED = "ended"


class HelpEnd(models.TextChoices):
    CALLER = "caller"
    HELPER = "helper"
    REFUSED = "refused"  # the Person did not say yes
    UNANSWERED = "unanswered"  # the Person said nothing for ten minutes
    QUIET = "quiet"  # nothing happened for an hour
    LEFT = "left"  # the Person signed out, or pressed quick exit
    DELETED = "deleted"  # the Person deleted everything
    CLOSED = "closed"  # the Helper's access, or the helpline, was ended


class HelpSession(models.Model):
    """`person` is None once the Person deleted everything: that a session happened stays.

    `helper` looks along now; `next_helper` was offered to take over and waits for the Person's yes. `version` goes up
    with everything that a page of this session should show. `pointing_place`, `pointing_step`: where the Helper points
    (a place as guided.place_of writes it, and the number of a step, or None for the whole card). `caller_place`: the
    card on which the Person is, "" elsewhere. `touched_at`: when one of both last did something.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="help_sessions"
    )
    helpline = models.ForeignKey(Helpline, on_delete=models.PROTECT, related_name="sessions")
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="sessions")
    next_helper = models.ForeignKey(Helper, on_delete=models.SET_NULL, null=True, related_name="offered_sessions")
    state = models.CharField(max_length=10, choices=HelpState, default=HelpState.ASKED)
    end = models.CharField(max_length=10, choices=HelpEnd, blank=True)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    pointing_place = models.CharField(max_length=80, blank=True)
    pointing_step = models.PositiveSmallIntegerField(null=True)
    caller_place = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=~Q(state="ended"), name="one_help_session_a_person"),
            models.UniqueConstraint(fields=["helper"], condition=~Q(state="ended"), name="one_help_session_a_helper"),
        ]
        indexes = [
            models.Index(fields=["helpline", "-asked_at"]),
            models.Index(fields=["touched_at"], condition=~Q(state="ended"), name="help_session_quiet"),
        ]

    def __str__(self) -> str:
        return f"help session {self.pk}"


class OpeningKind(models.TextChoices):
    ALL = "all"  # every card; names stay covered
    GROUP = "group"  # every card of one place of the catalogue; names stay covered
    CARD = "card"
    NAME = "name"  # one Item's name
    ACCOUNT = "account"  # the address of one Connection
    NOTE = "note"  # what the Person told us of one check
    RECORD = "record"


class Opening(models.Model):
    """One thing that the Person opened to the Helper of one session. Hidden again, the row is gone.

    `key`: "" (all), a platform's id (group), a place (card, note), an Item's key (name), a public id (account, record).
    """

    session = models.ForeignKey(HelpSession, on_delete=models.CASCADE, related_name="openings")
    kind = models.CharField(max_length=10, choices=OpeningKind)
    key = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "kind", "key"], name="one_opening_once")]

    def __str__(self) -> str:
        return f"{self.kind} opening {self.pk}"


class ShortListEntry(models.Model):
    """One check on the short list of a session, which both see and only the Person changes."""

    session = models.ForeignKey(HelpSession, on_delete=models.CASCADE, related_name="short_list")
    place = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    done = models.BooleanField(default=False)
    another_day = models.BooleanField(default=False)

    class Meta:
        ordering = ("order", "pk")
        constraints = [models.UniqueConstraint(fields=["session", "place"], name="one_short_list_entry_once")]

    def __str__(self) -> str:
        return f"short list entry {self.pk}"


class LogKind(models.TextChoices):
    ASKED = "asked"
    LET_IN = "let_in"
    REFUSED = "refused"
    LOOKED = "looked"  # the Helper's page showed a card
    POINTED = "pointed"
    OPENED = "opened"
    HID = "hid"
    HID_ALL = "hid_all"
    PAUSED = "paused"
    WENT_ON = "went_on"
    OFFERED = "offered"  # a second Helper
    HANDED_OVER = "handed_over"
    NOT_HANDED_OVER = "not_handed_over"
    ENDED = "ended"


class LoggedBy(models.TextChoices):
    CALLER = "caller"
    HELPER = "helper"
    APP = "app"


class LogIsFixed(Exception):
    """A row of the log was to be changed or deleted."""


class LogRows(models.QuerySet["SessionLog"]):
    """Rows can be added and read, and nothing else."""

    def update(self, **values: Any) -> NoReturn:
        raise LogIsFixed("the log is only written once")

    def delete(self) -> NoReturn:
        raise LogIsFixed("the log is not deleted")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise LogIsFixed("the log is only written once")

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        """New rows only: with `update_conflicts` a row that is there would be written over."""
        rows = list(objs)
        if options.get("update_conflicts") or any(row.pk is not None for row in rows):
            raise LogIsFixed("the log is only written once")
        return super().bulk_create(rows, *args, **options)

    def erase_personal(self) -> int:
        """What the rows say of the Person goes; that something happened stays. For *delete everything* alone."""
        return super().update(check_id="", step=None, what="")


class SessionLog(models.Model):
    """Who looked at what, and when. Holds no name: `what` is the kind of an opening, `step` a number."""

    session = models.ForeignKey(HelpSession, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=LogKind)
    by = models.CharField(max_length=10, choices=LoggedBy)
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=OpeningKind, blank=True)
    check_id = models.CharField(max_length=60, blank=True)
    step = models.PositiveSmallIntegerField(null=True)

    objects = LogRows.as_manager()

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["session", "at"])]

    def __str__(self) -> str:
        return f"log line {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise LogIsFixed(f"log line {self.pk} is fixed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LogIsFixed(f"log line {self.pk} is not deleted")


class SessionNote(models.Model):
    """What stays with the Person after a session, and with nobody else.

    `content` (sealed): {"done": [places], "open": [...], "next": [...], "note": ""}. `reach` (sealed): how to be
    reached safely, {"time", "channel", "to", "if_somebody_else", "voicemail"}, or None.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="session_notes")
    session = models.OneToOneField(HelpSession, on_delete=models.CASCADE, related_name="note")
    made_at = models.DateTimeField()
    content_sealed = models.BinaryField()
    reach_sealed = models.BinaryField(null=True)

    content = Sealed("content_sealed")
    reach = Sealed("reach_sealed")

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"session note {self.pk}"
