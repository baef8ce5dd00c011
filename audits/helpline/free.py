"""Who could take over a session: helpers of the same helpline who are in none and take no pause."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from audits.models import Helper, HelperRole, HelpSession, HelpState

MOST = 50


def free_helpers(session: HelpSession) -> QuerySet[Helper]:
    """One query, the first MOST by name. sessions.offer looks once more."""
    busy = HelpSession.objects.filter(helper=OuterRef("pk")).exclude(state=HelpState.ENDED)
    found = Helper.objects.filter(
        helpline=session.helpline_id, role=HelperRole.HELPER, joined_at__isnull=False, ended_at=None, held_at=None
    )
    return found.exclude(pk=session.helper_id).exclude(Exists(busy))[:MOST]
