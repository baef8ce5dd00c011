"""What an audit found: one Finding a Check and Connection, its Items, the parties behind them, and what changed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.facts import ItemKind, Rung, Strength, VerdictState
from audits.models.audit import Audit
from audits.models.connection import Connection
from audits.models.sealing import Sealed


class Finding(models.Model):
    """`current` marks the newest Finding of a Check for a Connection: the dashboard shows these.

    `audit` is None for a check that no machine looks at: its Finding begins with the Person's answer.
    `values` (sealed) fill the sentence of `reason`. `open_count` counts items still without *I know this* or
    *leave it for now*. `left_at`: the Person chose to leave the whole check for now.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, null=True, related_name="findings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="findings")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="findings")
    check_id = models.CharField(max_length=60)
    verdict = models.CharField(max_length=20, choices=[(v.value, v.value) for v in VerdictState])
    reason = models.CharField(max_length=60)
    rung = models.CharField(max_length=10, blank=True, choices=[(r.value, r.value) for r in Rung])
    strength = models.CharField(max_length=10, blank=True, choices=[(s.value, s.value) for s in Strength])
    signs = models.JSONField(default=list)
    seen_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField()
    item_count = models.PositiveIntegerField(default=0)
    open_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    left_at = models.DateTimeField(null=True)
    current = models.BooleanField(default=True)
    values_sealed = models.BinaryField(null=True)

    values = Sealed("values_sealed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "connection", "check_id"],
                condition=Q(current=True),
                name="one_current_finding",
            ),
            models.UniqueConstraint(
                fields=["person", "check_id"],
                condition=Q(current=True, connection=None),
                name="one_current_finding_alone",
            ),
            models.UniqueConstraint(fields=["audit", "connection", "check_id"], name="one_finding_an_audit"),
            models.UniqueConstraint(
                fields=["audit", "check_id"], condition=Q(connection=None), name="one_finding_an_audit_alone"
            ),
        ]
        indexes = [models.Index(fields=["person", "current"])]

    def __str__(self) -> str:
        return f"{self.check_id} finding {self.pk}"


class Item(models.Model):
    """One app, device, file or picture inside a Finding.

    `key` is a keyed hash of (person, kind, identity): the same thing keeps its key across audits and checks, and the
    Person's answer hangs on it. `sealed`: {"identity", "name", "says", "values", "link"}.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="items")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ItemKind])
    key = models.CharField(max_length=32)
    place = models.PositiveIntegerField()
    new = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField()
    content_sealed = models.BinaryField()

    content = Sealed("content_sealed")

    class Meta:
        ordering = ("place", "pk")
        constraints = [models.UniqueConstraint(fields=["finding", "key"], name="one_item_once")]
        indexes = [models.Index(fields=["finding", "place"])]

    def __str__(self) -> str:
        return f"item {self.pk}"


class Party(models.Model):
    """Somebody or something that can reach the account: an address, anyone with the link, an app, a device.

    `key` is a keyed hash like Item.key. `sealed`: {"name", "identity", "named": bool, "files", "pictures",
    "drive_wide"}. Rewritten whenever the sources it comes from are judged again.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="parties")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True)
    kind = models.CharField(max_length=10)  # person, group, domain, link, app, password
    key = models.CharField(max_length=32)
    weight = models.PositiveIntegerField(default=0)  # named first, then by how much it reaches
    content_sealed = models.BinaryField()

    content = Sealed("content_sealed")

    class Meta:
        ordering = ("-weight", "pk")
        constraints = [
            models.UniqueConstraint(fields=["person", "connection", "key"], name="one_party_once"),
            models.UniqueConstraint(
                fields=["person", "key"], condition=Q(connection=None), name="one_party_once_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class ChangeKind(models.TextChoices):
    NEW = "new"
    GONE = "gone"
    BACK = "back"  # it had been gone, and is there again
    CHANGED = "changed"
    VERDICT = "verdict"  # the check's verdict is another one than last time
    BLIND = "blind"  # could not compare: what was there before could not be read this time


class Change(models.Model):
    """A difference between two findings of one Check.

    `content` (sealed): new, back, gone, changed {"item": Item content}, and for changed {"before": Item content},
    {"id": True} where only the name is the same; new and gone {"since"} after a time in which nothing could be read;
    gone {"first_seen_at"}; back {"gone_at"}; verdict {"from", "to"}; blind {"count"}. Moments are ISO texts.

    A blind one whose things were not read again yet has a word for its `item_key`, and holds them (audit/unseen.py).
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="changes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="changes")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True)
    check_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    item_key = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    content_sealed = models.BinaryField()

    content = Sealed("content_sealed")

    class Meta:
        ordering = ("-at", "pk")
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
