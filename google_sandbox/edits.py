"""Changes to the personas while the sandbox runs, so that "what is new" can be shown."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .api.gmail.edits import EDITS as MAIL_EDITS
from .api.gmail.edits import edit as edit_mailbox
from .api.photos_picker import choose as choose_photos
from .api.portability import change as change_exports
from .personas import Domain, Persona
from .world import World

Json = dict[str, Any]
Words = Mapping[str, Any]

ACCOUNT_WORDS = frozenset(
    {"amr", "signed_in_seconds_ago", "given_name", "family_name", "hd", "email_verified", "summary"}
)


def apply(world: World, account: str, do: str, words: Words) -> Json:
    """LookupError for an unknown account or thing, ValueError for an unknown edit or word."""
    persona = world.persona(account)
    if persona is None:
        raise LookupError(f"no account {account!r}")
    if do in DRIVE_EDITS:
        return {"id": DRIVE_EDITS[do](persona, words, world.clock.stamp())}
    if do in OTHER_EDITS:
        OTHER_EDITS[do](persona, words, world.clock.stamp())
        return {}
    if do in MAIL_EDITS:
        return {"id": edit_mailbox(persona.mailbox, do, words)}
    if do == "change_account":
        return _change_account(persona, words)
    if do in DIRECTORY_EDITS:
        domain = world.domain_of(persona)
        if domain is None:
            raise LookupError(f"{account} is in no Workspace")
        DIRECTORY_EDITS[do](domain, persona.account.email, words)
        return {}
    known = sorted([*DRIVE_EDITS, *OTHER_EDITS, *MAIL_EDITS, "change_account", *DIRECTORY_EDITS])
    raise ValueError(f"unknown edit {do!r}; known: {', '.join(known)}")


def _change_account(persona: Persona, words: Words) -> Json:
    unknown = set(words) - ACCOUNT_WORDS
    if unknown:
        raise ValueError(f"unknown words: {', '.join(sorted(unknown))}")
    for name, value in words.items():
        setattr(persona.account, name, value)
    return {}


def _add_app(persona: Persona, words: Words, now: str) -> str:
    return persona.drive.add_app(words)


def _remove_app(persona: Persona, words: Words, now: str) -> None:
    persona.drive.remove_app(words["app"])


def _add_file(persona: Persona, words: Words, now: str) -> str:
    return persona.drive.add_file({"created": now, **words}, now)


def _change_file(persona: Persona, words: Words, now: str) -> str:
    return persona.drive.change_file(words["file"], words["words"], now)


def _remove_file(persona: Persona, words: Words, now: str) -> str:
    return persona.drive.remove_file(words["file"], now)


def _change_storage(persona: Persona, words: Words, now: str) -> None:
    persona.drive.storage = persona.drive.storage | {name: str(size) for name, size in words.items()}


def _calendar(persona: Persona, name: str) -> Json:
    found = next((words for words in persona.calendars or () if words["name"] == name), None)
    if found is None:
        raise LookupError(f"no calendar {name!r}")
    return found


def _share_calendar(persona: Persona, words: Words, now: str) -> None:
    """`with`: users, groups or domains; without `address` the calendar becomes public."""
    calendar = _calendar(persona, words["calendar"])
    if "address" in words:
        calendar.setdefault(words.get("with", "users"), {})[words["address"]] = words["role"]
    else:
        calendar["public"] = words["role"]


def _unshare_calendar(persona: Persona, words: Words, now: str) -> None:
    calendar = _calendar(persona, words["calendar"])
    if "address" in words:
        calendar.get(words.get("with", "users"), {}).pop(words["address"], None)
    else:
        calendar.pop("public", None)


def _leave_calendar(persona: Persona, words: Words, now: str) -> None:
    persona.calendars = None


def _change_channel(persona: Persona, words: Words, now: str) -> None:
    """`videos` or `playlists`, whole; {} takes the channel away."""
    persona.channel = {**(persona.channel or {"title": "Channel", "videos": []}), **words} if words else None


def _change_video(persona: Persona, words: Words, now: str) -> None:
    channel = persona.channel or {}
    for one in [*channel.get("videos", ()), *channel.get("playlists", ())]:
        if one["title"] == words["title"]:
            one["privacy"] = words["privacy"]
            return
    raise LookupError(f"no video {words['title']!r}")


def _add_activity(persona: Persona, words: Words, now: str) -> None:
    persona.activity = [*persona.activity, {**words, "at": datetime.fromisoformat(now).timestamp()}]


DRIVE_EDITS: dict[str, Callable[[Persona, Words, str], str | None]] = {
    "add_app": _add_app,
    "remove_app": _remove_app,
    "add_file": _add_file,
    "change_file": _change_file,
    "remove_file": _remove_file,
    "change_storage": _change_storage,
}


def _add_photos(persona: Persona, words: Words, now: str) -> None:
    """As the newest ones. `count` of the same kind; `persona.photos` is None for who does not use Google Photos."""
    more = dict(words)
    persona.photos = [dict(more) for _ in range(int(more.pop("count", 1)))] + (persona.photos or [])


def _choose_photos(persona: Persona, words: Words, now: str) -> None:
    choose_photos(persona, words.get("photos"))


def _end_choosing(persona: Persona, words: Words, now: str) -> None:
    persona.choosing.clear()


def _change_exports(persona: Persona, words: Words, now: str) -> None:
    change_exports(persona, words)


OTHER_EDITS: dict[str, Callable[[Persona, Words, str], str | None]] = {
    "share_calendar": _share_calendar,
    "unshare_calendar": _unshare_calendar,
    "leave_calendar": _leave_calendar,
    "change_channel": _change_channel,
    "change_video": _change_video,
    "add_activity": _add_activity,
    "add_photos": _add_photos,
    "choose_photos": _choose_photos,
    "end_choosing": _end_choosing,
    "change_exports": _change_exports,
}


def _change_user(domain: Domain, email: str, words: Words) -> None:
    user = domain.user(email)
    if user is None:
        raise LookupError(f"no user {email!r} in {domain.name}")
    user.update(words)


def _add_token(domain: Domain, email: str, words: Words) -> None:
    row = {"displayText": words["clientId"], "scopes": [], "anonymous": False, "nativeApp": False, **words}
    domain.tokens[email] = [*domain.tokens.get(email, ()), row]


def _remove_token(domain: Domain, email: str, words: Words) -> None:
    rows = domain.tokens.get(email, ())
    domain.tokens[email] = [row for row in rows if row["clientId"] != words["clientId"]]


def _add_app_password(domain: Domain, email: str, words: Words) -> None:
    rows = domain.asps.get(email, [])
    number = max((row["codeId"] for row in rows), default=0) + 1
    row = {"codeId": number, "creationTime": "1763712000000", "lastTimeUsed": "0", **words}
    domain.asps[email] = [*rows, row]


def _remove_app_password(domain: Domain, email: str, words: Words) -> None:
    domain.asps[email] = [row for row in domain.asps.get(email, ()) if row["codeId"] != words["codeId"]]


def _add_event(domain: Domain, email: str, words: Words) -> None:
    """One more entry of the organisation's log, `days_ago` or a moment ago."""
    more = dict(words)
    at = time.time() - 60 - float(more.pop("days_ago", 0)) * 86_400
    domain.happened(email, more.pop("application"), more.pop("name"), at=at, **more)


DIRECTORY_EDITS: dict[str, Callable[[Domain, str, Words], None]] = {
    "change_user": _change_user,
    "add_token": _add_token,
    "remove_token": _remove_token,
    "add_app_password": _add_app_password,
    "remove_app_password": _remove_app_password,
    "add_event": _add_event,
}
