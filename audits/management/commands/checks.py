"""Print the catalogue: id, platform, title, rungs, and whether a rule exists; or as the page docs/catalogue.md."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audits.checks.catalogue import CHECKS, Check
from audits.checks.document import as_markdown


class Command(BaseCommand):
    help = "Print the catalogue of checks."

    def add_arguments(self, parser: CommandParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="print JSON, for scripts")
        form.add_argument("--markdown", action="store_true", help="print docs/catalogue.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write(as_markdown(), ending="")
            return
        rows = [row_of(check) for check in CHECKS.values()]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) if options["json"] else as_text(rows))


def row_of(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "platform": check.platform.id,
        "title": check.words.title,
        "rungs": [rung.value for rung in check.words.rungs],
        "rule": check.rule is not None,
    }


def as_text(rows: list[dict[str, Any]]) -> str:
    width = max(len(row["id"]) for row in rows)
    return "\n".join(
        f"{row['id']:<{width}}  {row['platform']:<10}  {'rule' if row['rule'] else 'guided':<6}  "
        f"{', '.join(row['rungs']):<18}  {row['title']}"
        for row in rows
    )
