"""Answers about an account that were given before any was connected: are they about the one that is now?

Until the Person says so they are out of sight, because nobody knows. Yes moves them to the account; no ends them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from audits.audit import guided
from audits.audit.judge import ABOUT_AN_ACCOUNT, judge_again
from audits.checks.catalogue import CHECKS, id_now
from audits.models import AnswerToCheck, Connection, Finding, Person, ToldItem

MOST_ACCOUNTS = 5  # that are offered


@dataclass(frozen=True)
class Adopt:
    """For dashboard/adopt.html: how many questions were answered, and the accounts they may have been about."""

    count: int
    accounts: tuple[Connection, ...]


def offer(person: Person) -> Adopt | None:
    """None: there is nothing to ask. One query; a second one when something waits."""
    checks = {id_now(check_id) for check_id in _waiting_ids(person)}
    accounts = tuple(Connection.objects.filter(person=person)[:MOST_ACCOUNTS]) if checks else ()
    return Adopt(len(checks), accounts) if accounts else None


def out_of_sight(person: Person) -> None:
    """An account is there now: what was found before it, from answers alone, no longer stands on any page."""
    alone = Finding.objects.filter(person=person, connection=None, current=True)
    alone.filter(check_id__in=ABOUT_AN_ACCOUNT).update(current=False)


def adopt(person: Person, connection: Connection) -> None:
    """They were about this account: answers and named things go to it, and its checks are judged again."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        ids = _waiting_ids(person)
        answers, told = _waiting(person, ids)
        answers.update(connection=connection)
        known = ToldItem.objects.filter(person=person, connection=connection, check_id__in=ids)
        twice = set(known.values_list("check_id", "key"))
        for item in told:
            if (item.check_id, item.key) in twice:
                item.delete()
            else:
                ToldItem.objects.filter(pk=item.pk).update(connection=connection)
        for check_id in {id_now(one) for one in ids}:
            _judge(person, check_id, connection)


def ask_again(person: Person) -> None:
    """They were not, or nobody knows: they count no more, and the names that went with them go."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        ids = _waiting_ids(person)
        answers, told = _waiting(person, ids)
        answers.update(overtaken=True)
        told.delete()


def _waiting_ids(person: Person) -> set[str]:
    """The checks, as they were called when they were answered."""
    answers = AnswerToCheck.objects.filter(person=person, connection=None, overtaken=False).order_by()
    told = ToldItem.objects.filter(person=person, connection=None).order_by()
    found = answers.values_list("check_id", flat=True).union(told.values_list("check_id", flat=True))
    return {check_id for check_id in found if id_now(check_id) in ABOUT_AN_ACCOUNT}


def _waiting(person: Person, ids: Collection[str]) -> tuple[QuerySet[AnswerToCheck], QuerySet[ToldItem]]:
    answers = AnswerToCheck.objects.filter(person=person, connection=None, overtaken=False, check_id__in=ids)
    return answers, ToldItem.objects.filter(person=person, connection=None, check_id__in=ids)


def _judge(person: Person, check_id: str, connection: Connection) -> None:
    """A check that a machine looks at too is judged by the next audit, if none has judged it for this account yet."""
    check = CHECKS[check_id]
    guided_alone = check.rule is None and guided.can_begin(check, connection)
    finding = guided.begin(person, check, connection) if guided_alone else guided.found(person, check, connection)
    if finding is not None:
        judge_again(finding)
