"""The page a person is sent to: choose an account, choose what to allow.

Without a browser: POST to the authorize address, its query string as the app made it, with the form
fields `account`, `decision` (allow or deny), `approved` (a scope, repeated, or `all`) and `untick`
(a scope to leave out, repeated). The answer is the redirect back to the app.
"""

from urllib.parse import urlencode, urlsplit

from markupsafe import Markup
from werkzeug.wrappers import Request

from google_sandbox.pages import joined, page
from google_sandbox.personas import Persona
from google_sandbox.reply import Reply, see_other
from google_sandbox.world import World

from . import scopes
from .asking import Asking, read
from .ledger import Code
from .scopes import RefusedError


def authorize(world: World, request: Request) -> Reply:
    try:
        asking = read(world, request.args)
    except RefusedError as refused:
        return _refusal(refused)
    if request.method == "POST":
        return _decided(world, request, asking)
    if "none" in asking.prompts:
        return _without_asking(world, asking)
    persona = _persona(world, request, asking)
    if persona is None:
        return _chooser(world, request, asking)
    if not _still_to_ask(world, asking, persona) and "consent" not in asking.prompts:
        return _allowed(world, asking, persona, frozenset())
    return _consent(world, asking, persona)


def _refusal(refused: RefusedError) -> Reply:
    body = Markup("<p>Error 400: {}</p><p>{}</p>").format(refused.error, refused.message)
    return page("Access blocked", body, 400)


def _persona(world: World, request: Request, asking: Asking) -> Persona | None:
    chosen = request.args.get("account")
    if chosen:
        return world.persona(chosen)
    if "select_account" in asking.prompts or not asking.hint:
        return None
    return world.persona_by_hint(asking.hint)


def _not_for(asking: Asking, persona: Persona) -> RefusedError | None:
    """Not every account may have its data moved to an app. How Google says so is assumed."""
    if persona.exports is None and any(scope.startswith(scopes.PORTABILITY) for scope in asking.scopes):
        return RefusedError("access_denied", "This feature is not available for your account.")
    return None


def _still_to_ask(world: World, asking: Asking, persona: Persona) -> tuple[str, ...]:
    granted = world.ledger.granted(persona.account.email, asking.client.project)
    return tuple(scope for scope in asking.scopes if scope not in granted)


def _without_asking(world: World, asking: Asking) -> Reply:
    persona = world.persona_by_hint(asking.hint) if asking.hint else None
    if persona is None or _still_to_ask(world, asking, persona):
        return _back(asking, {"error": "interaction_required"})
    return _allowed(world, asking, persona, frozenset())


def _decided(world: World, request: Request, asking: Asking) -> Reply:
    persona = world.persona_by_hint(request.form.get("account") or asking.hint)
    if persona is None:
        return _refusal(RefusedError("invalid_request", "There is no such account in the sandbox."))
    if request.form.get("decision") != "allow":
        return _back(asking, {"error": "access_denied"})
    named = request.form.getlist("approved")
    approved = asking.scopes if "all" in named else scopes.normalise(" ".join(named))
    unticked = scopes.normalise(" ".join(request.form.getlist("untick")))
    return _allowed(world, asking, persona, frozenset(approved) - frozenset(unticked))


def _allowed(world: World, asking: Asking, persona: Persona, approved: frozenset[str]) -> Reply:
    """Sign-in scopes come with signing in; what was allowed before stays allowed until it is revoked."""
    if refused := _not_for(asking, persona):
        return _refusal(refused)
    email = persona.account.email
    before = world.ledger.granted(email, asking.client.project)
    given = [s for s in asking.scopes if s in scopes.SIGN_IN or s in approved or s in before]
    if not given:
        return _back(asking, {"error": "access_denied"})
    if asking.incremental:
        given += sorted(before - set(given))
    code = Code(
        client=asking.client,
        email=email,
        redirect_uri=asking.redirect_uri,
        scopes=tuple(given),
        issued=world.clock.now(),
        offline=asking.offline,
        renew="consent" in asking.prompts,
        challenge=asking.challenge,
        challenge_method=asking.challenge_method,
        nonce=asking.nonce,
        claims=asking.claims,
    )
    hosted = {"hd": persona.account.hd} if persona.account.hd else {}
    sent = {"code": world.ledger.allow(code), "scope": " ".join(given), "authuser": "0", **hosted}
    return _back(asking, {**sent, "prompt": "consent" if approved else "none"})


def _back(asking: Asking, parameters: dict[str, str]) -> Reply:
    if asking.state:
        parameters = {"state": asking.state, **parameters}
    joint = "&" if urlsplit(asking.redirect_uri).query else "?"
    return see_other(f"{asking.redirect_uri}{joint}{urlencode(parameters)}")


CHOICE = Markup(
    '<li><a href="?{query}"><strong>{name}</strong><br>{email}<br><span class="soft">{about}</span></a></li>'
)


def _chooser(world: World, request: Request, asking: Asking) -> Reply:
    accounts = sorted(world.personas.values(), key=lambda p: (p.account.email != asking.hint, p.account.place))
    choices = [
        CHOICE.format(
            query=urlencode({**request.args.to_dict(), "account": persona.account.email}),
            name=persona.account.name,
            email=persona.account.email,
            about=persona.account.summary,
        )
        for persona in accounts
    ]
    body = Markup('<p>to continue to {}</p><ul class="choices">{}</ul>').format(asking.client.name, joined(choices))
    return page("Choose an account", body)


CONSENT = Markup(
    '<p>with the account <strong>{email}</strong></p>\n<form method="post">\n'
    '<input type="hidden" name="account" value="{email}">\n{parts}\n'
    '<button name="decision" value="allow">Continue</button>\n'
    '<button class="second" name="decision" value="deny">Cancel</button>\n</form>'
)
SCOPE = Markup(
    '<label class="scope"><input type="checkbox" name="approved" value="{scope}" checked>'
    '{words}<span class="soft">{scope}</span></label>'
)


def _consent(world: World, asking: Asking, persona: Persona) -> Reply:
    if refused := _not_for(asking, persona):
        return _refusal(refused)
    new = _still_to_ask(world, asking, persona)
    asked = [SCOPE.format(scope=scope, words=scopes.words(scope)) for scope in scopes.further_part(new)]
    parts = [_told("Always shared when you sign in", scopes.sign_in_part(asking.scopes))]
    if asked:
        legend = Markup("<legend>Choose what {} can do</legend>").format(asking.client.name)
        parts.append(Markup("<fieldset>{}\n{}</fieldset>").format(legend, joined(asked)))
    before = [scope for scope in scopes.further_part(asking.scopes) if scope not in new]
    parts.append(_told("Allowed before", tuple(before)))
    body = CONSENT.format(email=persona.account.email, parts=joined(parts))
    return page(f"{asking.client.name} wants access to your account", body)


def _told(heading: str, listed: tuple[str, ...]) -> Markup:
    if not listed:
        return Markup("")
    lines = joined([Markup("<li>{}</li>").format(scopes.words(scope)) for scope in listed])
    return Markup("<h2>{}</h2><ul>{}</ul>").format(heading, lines)
