"""`manage.py create_operator NAME`: a link for somebody who makes and closes helplines, or a new one for them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.helpline import invitations
from audits.models import Helper, HelperRole


class Command(BaseCommand):
    help = "Invite an operator. For one who lost their way in: --again, which ends the old way in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the operator is called, e.g. Omar")
        parser.add_argument("--again", action="store_true", help="a new link for an operator there is")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = invitations.read_name(options["name"])
        except invitations.NotAName:
            raise CommandError("The name of an operator has 1 to 60 characters that can be seen.") from None
        known = Helper.objects.filter(role=HelperRole.OPERATOR, ended_at=None, name__iexact=name).first()
        if known is None and options["again"]:
            raise CommandError(f"There is no operator {name}.")
        if known is not None and not options["again"]:
            raise CommandError(f"There is an operator {name} already. With --again they get a new link.")
        invitation = invitations.again(known) if known else invitations.invite(None, HelperRole.OPERATOR, name)
        self.stdout.write(f"Link for {invitation.helper.name}, an operator:\n\n  {invitation.link}\n")
        self.stdout.write(f"It works once, for {invitations.DAYS} days, and is shown only here and now.")
