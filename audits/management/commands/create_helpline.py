"""`manage.py create_helpline NAME --lead NAME`: a helpline, and the link for the first who leads it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from audits.helpline import invitations
from audits.models import HelperRole, Helpline


class Command(BaseCommand):
    help = "Make a helpline and invite the first person who leads it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='what callers will read, e.g. "Riverside Helpline"')
        parser.add_argument("--lead", required=True, metavar="NAME", help="what the lead is called, e.g. Lena")

    def handle(self, *args: Any, **options: Any) -> None:
        name = " ".join(options["name"].split())
        if not 0 < len(name) <= 80 or not name.isprintable():
            raise CommandError("The name of a helpline has 1 to 80 characters that can be seen.")
        if Helpline.objects.filter(name__iexact=name, closed_at=None).exists():
            raise CommandError(f"There is a helpline {name} already. Its lead invites others on the desk’s own pages.")
        try:
            with transaction.atomic():
                line = Helpline.objects.create(name=name, made_at=timezone.now())
                invitation = invitations.invite(line, HelperRole.LEAD, options["lead"])
        except invitations.NotAName:
            raise CommandError("The name of the lead has 1 to 60 characters that can be seen.") from None
        self.stdout.write(f"Made {name}. Link for {invitation.helper.name}, who leads it:\n\n  {invitation.link}\n")
        self.stdout.write(f"It works once, for {invitations.DAYS} days, and is shown only here and now.")
