"""about.get: whose Drive it is and how full."""

from typing import Any

from google_sandbox.api.base import Call, Endpoint

from .kinds import KINDS

Json = dict[str, Any]


def get(call: Call) -> Json:
    drive = call.persona.drive
    me = drive.desk.me.as_user(me=True) | {"photoLink": call.persona.account.picture}
    return {
        "kind": "drive#about",
        "user": me,
        "storageQuota": drive.storage,
        "importFormats": {"text/plain": [KINDS["doc"].mime]},
        "exportFormats": {KINDS["doc"].mime: ["application/pdf", "text/plain"]},
        "maxImportSizes": {KINDS["doc"].mime: "10485760"},
        "maxUploadSize": "5242880000000",
        "appInstalled": False,
        "folderColorPalette": ["#ac725e", "#d06b64", "#f83a22"],
        "driveThemes": [],
        "teamDriveThemes": [],
        "canCreateDrives": call.persona.account.hd is not None,
        "canCreateTeamDrives": call.persona.account.hd is not None,
    }


ENDPOINTS = {"drive.about.get": Endpoint(get, units=5, fields=None)}
