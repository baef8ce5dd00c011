"""The one link by which a Helper comes to the desk, or comes back to it: shown once, works once, for seven days."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audits.audit.helping import sessions
from audits.helpline.sign_in import has_access, keep_name
from audits.models import Helper, HelperRole, Helpline
from audits.models.sealing import lookup_key

DAYS = 7
LONGEST_NAME = 60


class NoInvitation(Exception):
    """A link that opens nothing: used, ended, replaced, or never made."""


class NotAName(Exception):
    """What callers are to be shown is empty, too long, or holds signs that nobody can see."""


@dataclass(frozen=True)
class Invitation:
    """`link`: the whole address. It exists here and nowhere else, so whoever invites must pass it on now."""

    helper: Helper
    link: str


def invite(helpline: Helpline | None, role: HelperRole, name: str) -> Invitation:
    """Somebody new. `name` is what callers will see. An operator belongs to no helpline. Raises NotAName."""
    helper = Helper(helpline=helpline, role=role, name=read_name(name), invited_at=timezone.now())
    helper.save()
    return _link_for(helper)


def again(helper: Helper) -> Invitation:
    """A new way in for somebody who lost theirs. The old name, password and second factors open nothing any more.

    Raises NoInvitation for somebody whose access was ended.
    """
    with transaction.atomic():
        row = Helper.objects.select_for_update().get(pk=helper.pk)
        if row.ended_at is not None:
            raise NoInvitation
        sessions.helper_goes(row)
        row.sign_in_key, row.password, row.totp_sealed = None, "", None
        row.session_round += 1
        row.save(update_fields=["sign_in_key", "password", "totp_sealed", "session_round"])
        row.passkeys.all().delete()
        return _link_for(row)


def invited(link: str) -> Helper:
    """Whose invitation this is, while it can be used. One query. Raises NoInvitation."""
    found = Helper.objects.select_related("helpline").filter(
        invitation_key=_key(link), invitation_ends_at__gt=timezone.now()
    )
    helper = found.first()
    if helper is None or not has_access(helper):
        raise NoInvitation
    return helper


def accept(link: str, name: str, password: str) -> Helper:
    """The link is used up. Raises NoInvitation, sign_in.NameTaken (then it is not)."""
    with transaction.atomic():
        list(Helper.objects.select_for_update().filter(invitation_key=_key(link)))  # of two who click, one comes in
        helper = invited(link)
        keep_name(helper, name, password)
        helper.invitation_key, helper.invitation_ends_at = None, None
        helper.joined_at = helper.joined_at or timezone.now()
        helper.save(update_fields=["invitation_key", "invitation_ends_at", "joined_at"])
    return helper


def read_name(name: str) -> str:
    """Raises NotAName."""
    read = " ".join(name.split())
    if not 0 < len(read) <= LONGEST_NAME or not read.isprintable():
        raise NotAName
    return read


def _link_for(helper: Helper) -> Invitation:
    secret = secrets.token_urlsafe(16)
    helper.invitation_key = _key(secret)
    helper.invitation_ends_at = timezone.now() + timedelta(days=DAYS)
    helper.save(update_fields=["invitation_key", "invitation_ends_at"])
    return Invitation(helper, settings.BASE_URL + reverse("desk-invitation", args=[secret]))


def _key(link: str) -> str:
    return lookup_key("invitation", link)
