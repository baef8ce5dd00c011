"""Error answers in Google's own words and shapes (seen in public error reports)."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

REALM = 'Bearer realm="https://accounts.google.com/"'
SIGN_IN_HELP = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


class GoogleError(Exception):
    """An answer that is not a success. `body` is sent as JSON."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def api_error(
    code: int,
    message: str,
    reason: str,
    *,
    domain: str = "global",
    where: tuple[str, str] | None = None,
    short: str | None = None,
    status: bool = False,
    details: list[Json] | None = None,
    headers: Mapping[str, str] | None = None,
) -> GoogleError:
    """`where` is (location, locationType); `short` the inner message where it differs from the outer."""
    item: Json = {"message": short or message, "domain": domain, "reason": reason}
    if where:
        item["location"], item["locationType"] = where
    error: Json = {"code": code, "message": message, "errors": [item]}
    if status:
        error["status"] = STATUS_WORDS[code]
    if details:
        error["details"] = details
    return GoogleError(code, {"error": error}, headers)


def error_info(reason: str, metadata: Mapping[str, str] | None = None) -> Json:
    info: Json = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
    }
    if metadata:
        info["metadata"] = dict(metadata)
    return info


def no_credentials() -> GoogleError:
    return api_error(
        401,
        f"Request is missing required authentication credential. {SIGN_IN_HELP}",
        "required",
        short="Login Required.",
        where=("Authorization", "header"),
        status=True,
        details=[error_info("CREDENTIALS_MISSING")],
        headers={"WWW-Authenticate": REALM},
    )


def bad_credentials() -> GoogleError:
    return api_error(
        401,
        f"Request had invalid authentication credentials. {SIGN_IN_HELP}",
        "authError",
        short="Invalid Credentials",
        where=("Authorization", "header"),
        status=True,
        details=[error_info("ACCESS_TOKEN_EXPIRED")],
        headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'},
    )


def scope_missing(service: str, method: str, accepted: list[str]) -> GoogleError:
    return api_error(
        403,
        "Request had insufficient authentication scopes.",
        "insufficientPermissions",
        short="Insufficient Permission",
        status=True,
        details=[error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", {"service": service, "method": method})],
        headers={
            "WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{" ".join(accepted)}"',
        },
    )


def bad_parameter(message: str, name: str, reason: str = "invalidParameter") -> GoogleError:
    return api_error(400, message, reason, where=(name, "parameter"))


def invalid_value(name: str) -> GoogleError:
    return bad_parameter("Invalid Value", name, "invalid")


def bad_request(description: str, field: str | None = None) -> GoogleError:
    violation: Json = {"description": description}
    if field:
        violation["field"] = field
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return api_error(400, description, "invalid", status=True, details=[detail])


def not_found(message: str, parameter: str | None = None) -> GoogleError:
    return api_error(404, message, "notFound", where=(parameter, "parameter") if parameter else None)


def forbidden(message: str) -> GoogleError:
    return api_error(403, message, "forbidden")


def not_built(method: str) -> GoogleError:
    return api_error(501, f"The sandbox does not play {method}.", "notImplemented", status=True)


def oauth_error(status: int, error: str, description: str) -> GoogleError:
    headers = {"WWW-Authenticate": REALM} if status == 401 else {}
    return GoogleError(status, {"error": error, "error_description": description}, headers)
