"""`manage.py load_app_lists FILE …`: lists of apps that are made to watch somebody, to hold installed apps against.

The form is that of AssoEchap's ioc.yaml and watchware.yaml (CC BY 4.0): a list of mappings with `name`, `type`,
`packages` and `names`; other keys are not read. https://github.com/AssoEchap/stalkerware-indicators
A file is loaded whole or not at all, and takes the place of what was loaded for its type before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from audits.audit.listings import STALKERWARE, WATCHWARE, name_key
from audits.models import AppList, ListedApp
from audits.sources.google.values import tidy

KINDS = (STALKERWARE, WATCHWARE)
LARGEST_FILE = 5 * 1024 * 1024  # bytes; the stalkerware list has 0.1 MB
MOST_ENTRIES = 5_000
MOST_OF_ONE = 1_000  # packages or names of one entry
MOST_PROBLEMS = 20
BATCH = 500
_PACKAGE = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")


@dataclass
class Parsed:
    """`apps`: by (package, name key), the title. One of the two is ""."""

    kind: str
    title: str
    version: str
    entries: int = 0
    apps: dict[tuple[str, str], str] = field(default_factory=dict)


class Command(BaseCommand):
    help = "Load lists of watching apps (the form of AssoEchap's ioc.yaml and watchware.yaml)."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Here `--version` is that of a list; Django's own gives way."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--title", default="", help="whose list it is, shown to people; default: the file's name")
        parser.add_argument("--version", dest="list_version", default="", help="its date or commit; default: a hash")
        parser.add_argument("--licence", default="", help="its licence, shown to people, e.g. “CC BY 4.0”")

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[str] = []
        lists = [one for path in options["files"] for one in read(path, problems)]
        problems += [f"{kind}: is in more than one file" for kind in KINDS if sum(p.kind == kind for p in lists) > 1]
        if problems:
            more = len(problems) - MOST_PROBLEMS
            told = problems[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
            raise CommandError("Nothing was loaded.\n" + "\n".join(told))
        with transaction.atomic():
            for one in lists:
                keep(one, options)
        for one in lists:
            self.stdout.write(f"{one.kind}: {one.entries} entries, {len(one.apps)} packages and names.")
        if not options["licence"]:
            self.stdout.write(
                "No --licence was given. If the list asks to be named, load it again with --title and it."
            )


def read(path: Path, problems: list[str]) -> list[Parsed]:
    """One list for each type in the file. What is wrong goes to `problems`, each with its place."""
    try:
        content = path.read_bytes()[: LARGEST_FILE + 1]
        if len(content) > LARGEST_FILE:
            raise ValueError(f"is larger than {LARGEST_FILE} bytes")
        entries = yaml.safe_load(content)
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())[:200] or 'cannot be read'}")
        return []
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
        problems.append(f"{path.name}: is no list of 1 to {MOST_ENTRIES} entries")
        return []
    version = hashlib.sha256(content).hexdigest()[:12]
    found: dict[str, Parsed] = {}
    for place, entry in enumerate(entries, 1):
        for problem in wrong_with(entry):
            problems.append(f"{path.name}: entry {place}: {problem}")
        if not problems:
            add(found.setdefault(entry["type"], Parsed(entry["type"], path.stem, version)), entry)
    return list(found.values())


def wrong_with(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "is no mapping"
        return
    if not isinstance(entry.get("name"), str) or not tidy(entry["name"], 200):
        yield "name is no text"
    if entry.get("type") not in KINDS:
        yield f"type is {str(entry.get('type'))[:40]!r}, not one of {', '.join(KINDS)}"
    for key in ("packages", "names"):
        listed = entry.get(key) or []
        if not isinstance(listed, list) or len(listed) > MOST_OF_ONE:
            yield f"{key} is no list of at most {MOST_OF_ONE}"
        elif not all(isinstance(one, str) and 0 < len(one) <= 200 for one in listed):
            yield f"{key} holds something that is no text of at most 200 characters"
        elif key == "packages" and not all(_PACKAGE.fullmatch(one) for one in listed):
            yield "packages holds something that is no id of an Android app"


def add(into: Parsed, entry: dict[str, Any]) -> None:
    title = tidy(entry["name"], 200)
    into.entries += 1
    for package in entry.get("packages") or []:
        into.apps.setdefault((package, ""), title)
    for name in (title, *(entry.get("names") or [])):
        if key := name_key(name):
            into.apps.setdefault(("", key), title)


def keep(one: Parsed, options: dict[str, Any]) -> None:
    AppList.objects.filter(kind=one.kind).delete()
    kept = AppList.objects.create(
        kind=one.kind,
        title=tidy(options["title"], 200) or one.title,
        version=tidy(options["list_version"], 80) or one.version,
        licence=tidy(options["licence"], 200),
        loaded_at=timezone.now(),
    )
    rows = [
        ListedApp(app_list=kept, package=package, name_key=key, title=title)
        for (package, key), title in one.apps.items()
    ]
    ListedApp.objects.bulk_create(rows, batch_size=BATCH)
