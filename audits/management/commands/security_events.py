"""`manage.py security_events KEYFILE [show|set-up|test|pause|resume]`: what Google tells us about accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Max

from audits.accounts.risc import stream
from audits.accounts.risc.stream import ServiceAccount, StreamTrouble
from audits.models import ReceivedEvent
from audits.sources.google.values import tidy

ACTIONS = ("show", "set-up", "test", "pause", "resume")


class Command(BaseCommand):
    help = "Set up, test or show the stream of Google's security events. docs/google-setup.md says what it needs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keyfile", type=Path, help="JSON key file of the service account")
        parser.add_argument("action", nargs="?", choices=ACTIONS, default="show")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = ServiceAccount.from_file(options["keyfile"])
            for line in self._lines(account, options["action"]):
                self.stdout.write(line)
        except StreamTrouble as trouble:
            raise CommandError(str(trouble)) from None

    def _lines(self, account: ServiceAccount, action: str) -> Iterator[str]:
        if action == "show":
            yield from shown(account)
        elif action == "set-up":
            yield from set_up(account)
        elif action == "test":
            stream.ask_for_a_test(account)
            yield "Google was asked for a test event. In a minute, `show` says whether it came."
        else:
            stream.switch(account, on=action == "resume")
            yield "Google sends events again." if action == "resume" else "Google sends no events, and keeps none back."


def set_up(account: ServiceAccount) -> Iterator[str]:
    if not (stream.receiver().startswith("https://") or settings.ON_SANDBOX):
        raise StreamTrouble("Google posts events to https addresses only. Set BASE_URL to the one people use.")
    stream.set_up(account)
    yield f"Google will post events to {stream.receiver()}."
    yield "Ask for a test event next: the same command with `test`."


def shown(account: ServiceAccount) -> Iterator[str]:
    found = stream.show(account)
    if found is None:
        yield "Not set up at Google."
    else:
        delivery = found.get("delivery")
        address = delivery.get("url") if isinstance(delivery, dict) else None
        ours = "this installation" if address == stream.receiver() else "another address than ours"
        yield f"Posted to: {tidy(str(address), 300)} ({ours})"
        yield f"State: {stream.status(account)}"
    yield from received()


def received() -> Iterator[str]:
    rows = ReceivedEvent.objects.values("kind").annotate(count=Count("pk"), newest=Max("received_at")).order_by("kind")
    if not rows:
        yield "No event has come yet."
    for row in rows:
        yield f"Received: {row['kind']}, {row['count']} in all, the newest {row['newest']:%Y-%m-%d %H:%M} UTC"
