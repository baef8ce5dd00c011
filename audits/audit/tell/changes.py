"""What changed, as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from audits.audit.tell import google_said
from audits.audit.tell.sentences import say
from audits.audit.tell.shapes import ChangeLine, Day, Page, Timeline
from audits.checks.catalogue import CHECKS, COMMON
from audits.checks.words import Sentence
from audits.models import Audit, AuditState, Change, ChangeKind, Connection, Person, TimelineEntry

LINES_A_PAGE = 50
Happening = Change | TimelineEntry | Audit

_WORDS = {
    ChangeKind.NEW: "New",
    ChangeKind.GONE: "Gone",
    ChangeKind.CHANGED: "Changed",
    ChangeKind.VERDICT: "Now",
    ChangeKind.BLIND: "Could not compare",
}


def _look_names() -> dict[str, str]:
    return {
        "drive_apps": gettext("Drive apps"),
        "drive_sharing": gettext("Drive sharing"),
        "drive_activity": gettext("Drive history"),
        "mail": gettext("Mail"),
        "calendar": gettext("Calendar"),
        "videos": gettext("YouTube"),
        "storage": gettext("Storage"),
        "photos": gettext("Google Photos"),
        "exports": gettext("Google’s lists of your phones and browser"),
        "administrator": gettext("Administrator"),
    }


def _event_text(kind: str, look: str, check: str = "") -> str:
    name = _look_names().get(look, "")
    kept = gettext(CHECKS[check].words.short) if check in CHECKS else ""
    texts = {
        "signed_in": gettext("You signed in."),
        "connected": gettext("You connected a Google account."),
        "reconnected": gettext("You connected your Google account again."),
        "needs_reconnecting": gettext("Google ended our access. The account needs reconnecting."),
        "look_opened": gettext("You opened a look: {name}.").format(name=name),
        "look_unticked": gettext("A look was not ticked at Google: {name}.").format(name=name),
        "look_closed": gettext("You closed a look: {name}.").format(name=name),
        "disconnected": gettext("You disconnected a Google account."),
        "operator_audit": gettext("An operator of this installation started an audit. They did not see its items."),
        "captured": gettext(
            "An operator of this installation wrote down which kinds of answers Google gives about your account. "
            "No name and no content was written down."
        ),
        "look_ended": gettext("A look ended at Google: {name}.").format(name=name),
        "export_begun": gettext("You asked Google for a copy of its lists of your phones and browser."),
        "export_ended": gettext("Google’s copy of those lists came to its end. We looked again."),
        "export_stopped": gettext("You stopped waiting for Google’s copy of those lists."),
        "administrator_look": gettext("You opened the administrator look, for one audit."),
        "app_removed": gettext("You asked us to remove an app from your account, and Google said that it is gone."),
        "photos_look": gettext("You opened Google Photos to us, to choose a photo."),
        "code_made": gettext("You got a new return code. One from before no longer works."),
        "passkey_added": gettext("You added a passkey."),
        "passkey_removed": gettext("You removed a passkey."),
        "password_set": gettext("You set a password."),
        "password_removed": gettext("You removed the password."),
        "signs_in_with_google": gettext("You sign in with Google from now on."),
        "put_together": gettext("You put two of your records together."),
        "taken_paper": gettext("You took your notes away, to print."),
        "taken_blacked_out": gettext("You took your notes away, to print, without names."),
        "taken_data": gettext("You took your notes away, as data."),
        "taken_locked": gettext("You took your notes away, in a locked file."),
        "brought_back": gettext("You brought notes back from a file."),
        "record_kept": gettext("You kept a record: {name}.").format(name=kept),
        "record_deleted": gettext("You deleted a record: {name}.").format(name=kept),
    }
    return texts.get(kind, gettext("Something was noted."))


def change_line(change: Change) -> ChangeLine:
    kind, content = ChangeKind(change.kind), change.content
    check = CHECKS.get(change.check_id)
    title = gettext(check.words.short) if check else ""
    item = content.get("item", {})
    return ChangeLine(
        kind=kind.value,
        word=gettext(_WORDS[kind]),
        name=str(item.get("name", "")) if item else title,
        text=_text(kind, content, title, change.check_id),
    )


def _text(kind: ChangeKind, content: dict[str, Any], title: str, check_id: str) -> str:
    if kind is ChangeKind.VERDICT:
        return gettext(COMMON.marks.get(_mark_key(str(content.get("to"))), ""))
    if kind is ChangeKind.BLIND:
        count = int(content.get("count", 0))
        return ngettext(
            "{count} thing that was here before could not be read this time.",
            "{count} things that were here before could not be read this time.",
            count,
        ).format(count=count)
    if kind is ChangeKind.GONE:
        return title
    return _item_sentence(content.get("item", {}), check_id) or title


def _mark_key(verdict: str) -> str:
    keys = {"needs_look": "look", "looks_fine": "fine", "could_not_tell": "unknown", "not_checked": "unchecked"}
    return keys.get(verdict, "unchecked")


def _item_sentence(item: dict[str, Any], check_id: str) -> str:
    check = CHECKS.get(check_id)
    sentence: Sentence | None = check.words.item_says.get(str(item.get("says"))) if check else None
    values = item.get("values", {})
    return say(sentence, values) if sentence and sentence.fits(values) else ""


def timeline(person: Person, number: int) -> Timeline:
    """Everything that happened, day by day, the newest first. Seven queries."""
    changes = Change.objects.filter(person=person)
    entries = TimelineEntry.objects.filter(person=person)
    audits = Audit.objects.filter(person=person, state=AuditState.FINISHED).exclude(finished_at=None)
    total = changes.count() + entries.count() + audits.count()
    count = max(1, -(-total // LINES_A_PAGE))
    number = min(max(number, 1), count)
    end = number * LINES_A_PAGE
    found: list[Happening] = [*changes[:end], *entries[:end], *audits.order_by("-finished_at")[:end]]
    found.sort(key=_when, reverse=True)
    return Timeline(
        days=tuple(_days(found[end - LINES_A_PAGE : end], _addresses(person))),
        page=Page(number=number, count=count, total=total),
    )


def _when(one: Happening) -> datetime:
    """Finished audits have the time they finished."""
    moment = one.finished_at if isinstance(one, Audit) else one.at
    assert moment is not None  # noqa: S101  only finished audits are asked for
    return moment


def _addresses(person: Person) -> Mapping[str, str]:
    """By the public ids of Connections."""
    return {str(one.public_id): one.email or "" for one in Connection.objects.filter(person=person)}


def _days(found: Sequence[Happening], accounts: Mapping[str, str]) -> Iterable[Day]:
    days: dict[str, list[ChangeLine]] = {}
    for one in found:
        date = date_format(timezone.localtime(_when(one)), "l j F Y")
        days.setdefault(date, []).append(_line(one, accounts))
    return [Day(date=date, entries=tuple(lines)) for date, lines in days.items()]


def _line(one: Happening, accounts: Mapping[str, str]) -> ChangeLine:
    if isinstance(one, Change):
        return change_line(one)
    at = date_format(timezone.localtime(_when(one)), "H:i")
    text = _audit_text(one) if isinstance(one, Audit) else _entry_text(one, accounts)
    return ChangeLine(kind="event", word=at, name="", text=text)


def _entry_text(one: TimelineEntry, accounts: Mapping[str, str]) -> str:
    values = one.values or {}
    return google_said.sentence(one, accounts) or _event_text(one.kind, values.get("look", ""), values.get("check", ""))


def _audit_text(audit: Audit) -> str:
    names = [gettext(CHECKS[check].words.short) for check in audit.only_checks if check in CHECKS]
    if names:
        return gettext("We looked again at one thing: {name}.").format(name=names[0])
    return gettext("We looked at everything that was open to us.")
