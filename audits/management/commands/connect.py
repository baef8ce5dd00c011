"""`manage.py connect EMAIL [--untick SCOPE …] [--look LOOK …]`: connect a practice account without a browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.accounts.dance import DanceFailed, Dancer
from audits.accounts.grants import email_key
from audits.accounts.looks import LOOKS, offered, state_of
from audits.models import Connection

USUAL = ("drive_apps", "drive_sharing")
_ROOT = "https://www.googleapis.com/auth/"


class Command(BaseCommand):
    help = "Sign in with a practice account of the sandbox Google and open looks. Works in demo mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="e-mail address of a practice account, e.g. maya@gmail.test")
        parser.add_argument(
            "--untick", nargs="+", action="extend", default=[], metavar="SCOPE", help="scopes not ticked at Google"
        )
        parser.add_argument(
            "--look",
            nargs="+",
            action="extend",
            default=[],
            metavar="LOOK",
            choices=[look.id for look in LOOKS.values() if not look.page],
            help=f"looks to open instead of {' and '.join(USUAL)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ON_SANDBOX:
            raise CommandError("This works only in demo mode, with the sandbox Google.")
        unticked = [scope if scope.startswith("https:") else _ROOT + scope for scope in options["untick"]]
        try:
            connection = connect(options["email"], options["look"] or USUAL, unticked)
        except DanceFailed as failed:
            raise CommandError(str(failed)) from None
        for line in lines_about(connection):
            self.stdout.write(line)


def connect(email: str, looks: list[str] | tuple[str, ...], untick: list[str]) -> Connection:
    """Raises DanceFailed when signing in or a look does not come to its end."""
    dancer = Dancer(email)
    if dancer.sign_in().status_code != 302:
        raise DanceFailed("Signing in did not work.")
    found = Connection.objects.filter(email_key=email_key(email)).last()
    if found is None:
        raise DanceFailed("Signing in did not connect the account.")
    for look in looks:
        if dancer.open_look(look, str(found.public_id), untick).status_code != 302:
            raise DanceFailed(f"The look {look} could not be opened for this account.")
    found.refresh_from_db()
    return found


def lines_about(connection: Connection) -> list[str]:
    missing = sorted({*connection.asked} - {*connection.granted})
    return [
        f"Connected {connection.email}.",
        *(f"  {look.id}: {state_of(look, connection).value}" for look in offered(connection)),
        *(f"  granted {scope}" for scope in connection.granted),
        *(f"  not granted {scope}" for scope in missing),
    ]
