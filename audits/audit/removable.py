"""Which apps can be removed from here: those that an administrator's look saw on the administrator's own account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from audits.audit.evidence import facts_of
from audits.checks.google.connected_apps import identity_of
from audits.facts import ConnectedApp, Rung
from audits.models import Finding, Item, SourceRun

CHECK, SOURCE = "connected_apps", "directory_apps"
NOT_REGISTERED = "anonymous"  # one client id for every app that is not registered with Google


class WhyNot(StrEnum):
    NOT_SEEN = "not_seen"  # by an administrator's look, lately
    SHARED = "shared"  # its id stands for several apps, and all of them would lose their access
    OURS = "ours"  # it is this very program


@dataclass(frozen=True)
class Removable:
    """`why_not` is None when it can be removed; only then `client_id` is one that may be named to Google."""

    client_id: str = ""
    why_not: WhyNot | None = None


def offered(finding: Finding) -> bool:
    """Whether removing is offered beside the items of this finding. Asks no fact and no Google."""
    connection = finding.connection
    return bool(
        finding.check_id == CHECK
        and finding.rung == Rung.ADMIN.value
        and settings.GOOGLE_ADMIN_CLIENT_ID
        and connection is not None
        and connection.hosted_domain
    )


def app_of(finding: Finding, item: Item) -> Removable:
    """What Google calls this app, and why it cannot be removed here, if so."""
    apps = _seen(finding) if offered(finding) and finding.current else []
    found = next((app for app in apps if identity_of(app) == item.content["identity"]), None)
    if found is None:
        return Removable(why_not=WhyNot.NOT_SEEN)
    if found.app_id in (settings.GOOGLE_ADMIN_CLIENT_ID, settings.GOOGLE_CLIENT_ID):
        return Removable(why_not=WhyNot.OURS)
    if found.app_id == NOT_REGISTERED or sum(app.app_id == found.app_id for app in apps) > 1:
        return Removable(why_not=WhyNot.SHARED)
    return Removable(client_id=found.app_id)


def _seen(finding: Finding) -> list[ConnectedApp]:
    runs = SourceRun.objects.filter(
        person=finding.person_id, connection=finding.connection_id, source=SOURCE, current=True
    )
    return [fact for run in runs for fact in facts_of(run) if isinstance(fact, ConnectedApp)]
