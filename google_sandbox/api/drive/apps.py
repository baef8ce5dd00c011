"""apps.list and apps.get: what the person installed or let into their Drive."""

from typing import Any

from google_sandbox.api.base import Call, Endpoint
from google_sandbox.errors import not_found

Json = dict[str, Any]


def listed(call: Call) -> Json:
    """Both filters are a union, as the document says."""
    apps = call.persona.drive.apps
    extensions, kinds = _words(call["appFilterExtensions"]), _words(call["appFilterMimeTypes"])
    if extensions or kinds:
        apps = [app for app in apps if _opens(app, extensions, kinds)]
    return {
        "kind": "drive#appList",
        "selfLink": "https://www.googleapis.com/drive/v3/apps",
        "items": apps,
        "defaultAppIds": [app["id"] for app in apps if app["useByDefault"]],
    }


def _words(text: str | None) -> set[str]:
    return {word.strip() for word in (text or "").split(",") if word.strip()}


def _opens(app: Json, extensions: set[str], kinds: set[str]) -> bool:
    return bool(extensions & set(app["primaryFileExtensions"]) or kinds & set(app["primaryMimeTypes"]))


def get(call: Call) -> Json:
    for app in call.persona.drive.apps:
        if app["id"] == call["appId"]:
            return app
    raise not_found(f"App not found: {call['appId']}.", "appId")


ENDPOINTS = {
    "drive.apps.list": Endpoint(listed, units=100),
    "drive.apps.get": Endpoint(get, units=5),
}
