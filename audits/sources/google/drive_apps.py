"""Apps that the Person connected to Drive. Other connected apps are not on this list, and Google has none for them."""

from __future__ import annotations

from functools import partial

from audits.facts import ConnectedApp
from audits.sources.google import call, values
from audits.sources.google.documents import DRIVE, service
from audits.sources.google.errors import Unreadable
from audits.sources.google.scopes import DRIVE_APPS
from audits.sources.google.source import GoogleSource, Reading

FIELDS = "kind,items(id,name,authorized,installed,hasDriveWideScope)"


def read(reading: Reading) -> None:
    apps = service(DRIVE, reading.session.root(DRIVE)).apps().list(fields=FIELDS)
    answer = call.fetch(reading.session, apps, "drive#appList")
    for item in reading.whole_list(answer, "items"):
        reading.take(partial(_fact, reading, item))


def _fact(reading: Reading, item: object) -> tuple[str, ConnectedApp]:
    app = values.record(item)
    app_id = values.identity(app, "id")
    wide = values.true_or_false_if_said(app, "hasDriveWideScope")
    if wide is None:
        reading.falls_short(Unreadable("hasDriveWideScope is missing"))
    fact = ConnectedApp(
        **reading.stamp,
        app_id=app_id,
        name=values.name(app, "name"),
        via="drive",
        drive_wide=wide,
        authorized=values.true_or_false(app, "authorized"),
        installed=values.true_or_false(app, "installed"),
    )
    return app_id, fact


SOURCE = GoogleSource(name="drive_apps", scopes=(DRIVE_APPS,), calls=("drive.apps.list",), read=read)
