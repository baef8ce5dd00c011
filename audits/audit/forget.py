"""Forget what came from some sources of a Connection, when the Person closes a look."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from audits.audit import parties
from audits.audit.evidence import current_runs, gather
from audits.audit.judge import judge_again
from audits.checks.catalogue import CHECKS
from audits.models import Change, Connection, Finding, Item, SourceRun


def forget_sources(connection: Connection, sources: Collection[str]) -> None:
    """Delete facts of these sources and the items made from them; their checks are judged again without them."""
    person = connection.person
    touched = [c.id for c in CHECKS.values() if set(c.sources) & set(sources)]
    with transaction.atomic():
        SourceRun.objects.filter(connection=connection, source__in=sources).delete()
        Item.objects.filter(finding__connection=connection, finding__check_id__in=touched).delete()
        Change.objects.filter(connection=connection, check_id__in=touched).delete()
        Finding.objects.filter(connection=connection, check_id__in=touched, current=False).delete()
        for finding in Finding.objects.filter(connection=connection, check_id__in=touched, current=True):
            judge_again(finding)
        gathered = gather(connection, current_runs(person, connection))
        parties.write(person, connection, gathered.facts)
