"""`manage.py audit EMAIL [--json]`: run one audit in the foreground and print what it found."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audits.audit import run, tell, work
from audits.models import AuditState, Connection, Finding, SourceRun, TimelineEntry, Trigger
from audits.models.sealing import lookup_key


class Command(BaseCommand):
    help = "Run one audit in the foreground for the person who connected this Google account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="e-mail address of a connected Google account")
        parser.add_argument("--json", action="store_true", help="print findings and coverage as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = self._connection(options["email"])
        audit = work.start(connection.person, trigger=Trigger.OPERATOR)
        note(connection)
        state = run.run(audit.pk)
        if state is None:
            raise CommandError("An audit of this person is already running. Try again when it has ended.")
        if state is not AuditState.FINISHED:
            raise CommandError("The audit failed. The log says where.")
        result = result_of(connection)
        if options["json"]:
            self.stdout.write(json.dumps(result, indent=1, ensure_ascii=False))
        else:
            self._print(result)

    def _connection(self, email: str) -> Connection:
        key = lookup_key("email", email.strip().lower())
        connection = Connection.objects.select_related("person").filter(email_key=key).last()
        if connection is None:
            raise CommandError("No connected Google account has this address.")
        return connection

    def _print(self, result: dict[str, Any]) -> None:
        for finding in result["findings"]:
            self.stdout.write(f"{finding['verdict']:15} {finding['check']}: {finding['why']}")
            for item in finding["items"]:
                self.stdout.write(f"{'':17}- {item['name']}")
        for line in result["coverage"]:
            self.stdout.write(f"{line['state']:15} {line['source']} {line['why']}")


def note(connection: Connection) -> None:
    """The Person sees in the timeline that an operator ran this."""
    entry = TimelineEntry(person=connection.person, kind="operator_audit", at=timezone.now())
    entry.values = {}
    entry.save()


def result_of(connection: Connection) -> dict[str, Any]:
    """Findings and coverage of this Connection; in production without items, which are the Person's alone."""
    findings = Finding.objects.filter(person=connection.person, connection=connection, current=True)
    runs = SourceRun.objects.filter(person=connection.person, connection=connection, current=True)
    return {
        "findings": [_finding(finding) for finding in findings.order_by("check_id")],
        "coverage": [
            {"source": run.source, "state": run.state, "why": run.why or None} for run in runs.order_by("source")
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check_id,
        "verdict": finding.verdict,
        "rung": finding.rung or None,
        "seen_at": finding.seen_at.isoformat() if finding.seen_at else None,
        "why": tell.reason_sentence(finding),
        "items": [] if settings.PRODUCTION else _items(finding),
    }


def _items(finding: Finding) -> list[dict[str, Any]]:
    contents = [(item.kind, item.content) for item in finding.items.all()]
    return [{"kind": kind, "name": content["name"], "says": content["says"]} for kind, content in contents]
