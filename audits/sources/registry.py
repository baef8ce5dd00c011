"""Every source there is, by name."""

from __future__ import annotations

from collections.abc import Mapping

from audits.sources import told_us
from audits.sources.contract import Source
from audits.sources.google import (
    calendar_sharing,
    claims,
    directory,
    drive_activity,
    drive_apps,
    drive_incoming,
    drive_named,
    drive_outsiders,
    drive_public,
    drive_shared_drives,
    drive_storage,
    drive_trash,
    exported,
    gmail_alerts,
    gmail_settings,
    photos_picker,
    reports,
    youtube,
)

_ALL: tuple[Source, ...] = (
    claims.SOURCE,
    drive_apps.SOURCE,
    drive_public.SOURCE,
    drive_outsiders.SOURCE,
    drive_named.SOURCE,
    drive_trash.SOURCE,
    drive_storage.SOURCE,
    gmail_alerts.SOURCE,
    gmail_settings.SOURCE,
    drive_incoming.SOURCE,
    drive_shared_drives.SOURCE,
    drive_activity.SOURCE,
    calendar_sharing.SOURCE,
    youtube.SOURCE,
    directory.USER,
    directory.APPS,
    directory.APP_PASSWORDS,
    reports.ACCOUNT,
    reports.APPS,
    photos_picker.SOURCE,
    exported.APPS,
    exported.DEVICES,
    exported.EXTENSIONS,
    told_us.SOURCE,
)
SOURCES: Mapping[str, Source] = {source.name: source for source in _ALL}
