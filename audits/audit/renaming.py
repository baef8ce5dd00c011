"""A check that is renamed keeps what people answered: what is kept under an alias gets the id of today."""

from __future__ import annotations

from django.db import transaction

from audits.checks.catalogue import ALIASES
from audits.models import AnswerToCheck, Change, Finding, Record, ToldItem

KEPT = (AnswerToCheck, Change, Finding, Record, ToldItem)


def rename_checks() -> int:
    """How many rows got the id of today. Safe to run again and again."""
    return sum(_rename(alias, check_id) for alias, check_id in ALIASES.items())


@transaction.atomic
def _rename(alias: str, check_id: str) -> int:
    _end_doubled_findings(alias, check_id)
    _drop_doubled_items(alias, check_id)
    rows = (model._default_manager.filter(check_id=alias) for model in KEPT)
    return sum(found.update(check_id=check_id) for found in rows)


def _end_doubled_findings(alias: str, check_id: str) -> None:
    """Where both names have a current finding, the one under the name of today counts."""
    for old in Finding.objects.filter(check_id=alias, current=True).iterator():
        same = Finding.objects.filter(person=old.person_id, connection=old.connection_id, check_id=check_id)
        if same.filter(current=True).exists():
            Finding.objects.filter(pk=old.pk).update(current=False)


def _drop_doubled_items(alias: str, check_id: str) -> None:
    for old in ToldItem.objects.filter(check_id=alias).iterator():
        same = ToldItem.objects.filter(person=old.person_id, connection=old.connection_id, check_id=check_id)
        if same.filter(key=old.key).exists():
            old.delete()
