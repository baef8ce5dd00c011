"""oauth2 v2: userinfo, in the older shape (`id`, `verified_email`)."""

from typing import Any

from google_sandbox.oauth.scopes import SHORT

from .base import Api, Call, Endpoint

Json = dict[str, Any]


def get(call: Call) -> Json:
    account = call.persona.account
    told: Json = {"id": account.sub, "picture": account.picture}
    if SHORT["email"] in call.scopes:
        told |= {"email": account.email, "verified_email": account.email_verified}
    if SHORT["profile"] in call.scopes:
        told |= {"name": account.name, "given_name": account.given_name, "family_name": account.family_name}
    return told | ({"hd": account.hd} if account.hd else {})


API = Api(
    "oauth2.v2",
    "oauth2.googleapis.com",
    {"oauth2.userinfo.get": Endpoint(get), "oauth2.userinfo.v2.me.get": Endpoint(get)},
)
