"""Google Photos Picker: sessions of choosing, the page where a person chooses, and what was chosen.

`persona.photos`, the newest first, in words: name, make, model, days_ago, type (PHOTO or VIDEO), and `taken` where a
test wants a time of its own. Assumed: a session that is over or deleted is unknown, and a page size above 100 counts
as 100.
"""

import math
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup
from werkzeug.wrappers import Request

from google_sandbox.errors import GoogleError, api_error, bad_parameter
from google_sandbox.pages import joined, page
from google_sandbox.personas import Persona
from google_sandbox.reply import Reply
from google_sandbox.world import World

from .base import Api, Call, Endpoint
from .page import page_of

Json = dict[str, Any]

PAGE = "/picker"
POLL = "2.5s"
LIVES = 1800
USUAL_ITEMS, MOST_ITEMS = 2000, 2000
USUAL_SIZE, LARGEST_SIZE = 50, 100


def _failed_precondition(message: str) -> GoogleError:
    return GoogleError(400, {"error": {"code": 400, "message": message, "status": "FAILED_PRECONDITION"}})


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --------------------------------------------------------------------------- sessions


def create(call: Call) -> Json:
    if call.persona.photos is None:
        raise _failed_precondition("The user does not have an active Google Photos account.")
    name = secrets.token_hex(16)
    ends = call.now + LIVES
    call.persona.choosing[name] = {"id": name, "ends": ends, "most": _most(call), "chosen": None}
    return _resource(call, call.persona.choosing[name])


def _most(call: Call) -> int:
    """`maxItemCount` is an int64, so digits in a string."""
    config = call.body.get("pickingConfig", {})
    found = str(config.get("maxItemCount", USUAL_ITEMS)) if isinstance(config, dict) else ""
    if not found.isascii() or not found.isdigit() or not 0 < int(found) <= MOST_ITEMS:
        raise bad_parameter("Invalid value at 'picking_config.max_item_count'", "pickingConfig.maxItemCount")
    return int(found)


def get(call: Call) -> Json:
    return _resource(call, _session(call, call["sessionId"]))


def delete(call: Call) -> Json:
    del call.persona.choosing[_session(call, call["sessionId"])["id"]]
    return {}


def _session(call: Call, name: str) -> Json:
    """Of this account only: another one's is not there."""
    found = call.persona.choosing.get(name)
    if found is None or found["ends"] <= call.now:
        raise api_error(404, "Requested entity was not found.", "notFound", status=True)
    return found


def _resource(call: Call, session: Json) -> Json:
    told = {
        "id": session["id"],
        "pickerUri": f"{call.root}{PAGE}?session={session['id']}",
        "expireTime": _stamp(session["ends"]),
        "pickingConfig": {"maxItemCount": str(session["most"])},
    }
    if session["chosen"] is not None:
        return told | {"mediaItemsSet": True}
    left = max(math.ceil(session["ends"] - call.now), 0)
    return told | {"pollingConfig": {"pollInterval": POLL, "timeoutIn": f"{left}s"}}


# --------------------------------------------------------------------------- what was chosen


def listed(call: Call) -> Json:
    chosen = _session(call, call["sessionId"])["chosen"]
    if chosen is None:
        raise _failed_precondition("The user has not finished picking media items for this session.")
    size = call["pageSize"] or USUAL_SIZE
    if size < 0:
        raise bad_parameter("Invalid value at 'page_size'", "pageSize")
    rows, token = page_of(call, chosen, min(size, LARGEST_SIZE), call["pageToken"], call["sessionId"])
    answer: Json = {"mediaItems": [_item(call, number, photo) for number, photo in rows]} if rows else {}
    return answer | ({"nextPageToken": token} if token else {})


def _item(call: Call, number: int, photo: Json) -> Json:
    video = photo.get("type", "PHOTO") == "VIDEO"
    camera = {field: photo[word] for word, field in (("make", "cameraMake"), ("model", "cameraModel")) if word in photo}
    more = {"videoMetadata": {"fps": 30.0, "processingStatus": "READY"}} if video else {"photoMetadata": {}}
    return {
        "id": f"AF1Qip{call.persona.account.sub[-6:]}{number:06d}",
        "createTime": photo.get("taken") or _stamp(call.now - photo.get("days_ago", 0) * 86_400),
        "type": photo.get("type", "PHOTO"),
        "mediaFile": {
            "baseUrl": f"https://lh3.googleusercontent.com/ppa/sandbox-{number}",
            "mimeType": "video/mp4" if video else "image/jpeg",
            "filename": photo.get("name", f"photo {number}"),
            "mediaFileMetadata": {"width": 4080, "height": 3072, **camera, **more},
        },
    }


def choose(persona: Persona, names: Sequence[str] | None) -> None:
    """Play the person: choose photos by their names (None: all) in the newest open session."""
    waiting = [session for session in persona.choosing.values() if session["chosen"] is None]
    if not waiting:
        raise LookupError(f"{persona.account.email} is not choosing anything")
    photos = list(enumerate(persona.photos or ()))
    waiting[-1]["chosen"] = [
        (number, photo) for number, photo in photos if names is None or photo.get("name") in names
    ][: waiting[-1]["most"] if names is not None else None]


# --------------------------------------------------------------------------- the page where people choose

CHOICE = Markup(
    '<label class="scope"><input type="checkbox" name="photo" value="{number}">{what}<span class="soft">{about}</span>'
    "</label>"
)
FORM = Markup(
    '<p>with the account <strong>{email}</strong></p>\n<form method="post" action="{action}">\n'
    "<fieldset><legend>Choose up to {most}, the newest first</legend>{choices}</fieldset>\n"
    "<button>Done</button>\n</form>"
)


def picker(world: World, request: Request) -> Reply:
    found = _of_everybody(world, request.args.get("session", ""))
    if found is None:
        return page("This choice is over", Markup("<p>You can close this tab and go back to the app.</p>"), 404)
    persona, session = found
    if request.method == "POST":
        numbers = {int(text) for text in request.form.getlist("photo") if text.isascii() and text.isdigit()}
        kept = [(number, photo) for number, photo in enumerate(persona.photos or ()) if number in numbers]
        session["chosen"] = kept[: session["most"]]
        return page("Done", Markup("<p>You can close this tab and go back to the app.</p>"))
    return page("Choose photos", _form(world, persona, session))


def _form(world: World, persona: Persona, session: Json) -> Markup:
    choices = [
        CHOICE.format(number=number, what=photo.get("name", ""), about=_about(world, photo))
        for number, photo in enumerate((persona.photos or ())[:200])
    ]
    action = f"{PAGE}?session={session['id']}"
    return FORM.format(email=persona.account.email, action=action, most=session["most"], choices=joined(choices))


def _about(world: World, photo: Json) -> str:
    taken = photo.get("taken") or _stamp(world.clock.now() - photo.get("days_ago", 0) * 86_400)
    return f"{taken[:10]} {photo.get('make', '')} {photo.get('model', '')}".strip()


def _of_everybody(world: World, name: str) -> tuple[Persona, Json] | None:
    for persona in world.personas.values():
        session = persona.choosing.get(name)
        if session and session["chosen"] is None and session["ends"] > world.clock.now():
            return persona, session
    return None


API = Api(
    "photospicker.v1",
    "photospicker.googleapis.com",
    {
        "photospicker.sessions.create": Endpoint(create),
        "photospicker.sessions.get": Endpoint(get),
        "photospicker.sessions.delete": Endpoint(delete),
        "photospicker.mediaItems.list": Endpoint(listed),
    },
)
