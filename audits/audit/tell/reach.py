"""What a party reaches, as sentences. Each is about one address in one account, so that nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from audits.audit.tell.sentences import set_apart
from audits.models import Party

SAID = 3  # addresses or accounts whose reach is said in a row


def reach_text(rows: Sequence[Party], accounts: Mapping[int, str]) -> str:
    """What the rows of one party reach; "" when that is nothing. `accounts`: given only when there are several."""
    told = [(_where(row, rows, accounts), text) for row in rows if (text := party_text(row.content))]
    if len(told) == 1:
        return told[0][1]
    lines = [gettext("{where}: {text}").format(where=where, text=text) for where, text in told[:SAID]]
    return " ".join([*lines, *([gettext("And more.")] if len(told) > SAID else [])])


def _where(row: Party, rows: Sequence[Party], accounts: Mapping[int, str]) -> str:
    """What tells this row from the others: its address, the account, or both."""
    parts = [row.content["identity"]] if len({one.key for one in rows}) > 1 else []
    account = accounts.get(row.connection_id or 0, "")
    return ", ".join(set_apart(part) for part in [*parts, account] if part)


def party_text(content: Mapping[str, Any]) -> str:
    if content["kind"] == "app":
        return gettext("Can open every file in your Drive.") if content["drive_wide"] else gettext("Has some access.")
    if content["kind"] == "password":
        return gettext("An app password. It skips the second step.")
    return " ".join(_reach_texts(content))


def _reach_texts(content: Mapping[str, Any]) -> Iterable[str]:
    """One sentence for each way in which an address reaches the Person's things."""
    yield from _mail_texts(content)
    if content["files"]:
        yield _file_text(content["files"], content["pictures"], content["located"])
    calendars, drives, lends = (content.get(name, 0) for name in ("calendars", "drives", "lends"))
    if calendars:
        yield ngettext("Can see {n} calendar of yours.", "Can see {n} calendars of yours.", calendars).format(
            n=calendars
        )
    if drives:
        yield ngettext(
            "Belongs to {n} shared drive of yours.", "Belongs to {n} shared drives of yours.", drives
        ).format(n=drives)
    if lends:
        yield ngettext("Owns {n} file that you can open.", "Owns {n} files that you can open.", lends).format(n=lends)


def _mail_texts(content: Mapping[str, Any]) -> Iterable[str]:
    texts = {
        "all": gettext("Your new mail goes on to this address."),
        "some": gettext("Some of your new mail goes on to this address."),
        "allowed": gettext("Your mail is allowed to go on to this address. We saw no mail that goes there now."),
    }
    if content.get("mail"):
        yield texts[content["mail"]]
    if content.get("replies"):
        yield gettext("Answers to your mail go to this address.")


def _file_text(files: int, pictures: int, located: int) -> str:
    text = ngettext("Can open {files} file", "Can open {files} files", files).format(files=files)
    if not pictures:
        return f"{text}."
    text += ngettext(
        ", {pictures} of them a picture or video.", ", {pictures} of them pictures or videos.", pictures
    ).format(pictures=pictures)
    if located:
        text += " " + ngettext(
            "{located} carries the place where it was taken.",
            "{located} carry the place where they were taken.",
            located,
        ).format(located=located)
    return text
