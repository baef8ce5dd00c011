"""Scopes: their names, Google's own sentence for each, and the rules for asking."""

from dataclasses import dataclass

from google_sandbox.discovery import scope_words

AUTH = "https://www.googleapis.com/auth/"
SHORT = {"email": AUTH + "userinfo.email", "profile": AUTH + "userinfo.profile"}
SIGN_IN = ("openid", SHORT["email"], SHORT["profile"])
PORTABILITY = AUTH + "dataportability."
DOCUMENTS = (
    "oauth2.v2",
    "drive.v3",
    "driveactivity.v2",
    "admin.directory_v1",
    "admin.reports_v1",
    "gmail.v1",
    "calendar.v3",
    "people.v1",
    "youtube.v3",
    "cloudidentity.v1",
    "dataportability.v1",
)
# Google Photos has no shipped discovery document.
PHOTOS = {
    AUTH + "photospicker.mediaitems.readonly": "See the photos and videos you choose from Google Photos",
    AUTH + "photoslibrary.appendonly": "Add photos and videos to Google Photos",
    AUTH + "photoslibrary.readonly.appcreateddata": "See the photos and videos this app added to Google Photos",
}


@dataclass(frozen=True)
class RefusedError(Exception):
    """Shown to the person as `Error 400: <error>`."""

    error: str
    message: str


def normalise(text: str) -> tuple[str, ...]:
    """Long names, each once, in the order asked."""
    return tuple(dict.fromkeys(SHORT.get(name, name) for name in text.split()))


def words(scope: str) -> str:
    if scope == "openid":
        return "Associate you with your personal info on Google"
    return PHOTOS.get(scope) or scope_words(DOCUMENTS).get(scope, scope)


def known(scope: str) -> bool:
    return scope == "openid" or scope in PHOTOS or scope in scope_words(DOCUMENTS)


def check(asked: tuple[str, ...], *, incremental: bool) -> None:
    """RefusedError where Google would not even show a consent page."""
    if not asked:
        raise RefusedError("invalid_request", "Missing required parameter: scope")
    unknown = [scope for scope in asked if not known(scope)]
    if unknown:
        valid = [scope for scope in asked if scope not in unknown]
        raise RefusedError(
            "invalid_scope",
            f"Some requested scopes were invalid. {{valid={_list(valid)}, invalid={_list(unknown)}}}",
        )
    _no_mixing(asked, incremental)


def _no_mixing(asked: tuple[str, ...], incremental: bool) -> None:
    portability = [scope for scope in asked if scope.startswith(PORTABILITY)]
    if portability and incremental:
        raise RefusedError("invalid_request", "Incremental auth is not allowed.")
    if portability and len(portability) < len(asked):
        raise RefusedError("invalid_scope", "Data Portability scopes cannot be requested with other scopes.")
    photos = any(scope.startswith(AUTH + "photos") for scope in asked)
    drive = any(scope == AUTH + "drive" or scope.startswith(AUTH + "drive.") for scope in asked)
    if photos and drive:
        raise RefusedError("invalid_scope", "Google Photos and Google Drive scopes cannot be requested together.")


def _list(scopes: list[str]) -> str:
    return "[" + ", ".join(scopes) + "]"


def sign_in_part(asked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(scope for scope in asked if scope in SIGN_IN)


def further_part(asked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(scope for scope in asked if scope not in SIGN_IN)
