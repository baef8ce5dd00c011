"""Admin SDK Directory v1: users, tokens, app passwords. For administrators of a Workspace."""

from typing import Any

from google_sandbox.clients import Client
from google_sandbox.errors import api_error, forbidden, invalid_value, not_found
from google_sandbox.personas import Domain

from .base import Api, Call, Endpoint
from .directory_query import user_test

Json = dict[str, Any]

NOT_AUTHORIZED = "Not Authorized to access this resource/api"
TOKEN_LIVES = 3 * 86_400
ORDERS = {"email": "primaryEmail", "familyName": "familyName", "givenName": "givenName"}
# Only what colleagues may see of each other; two-step sign-in is not among it.
PUBLIC = ("kind", "id", "etag", "primaryEmail", "name", "emails", "thumbnailPhotoUrl")


def _etag(text: str) -> str:
    return f'"sandbox-{text}"'


def _domain(call: Call) -> Domain:
    domain = call.world.domain_of(call.persona)
    if domain is None:
        raise forbidden(NOT_AUTHORIZED)
    return domain


def _is_admin(call: Call, domain: Domain) -> bool:
    me = domain.user(call.persona.account.email)
    return bool(me and me["isAdmin"])


def _target(call: Call) -> tuple[Domain, Json]:
    """The user an administrator names. Everybody else is refused before anything is looked up."""
    domain = _domain(call)
    if not _is_admin(call, domain):
        raise forbidden(NOT_AUTHORIZED)
    return domain, _lookup(domain, call["userKey"])


def _lookup(domain: Domain, key: str) -> Json:
    host = key.partition("@")[2].lower()
    if host and host != domain.name:
        raise forbidden(NOT_AUTHORIZED)
    user = domain.user(key)
    if user is None:
        raise not_found("Resource Not Found: userKey")
    return user


def _shown(domain: Domain, user: Json, *, public: bool = False) -> Json:
    whole = {
        "kind": "admin#directory#user",
        "etag": _etag(user["id"]),
        "customerId": domain.customer,
        "emails": [{"address": user["primaryEmail"], "primary": True}],
        "isMailboxSetup": True,
        "includeInGlobalAddressList": True,
        "agreedToTerms": True,
        "ipWhitelisted": False,
        "changePasswordAtNextLogin": False,
        **user,
    }
    return {name: value for name, value in whole.items() if name in PUBLIC} if public else whole


def users_get(call: Call) -> Json:
    domain = _domain(call)
    if call["viewType"] == "domain_public":
        user = _lookup(domain, call["userKey"])
        if user["suspended"]:
            raise not_found("Resource Not Found: userKey")
        return _shown(domain, user, public=True)
    domain, user = _target(call)
    return _shown(domain, user)


def users_list(call: Call) -> Json:
    domain = _domain(call)
    public = call["viewType"] == "domain_public"
    if not public and not _is_admin(call, domain):
        raise forbidden(NOT_AUTHORIZED)
    _check_scope_of_list(call, domain)
    users = [user for user in _matching(call, domain) if not (public and user["suspended"])]
    bound = "\n".join([call.persona.account.email, call["query"] or "", call["orderBy"] or "", call["viewType"]])
    start: int | None = 0
    if call["pageToken"]:
        start = call.world.pages.offset(call["pageToken"], query=bound, now=call.now)
    if start is None:
        raise invalid_value("pageToken")
    end = start + call["maxResults"]
    answer: Json = {"kind": "admin#directory#users", "etag": _etag("users")}
    answer["users"] = [_shown(domain, user, public=public) for user in users[start:end]]
    if end < len(users):
        token = call.world.pages.token(offset=end, query=bound, expires=call.now + TOKEN_LIVES)
        answer["nextPageToken"] = token
    return answer


def _check_scope_of_list(call: Call, domain: Domain) -> None:
    if not call["customer"] and not call["domain"]:
        raise api_error(400, "Bad Request", "badRequest")
    if call["customer"] not in (None, "my_customer", domain.customer):
        raise forbidden(NOT_AUTHORIZED)
    if call["domain"] not in (None, domain.name):
        raise not_found("Domain not found.")


def _matching(call: Call, domain: Domain) -> list[Json]:
    if call["showDeleted"] == "true":
        return []
    test = user_test(call["query"] or "")
    users = [user for user in domain.users if test(user)]
    key = ORDERS.get(call["orderBy"] or "email", "primaryEmail")
    users.sort(key=lambda user: str(user.get(key) or user["name"].get(key)))
    return users[::-1] if call["sortOrder"] == "DESCENDING" else users


def _tokens(call: Call) -> list[Json]:
    """The persona's own, and what was let in while the sandbox ran: the asking app finds itself here."""
    domain, user = _target(call)
    rows = [*domain.tokens.get(user["primaryEmail"], ())]
    rows += [_let_in(client, scopes) for client, scopes in call.world.ledger.apps_of(user["primaryEmail"])]
    frame = {"kind": "admin#directory#token", "userKey": user["id"]}
    return [{**frame, "etag": _etag(row["clientId"]), **row} for row in rows]


def _let_in(client: Client, scopes: list[str]) -> Json:
    named = {"clientId": client.id, "displayText": client.name}
    return {**named, "scopes": scopes, "anonymous": False, "nativeApp": False}


def tokens_list(call: Call) -> Json:
    answer: Json = {"kind": "admin#directory#tokenList", "etag": _etag("tokens")}
    tokens = _tokens(call)
    return answer | ({"items": tokens} if tokens else {})


def tokens_get(call: Call) -> Json:
    for token in _tokens(call):
        if token["clientId"] == call["clientId"]:
            return token
    raise not_found("Resource Not Found: clientId")


def tokens_delete(call: Call) -> None:
    """Idempotent, as at Google: an unknown client is no error. What was there leaves a `revoke` in the log."""
    domain, user = _target(call)
    gone = [token for token in _tokens(call) if token["clientId"] == call["clientId"]]
    for token in gone[:1]:
        named = {"app_name": token["displayText"], "client_id": token["clientId"], "scope": token["scopes"]}
        domain.happened(user["primaryEmail"], "token", "revoke", at=call.now, type="auth", parameters=named)
    rows = domain.tokens.get(user["primaryEmail"], [])
    domain.tokens[user["primaryEmail"]] = [row for row in rows if row["clientId"] != call["clientId"]]
    client = call.world.clients.get(call["clientId"])
    if client:
        call.world.ledger.revoke(user["primaryEmail"], client.project)


def _asps(call: Call) -> list[Json]:
    domain, user = _target(call)
    rows = domain.asps.get(user["primaryEmail"], [])
    frame = {"kind": "admin#directory#asp", "userKey": user["id"]}
    return [{**frame, "etag": _etag(f"asp{row['codeId']}"), **row} for row in rows]


def asps_list(call: Call) -> Json:
    answer: Json = {"kind": "admin#directory#aspList", "etag": _etag("asps")}
    asps = _asps(call)
    return answer | ({"items": asps} if asps else {})


def asps_get(call: Call) -> Json:
    for asp in _asps(call):
        if asp["codeId"] == call["codeId"]:
            return asp
    raise not_found("Resource Not Found: codeId")


API = Api(
    "admin.directory_v1",
    "admin.googleapis.com",
    {
        "directory.users.get": Endpoint(users_get),
        "directory.users.list": Endpoint(users_list),
        "directory.tokens.list": Endpoint(tokens_list),
        "directory.tokens.get": Endpoint(tokens_get),
        "directory.tokens.delete": Endpoint(tokens_delete),
        "directory.asps.list": Endpoint(asps_list),
        "directory.asps.get": Endpoint(asps_get),
    },
    batch_calls=1000,
)
