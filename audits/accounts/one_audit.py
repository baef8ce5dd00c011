"""An administrator's token: kept for one audit, or thrown away. It is never part of the Connection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from audits.accounts.grants import Grant
from audits.audit import revocations
from audits.models import AdministratorLook, Connection

TOKEN_LIVES_AT_MOST = timedelta(hours=1)


def keep_for_one_audit(connection: Connection, grant: Grant, granted: Iterable[str]) -> None:
    AdministratorLook.objects.filter(connection=connection).delete()
    look = AdministratorLook(
        person=connection.person,
        connection=connection,
        granted=sorted(granted),
        expires_at=min(grant.expires_at, timezone.now() + TOKEN_LIVES_AT_MOST),
    )
    look.access_token = grant.access_token
    look.save()


def throw_away(grant: Grant) -> None:
    """End the permission at Google, where that does not end the Connection with it: see revocations.begin_for_look."""
    if revocations.project_of(settings.GOOGLE_ADMIN_CLIENT_ID) != revocations.project_of(settings.GOOGLE_CLIENT_ID):
        revocations.try_one(revocations.begin(grant.access_token, grant.sub, settings.GOOGLE_ADMIN_CLIENT_ID))
