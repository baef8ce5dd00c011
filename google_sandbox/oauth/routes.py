"""Which path answers what, for everything that is a page or sign-in and not an API."""

from collections.abc import Callable

from werkzeug.wrappers import Request

from google_sandbox.api import photos_picker, portability
from google_sandbox.reply import Reply, json_reply
from google_sandbox.world import World

from . import about, identity, security_events, token
from .authorize import authorize

View = Callable[[World, Request], Reply]


def _certificates(world: World, request: Request) -> Reply:
    return json_reply(identity.certificates())


def _key_set(world: World, request: Request) -> Reply:
    return json_reply(identity.key_set())


def _configuration(world: World, request: Request) -> Reply:
    base = request.host_url.rstrip("/")
    return json_reply(
        {
            "issuer": world.options.issuer,
            "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/oauth2/v3/userinfo",
            "revocation_endpoint": f"{base}/revoke",
            "jwks_uri": f"{base}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": [
                "aud",
                "email",
                "email_verified",
                "exp",
                "family_name",
                "given_name",
                "iat",
                "iss",
                "name",
                "picture",
                "sub",
                "amr",
                "auth_time",
                "hd",
            ],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
    )


ROUTES: dict[tuple[str, str], View] = {
    ("GET", portability.ARCHIVES): portability.archive,
    ("GET", photos_picker.PAGE): photos_picker.picker,
    ("POST", photos_picker.PAGE): photos_picker.picker,
    ("GET", "/o/oauth2/v2/auth"): authorize,
    ("POST", "/o/oauth2/v2/auth"): authorize,
    ("POST", "/token"): token.token,
    ("POST", "/oauth2/v4/token"): token.token,
    ("POST", "/revoke"): token.revoke,
    ("POST", "/o/oauth2/revoke"): token.revoke,
    ("GET", "/tokeninfo"): about.tokeninfo,
    ("POST", "/tokeninfo"): about.tokeninfo,
    ("GET", "/oauth2/v3/tokeninfo"): about.tokeninfo,
    ("GET", "/oauth2/v2/tokeninfo"): about.tokeninfo_v2,
    ("POST", "/oauth2/v2/tokeninfo"): about.tokeninfo_v2,
    ("GET", "/oauth2/v3/userinfo"): about.userinfo,
    ("POST", "/oauth2/v3/userinfo"): about.userinfo,
    ("GET", "/v1/userinfo"): about.userinfo,
    ("GET", "/oauth2/v1/certs"): _certificates,
    ("GET", "/oauth2/v3/certs"): _key_set,
    ("GET", "/.well-known/openid-configuration"): _configuration,
    ("GET", "/.well-known/risc-configuration"): security_events.configuration,
    ("GET", "/v1beta/stream"): security_events.stream,
    ("POST", "/v1beta/stream:update"): security_events.update,
    ("POST", "/v1beta/stream:verify"): security_events.verify,
    ("GET", "/v1beta/stream/status"): security_events.status,
    ("POST", "/v1beta/stream/status:update"): security_events.status,
}
