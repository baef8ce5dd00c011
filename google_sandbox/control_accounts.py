"""The part of the control page that is about the accounts, and the forms all of it is made of."""

from markupsafe import Markup

from .api.drive.query import parse
from .pages import joined
from .personas import Persona
from .world import World

FORM = Markup(
    '<form method="post" action="/__sandbox__/"><input type="hidden" name="do" value="{do}">{fields}'
    '<button class="{size}">{label}</button></form>'
)
FIELD = Markup('<label class="field"><span>{label}</span><input name="{name}" value="{value}" maxlength="300"></label>')
HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')
FOLD = Markup("<details><summary>{}: {}</summary><ul>{}</ul></details>")
SHOWN = 15
LONGEST = 60


def form(do: str, label: str, *fields: tuple[str, str, str]) -> Markup:
    """`fields`: name, label, value."""
    inputs = [FIELD.format(name=name, label=words, value=value) for name, words, value in fields]
    return FORM.format(do=do, label=label, size="", fields=joined(inputs))


def button(do: str, label: str, **hidden: str) -> Markup:
    pairs = [HIDDEN.format(*item) for item in hidden.items()]
    return FORM.format(do=do, label=label, size="small", fields=joined(pairs))


def accounts(world: World) -> Markup:
    ordered = sorted(world.personas.values(), key=lambda persona: persona.account.place)
    return joined([_account(world, persona) for persona in ordered])


def _account(world: World, persona: Persona) -> Markup:
    parts = [_apps(persona), _open_files(persona), _two_step(world, persona)]
    return Markup("<h3>{}</h3><p>{}. {}</p>{}").format(
        persona.account.email, persona.account.name, persona.account.summary, joined(parts)
    )


def _apps(persona: Persona) -> Markup:
    apps = persona.drive.apps
    rows = [_row(persona, app["name"], "remove_app", "Remove", app=app["id"]) for app in apps[:SHOWN]]
    return FOLD.format("Apps on this Drive", len(apps), joined(rows))


def _open_files(persona: Persona) -> Markup:
    query = "trashed=false and (visibility='anyoneWithLink' or visibility='anyoneCanFind')"
    corpus = persona.drive.corpus
    found = corpus.select((query, ""), parse(query), None)
    rows = []
    for ordinal in found[:SHOWN]:
        cohort, number = corpus.resolve(ordinal)
        name, file = cohort.value("name", number), cohort.value("id", number)
        rows.append(_row(persona, name, "close_link", "Close the link of", file=file))
    return FOLD.format("Open to anyone", len(found), joined(rows))


def _row(persona: Persona, name: str, do: str, label: str, **hidden: str) -> Markup:
    short = name[:LONGEST]
    made = button(do, f"{label} {short}", account=persona.account.email, **hidden)
    return Markup("<li>{}</li>").format(made)


def _two_step(world: World, persona: Persona) -> Markup:
    domain = world.domain_of(persona)
    user = domain.user(persona.account.email) if domain else None
    if user is None:
        return Markup("")
    on = bool(user.get("isEnrolledIn2Sv"))
    name = persona.account.given_name
    turned, to = ("on", "off") if on else ("off", "on")
    made = button("two_step", f"Turn it {to} for {name}", account=persona.account.email, on="no" if on else "yes")
    return Markup("<p>Two-step sign-in of {} is {}</p>{}").format(name, turned, made)
