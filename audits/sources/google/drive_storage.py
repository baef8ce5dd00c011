"""How many bytes the account holds, and how many of them in Drive. The rest is mail, photos and backups together."""

from __future__ import annotations

from audits.facts import StorageUse
from audits.sources.google import call, values
from audits.sources.google.documents import DRIVE, service
from audits.sources.google.scopes import DRIVE_APPDATA, DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading


def read(reading: Reading) -> None:
    """A work or school account may share its space, and then Google counts the whole organisation."""
    about = service(DRIVE, reading.session.root(DRIVE)).about().get(fields="kind,storageQuota(usage,usageInDrive)")
    answer = call.fetch(reading.session, about, "drive#about")
    quota = values.record(answer.get("storageQuota"))
    fact = StorageUse(
        **reading.stamp,
        usage=values.whole_number(quota, "usage"),
        in_drive=values.whole_number(quota, "usageInDrive"),
        pooled=bool(reading.ask.hosted_domain),
    )
    reading.put("storage", fact)


SOURCE = GoogleSource(
    name="drive_storage", scopes=(DRIVE_METADATA, DRIVE_APPDATA), calls=("drive.about.get",), read=read
)
