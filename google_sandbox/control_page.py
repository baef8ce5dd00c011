"""The control page for people: what runs now, and a few handles, in plain HTML."""

from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.wrappers import Request

from . import edits
from .control_accounts import accounts, button, form
from .faults import parse_rule
from .pages import joined, page
from .reply import Reply, see_other
from .world import World

HOME = "/__sandbox__/"

LAYOUT = Markup(
    "<p>Here you can change what the stand-in does while the app runs against it.</p>"
    "<h2>Now</h2><ul><li>Each answer waits {latency:g} ms</li><li>The clock is {shifted:g} seconds ahead</li>"
    "<li>Requests so far: {total}, most at once: {peak}</li><li>Requests hanging: {hanging}</li></ul>"
    "<h2>Handles</h2>{handles}<h2>Faults</h2>{faults}<h2>Allowed apps</h2>{grants}<h2>Accounts</h2>{accounts}"
)


def answer(world: World, request: Request) -> Reply:
    if request.method == "POST":
        return _done(world, request)
    return _show(world)


def _done(world: World, request: Request) -> Reply:
    if not _from_this_page(request):
        return page("Not done", Markup("<p>This form was sent by another site.</p>"), 403)
    action = ACTIONS.get(request.form.get("do", ""))
    try:
        if action is None:
            raise ValueError("there is no such handle")
        action(world, request.form.to_dict())
    except (ValueError, LookupError) as wrong:
        body = Markup('<p>{}</p><p><a href="/__sandbox__/">Back</a></p>').format(str(wrong))
        return page("Not done", body, 400)
    return see_other(HOME)


def _from_this_page(request: Request) -> bool:
    """Browsers say where a form came from; programs say nothing."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _latency(world: World, sent: dict[str, str]) -> None:
    world.wait_each_time(float(sent.get("ms", "0")))


def _fault(world: World, sent: dict[str, str]) -> None:
    world.faults.add(parse_rule(sent.get("spec", "")))


def _clear_faults(world: World, sent: dict[str, str]) -> None:
    world.faults.clear()
    world.hold.release()


def _shift(world: World, sent: dict[str, str]) -> None:
    world.clock.shift(float(sent.get("hours", "0")) * 3600)


def _revoke(world: World, sent: dict[str, str]) -> None:
    world.ledger.revoke(sent.get("account", ""), sent.get("project"))


def _remove_app(world: World, sent: dict[str, str]) -> None:
    edits.apply(world, sent.get("account", ""), "remove_app", {"app": sent.get("app", "")})


def _close_link(world: World, sent: dict[str, str]) -> None:
    words = {"file": sent.get("file", ""), "words": {"link": None, "findable": None}}
    edits.apply(world, sent.get("account", ""), "change_file", words)


def _two_step(world: World, sent: dict[str, str]) -> None:
    words = {"isEnrolledIn2Sv": sent.get("on") == "yes"}
    edits.apply(world, sent.get("account", ""), "change_user", words)


def _reset(world: World, sent: dict[str, str]) -> None:
    world.reset()


ACTIONS = {
    "latency": _latency,
    "fault": _fault,
    "clear_faults": _clear_faults,
    "shift": _shift,
    "revoke": _revoke,
    "remove_app": _remove_app,
    "close_link": _close_link,
    "two_step": _two_step,
    "reset": _reset,
}


def _show(world: World) -> Reply:
    log = world.log.as_json()
    body = LAYOUT.format(
        latency=world.latency_ms,
        shifted=world.clock.shifted,
        total=log["total"],
        peak=log["peak"],
        hanging=world.hold.waiting,
        handles=_handles(world),
        faults=_faults(world),
        grants=_grants(world),
        accounts=accounts(world),
    )
    return page("Sandbox controls", body)


def _handles(world: World) -> Markup:
    return joined(
        [
            form("latency", "Set the wait", ("ms", "Milliseconds each answer waits", f"{world.latency_ms:g}")),
            form("shift", "Move the clock", ("hours", "Hours to move the clock ahead", "1")),
            form("fault", "Add a fault", ("spec", "Fault, for instance drive.files.list=503,first=2", "")),
            button("reset", "Put everything back as it was"),
        ]
    )


def _faults(world: World) -> Markup:
    if not world.faults.rules:
        return Markup('<p class="soft">None.</p>')
    rows = [Markup("<li>{}: {} {}</li>").format(r.match, r.kind, r.status or "") for r in world.faults.rules]
    return Markup("<ul>{}</ul>{}").format(joined(rows), button("clear_faults", "Remove all faults"))


def _grants(world: World) -> Markup:
    grants = world.ledger.grants()
    if not grants:
        return Markup('<p class="soft">Nobody has allowed anything yet.</p>')
    return joined([_grant(str(grant["account"]), str(grant["project"])) for grant in grants])


def _grant(account: str, project: str) -> Markup:
    return Markup("<p>{} allowed {}</p>{}").format(
        account, project, button("revoke", f"Take it back for {account}", account=account, project=project)
    )
