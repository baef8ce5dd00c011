"""Things that the Person names for a check: typed in, ticked on a page they pasted, or brought in a file.

Each is kept once a check and account, under its newest date. It becomes an Item of the finding when the check is judged
again. Naming proves nothing, and taking a name out says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audits.audit.asks import told_items
from audits.audit.judge import item_key_of, judge_again
from audits.checks.names import alike, tidy
from audits.facts import ItemKind, Rung
from audits.models import AnswerToItem, Finding, Item, Person, ToldItem
from audits.models.sealing import lookup_key

AT_ONCE = 20  # typed in one go
FOR_A_CHECK = 300
FOR_A_PERSON = 2_000


def named_key(person_id: int, kind: ItemKind, name: str) -> str:
    """Two ways to write one name have one key."""
    return lookup_key("told item", str(person_id), kind.value, alike(name))


def tidied(names: Iterable[str], most: int) -> tuple[str, ...]:
    """At most `most` names that can be read, each once, in their order."""
    found: dict[str, str] = {}
    for name in names:
        shown = tidy(name)
        if shown:
            found.setdefault(alike(shown), shown)
        if len(found) == most:
            break
    return tuple(found.values())


def name_things(finding: Finding, kind: ItemKind, names: Sequence[str], rung: Rung) -> int:
    """Keep these names, tidied already, for the check of this finding. Returns how many; judge it again after that.

    What does not fit any more is left out: a check holds FOR_A_CHECK, a Person FOR_A_PERSON.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=finding.person_id)  # two windows at once: one waits for the other
        known = {one.key: one for one in told_items(finding.person, finding.connection, finding.check_id)}
        rows = list(_rows(finding, kind, names, rung))
        renewed = [row for row in rows if row.key in known]
        for row in renewed:
            row.pk = known[row.key].pk
        fresh = [row for row in rows if row.key not in known][: _room(finding, len(known))]
        ToldItem.objects.bulk_update(renewed, ["rung", "named_at", "told_sealed"])
        ToldItem.objects.bulk_create(fresh)
    return len(renewed) + len(fresh)


def _rows(finding: Finding, kind: ItemKind, names: Sequence[str], rung: Rung) -> Iterator[ToldItem]:
    now = timezone.now()
    for place, name in enumerate(names):
        row = ToldItem(
            person_id=finding.person_id,
            connection_id=finding.connection_id,
            check_id=finding.check_id,
            kind=kind.value,
            rung=rung.value,
            key=named_key(finding.person_id, kind, name),
            named_at=now - timedelta(microseconds=len(names) - place),  # they keep their order
        )
        row.told = {"name": name}
        yield row


def _room(finding: Finding, here: int) -> int:
    everywhere = ToldItem.objects.filter(person=finding.person_id).count()
    return max(0, min(FOR_A_CHECK - here, FOR_A_PERSON - everywhere))


def take_out(told: ToldItem) -> Finding | None:
    """Forget a name, the answer to it and the items made from it. Returns the finding it stood in, judged again."""
    key = item_key_of(told.person_id, ItemKind(told.kind), str(told.public_id))
    with transaction.atomic():
        AnswerToItem.objects.filter(person=told.person_id, item_key=key).delete()
        Item.objects.filter(person=told.person_id, key=key).delete()
        told.delete()
        finding = Finding.objects.filter(
            person=told.person_id, connection=told.connection_id, check_id=told.check_id, current=True
        ).first()
        if finding is not None:
            judge_again(finding)
    return finding
