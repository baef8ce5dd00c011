"""`manage.py capture OUTFILE --account EMAIL`: the shapes of Google's answers, for docs/unverified.md."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.accounts.grants import email_key
from audits.accounts.timeline import Happened, note
from audits.audit.capturing import capture
from audits.models import Connection, ConnectionState

AFTERWARDS = """Written to {path}, readable by you alone.
It holds names of keys, kinds of values, numbers of things, Google's own words: no name, address, id, title or token.
Read it before you give it to anybody. docs/unverified.md says which line of it settles what."""


class Command(BaseCommand):
    help = "Write down the shapes of Google's answers about your own connected account. Not in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("outfile", type=Path, help="a file that does not exist yet")
        parser.add_argument("--account", required=True, metavar="EMAIL", help="e-mail address of your own account")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is for a tester's own account, on a tester's own machine: not in production.")
        connection = connected(options["account"])
        with created(options["outfile"]) as file:
            note(connection.person, Happened.CAPTURED, connection)
            file.write(json.dumps(capture(connection), indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        self.stdout.write(AFTERWARDS.format(path=options["outfile"]))


def connected(email: str) -> Connection:
    found = Connection.objects.select_related("person").filter(email_key=email_key(email)).last()
    if found is None:
        raise CommandError("No connected Google account has this address.")
    if found.state != ConnectionState.WORKING:
        raise CommandError("This account needs reconnecting first.")
    return found


def created(path: Path) -> Any:
    """A new file that only its owner may read. What is there already is never written over, and no link is followed."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w")
    except FileExistsError:
        raise CommandError(f"{path} is there already. Name a new file.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
