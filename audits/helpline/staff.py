"""Who works on a helpline: the lead's list, ending access, and helplines as an operator sees them.

A lead sees only the people of their own helpline; an operator only helplines and their leads. Else: 404.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils import timezone

from audits.audit.helping import sessions
from audits.checks.names import alike
from audits.helpline import invitations
from audits.helpline.invitations import Invitation
from audits.models import Helper, HelperPasskey, HelperRole, Helpline

MOST_PEOPLE = 500  # of one helpline, those whose access ended included
MOST_LINES = 200
LONGEST_LINE_NAME = 80


class StaffRefused(Exception):
    """What was asked for is not done. Nothing has changed."""


class TooMany(StaffRefused):
    """As many people, or helplines, as we keep."""


class LastLead(StaffRefused):
    """Nobody could invite or end anybody any more."""


class NameTaken(StaffRefused):
    """An open helpline is called so: callers could not tell them apart."""


# --------------------------------------------------------------------------- people


def line_of(lead: Helper) -> Helpline:
    if lead.helpline is None:
        raise Http404
    return lead.helpline


def people_of(helpline: Helpline) -> QuerySet[Helper]:
    """Who works now first, then those whose access ended; by name."""
    return Helper.objects.filter(helpline=helpline).order_by(F("ended_at").asc(nulls_first=True), "name", "pk")


def helper_of_line(helpline: Helpline, public_id: UUID) -> Helper:
    """Raises Http404 for somebody of another helpline, and for nobody."""
    found = Helper.objects.filter(helpline=helpline, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def invite(helpline: Helpline, role: HelperRole, name: str) -> Invitation:
    """Raises TooMany, invitations.NotAName."""
    with transaction.atomic():
        row = Helpline.objects.select_for_update(no_key=True).get(pk=helpline.pk)
        if row.closed_at is not None or Helper.objects.filter(helpline=row).count() >= MOST_PEOPLE:
            raise TooMany
        return invitations.invite(row, role, name)


def can_reset(helper: Helper) -> bool:
    """By a lead. A lead's own way in, and another lead's, comes anew from an operator."""
    return helper.role == HelperRole.HELPER and helper.ended_at is None


def new_way_in(helper: Helper) -> Invitation:
    """A link for somebody who lost theirs. Raises Http404 when their access has just ended."""
    try:
        return invitations.again(helper)
    except invitations.NoInvitation:
        raise Http404 from None


def can_end(helper: Helper) -> bool:
    return helper.ended_at is None and not _is_last_lead(helper)


def end_access(helper: Helper) -> None:
    """Their sign-ins, their session and every way in end at once. Ended twice is ended once. Raises LastLead."""
    with transaction.atomic():
        line = Helpline.objects.filter(helpers=helper).select_for_update(no_key=True, of=("self",))
        list(line)  # of two leads who end each other one waits
        row = Helper.objects.select_for_update(no_key=True).get(pk=helper.pk)
        if row.ended_at is not None:
            return
        if _is_last_lead(row):
            raise LastLead
        sessions.helper_goes(row)
        _end(Helper.objects.filter(pk=row.pk))


def _is_last_lead(helper: Helper) -> bool:
    """No other lead can sign in. One who was only invited may never come."""
    if helper.role != HelperRole.LEAD:
        return False
    others = Helper.objects.filter(helpline=helper.helpline_id, role=HelperRole.LEAD, ended_at=None)
    return not others.filter(sign_in_key__isnull=False).exclude(pk=helper.pk).exists()


def _end(helpers: QuerySet[Helper]) -> None:
    """Their names stay, because callers read in their logs who looked; nothing else of their sign-in does."""
    HelperPasskey.objects.filter(helper__in=helpers).delete()
    helpers.filter(ended_at=None).update(ended_at=timezone.now())
    helpers.update(
        session_round=F("session_round") + 1,
        sign_in_key=None,
        password="",
        totp_sealed=None,
        invitation_key=None,
        invitation_ends_at=None,
    )


# --------------------------------------------------------------------------- helplines


def lines() -> QuerySet[Helpline]:
    """Open ones first, by name."""
    return Helpline.objects.order_by(F("closed_at").asc(nulls_first=True), "name", "pk")


def line_at(public_id: UUID) -> Helpline:
    """An open helpline, for an operator. Raises Http404."""
    found = Helpline.objects.filter(public_id=public_id, closed_at=None).first()
    if found is None:
        raise Http404
    return found


def leads_of(helpline: Helpline) -> list[Helper]:
    return list(people_of(helpline).filter(role=HelperRole.LEAD, ended_at=None)[:MOST_PEOPLE])


def lead_of_line(helpline: Helpline, public_id: UUID | str) -> Helper:
    """A lead with access. Raises Http404, also for what is no id."""
    found = next((lead for lead in leads_of(helpline) if str(lead.public_id) == str(public_id)), None)
    if found is None:
        raise Http404
    return found


def new_line(name: str, lead: str) -> Invitation:
    """A helpline and the link of its first lead. Raises NameTaken, TooMany, invitations.NotAName."""
    with transaction.atomic():
        known = list(Helpline.objects.filter(closed_at=None)[: MOST_LINES + 1])
        if len(known) >= MOST_LINES:
            raise TooMany
        if any(alike(line.name) == alike(name) for line in known):
            raise NameTaken
        line = Helpline.objects.create(name=name, made_at=timezone.now())
        return invitations.invite(line, HelperRole.LEAD, lead)


def close(helpline: Helpline) -> None:
    """For good: its codes, its sessions and everybody's access end at once."""
    with transaction.atomic():
        row = Helpline.objects.select_for_update(no_key=True).get(pk=helpline.pk)
        if row.closed_at is not None:
            return
        everybody = Helper.objects.filter(helpline=row)
        list(everybody.select_for_update(no_key=True).order_by("pk"))  # who types a code now is waited for, and no more
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
        sessions.helpline_closes(row)
        _end(everybody)
