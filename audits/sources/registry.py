"""Every source there is, by name."""

from __future__ import annotations

from collections.abc import Mapping

from audits.sources import told_us
from audits.sources.contract import Source
from audits.sources.google import (
    claims,
    directory,
    drive_apps,
    drive_named,
    drive_outsiders,
    drive_public,
    drive_storage,
    drive_trash,
    photos_picker,
)

_ALL: tuple[Source, ...] = (
    claims.SOURCE,
    drive_apps.SOURCE,
    drive_public.SOURCE,
    drive_outsiders.SOURCE,
    drive_named.SOURCE,
    drive_trash.SOURCE,
    drive_storage.SOURCE,
    directory.USER,
    directory.APPS,
    directory.APP_PASSWORDS,
    photos_picker.SOURCE,
    told_us.SOURCE,
)
SOURCES: Mapping[str, Source] = {source.name: source for source in _ALL}
