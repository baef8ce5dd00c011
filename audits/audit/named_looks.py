"""What was looked at for the addresses that the Person named: what was not asked yet, and what is to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import transaction

from audits.audit import parties
from audits.audit.asks import addresses_of
from audits.audit.evidence import current_runs, facts_of, gather
from audits.audit.judge import item_key, judge_again
from audits.audit.records import pack
from audits.checks.catalogue import CHECKS
from audits.facts import AskedAbout, CalendarAccess, CoverageState, Fact, IncomingFile, SharedFile, Why
from audits.models import AnswerToItem, Audit, Change, Connection, Finding, Item, NamedPerson, Person, SourceRun
from audits.models.sealing import seal

ASKED = ("drive_named", "drive_incoming")  # these ask about the named addresses and no others
MARKED = (*ASKED, "calendar_sharing")  # and this one notes who of those it saw was named
CHECKS_OF_NAMES = ("files_one_person", "files_from_person")  # each of their items is about one named address


def added_since(audit: Audit) -> bool:
    """Whether an address was named after this audit was asked for, so that it may not have asked about it."""
    named = NamedPerson.objects.filter(person=audit.person_id, address_sealed__isnull=False)
    return named.filter(created_at__gt=audit.created_at).exists()


def note_unasked(person: Person) -> None:
    """Looks that were not asked about every named address say so from now on, and their checks are judged again."""
    addresses = set(addresses_of(person))
    with transaction.atomic():
        for run in SourceRun.objects.filter(person=person, current=True, source__in=ASKED):
            if _answered_for_all(run) and not addresses <= _asked(run):
                whole = run.state == CoverageState.COMPLETE
                run.state, run.why = CoverageState.PARTIAL if whole else run.state, Why.NAMED_SINCE
                run.save(update_fields=["state", "why"])
        _judge_again(person)


def _answered_for_all(run: SourceRun) -> bool:
    """Nothing was missing when it was looked at, or there was nobody to ask about."""
    return run.state == CoverageState.COMPLETE or run.why == Why.NOBODY_NAMED


def _asked(run: SourceRun) -> set[str]:
    return {fact.address for fact in facts_of(run) if isinstance(fact, AskedAbout)}


def forget_address(person: Person, address: str) -> None:
    """Delete what was found by asking about this address, and what the Person said of it. `address` in lower case."""
    with transaction.atomic():
        for run in SourceRun.objects.filter(person=person, source__in=MARKED):
            _forget_in(run, address)
        for run in SourceRun.objects.filter(person=person, source__in=ASKED):
            _settle(run, set(addresses_of(person)))
        Finding.objects.filter(person=person, check_id__in=CHECKS_OF_NAMES, current=False).delete()
        _forget_changes(person, address)
        _forget_answers(person, address)
        _judge_again(person)
        for connection in Connection.objects.filter(person=person):
            parties.write(person, connection, gather(connection, current_runs(person, connection)).facts)


def _settle(run: SourceRun, addresses: set[str]) -> None:
    """Say of a look what is true now that there is an address less."""
    looked = run.state in (CoverageState.COMPLETE, CoverageState.PARTIAL, CoverageState.FAILED)
    if not addresses and (looked or run.why == Why.NAMED_SINCE):
        run.state, run.why = CoverageState.NOT_AVAILABLE, Why.NOBODY_NAMED
    elif run.why == Why.NAMED_SINCE and run.state == CoverageState.PARTIAL and addresses <= _asked(run):
        run.state, run.why = CoverageState.COMPLETE, ""
    run.save(update_fields=["state", "why"])


def _forget_in(run: SourceRun, address: str) -> None:
    facts = facts_of(run)
    kept = tuple(_without(facts, address))
    if kept == facts:
        return
    run.fact_count = len(kept)
    run.facts_sealed = seal(pack(kept), str(run.person_id)) if kept or run.cursor_sealed else None
    run.save(update_fields=["fact_count", "facts_sealed"])


def _without(facts: Iterable[Fact], address: str) -> Iterator[Fact]:
    for fact in facts:
        if isinstance(fact, SharedFile) and fact.named:
            others = tuple(name for name in fact.named if plain(name) != address)
            if others:
                yield replace(fact, named=others)
        elif isinstance(fact, CalendarAccess) and plain(fact.address) == address:
            yield replace(fact, named=False)
        elif isinstance(fact, IncomingFile) and plain(fact.named or fact.owner) == address:
            continue
        elif not (isinstance(fact, AskedAbout) and fact.address == address):
            yield fact


def plain(address: str) -> str:
    return address.strip().lower()


def _forget_changes(person: Person, address: str) -> None:
    changes = Change.objects.filter(person=person, check_id__in=CHECKS_OF_NAMES)
    theirs = [one.pk for one in changes.iterator() if _is_about(one.content.get("item"), address)]
    changes.filter(pk__in=theirs).delete()


def _is_about(item: object, address: str) -> bool:
    values = item.get("values", {}) if isinstance(item, dict) else {}
    return plain(str(values.get("person", ""))) == address


def _forget_answers(person: Person, address: str) -> None:
    """Items of these checks carry the address in their identity."""
    begins = (f"{address} ", f"from {address} ")
    answers = AnswerToItem.objects.filter(person=person)
    theirs = [one.pk for one in answers.iterator() if one.meaning["identity"].startswith(begins)]
    answers.filter(pk__in=theirs).delete()


def _judge_again(person: Person) -> None:
    """The checks that stand on what was asked, and their items with them."""
    touched = [check.id for check in CHECKS.values() if not set(check.sources).isdisjoint(MARKED)]
    findings = Finding.objects.select_for_update().filter(person=person, current=True, check_id__in=touched)
    for finding in findings:  # an audit that ends just now waits
        judged = judge_again(finding)
        if judged is None:
            continue
        seen = {item_key(person.pk, item) for item in judged.verdict.items}
        gone = [pk for pk, key in Item.objects.filter(finding=finding).values_list("pk", "key") if key not in seen]
        Item.objects.filter(pk__in=gone).delete()
