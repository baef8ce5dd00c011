"""What changed or happened, as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from audits.audit.guided import place_of
from audits.audit.tell import google_said
from audits.audit.tell.sentences import day, say, set_apart
from audits.audit.tell.shapes import ChangeLine
from audits.audit.unseen import SILENT
from audits.checks.catalogue import CHECKS, COMMON
from audits.checks.words import Sentence
from audits.models import Audit, Change, ChangeKind, Person, TimelineEntry, Trigger

_WORDS = {
    ChangeKind.NEW: gettext_noop("New"),
    ChangeKind.GONE: gettext_noop("Gone"),
    ChangeKind.BACK: gettext_noop("Back again"),
    ChangeKind.CHANGED: gettext_noop("Changed"),
    ChangeKind.VERDICT: gettext_noop("Now"),
    ChangeKind.BLIND: gettext_noop("Could not compare"),
}


def lines_of(person: Person) -> QuerySet[Change]:
    """What is to be told of, the newest first. (A check without a line may still wait to be read again.)"""
    return Change.objects.filter(person=person).exclude(item_key=SILENT)


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
        "schedule_chosen": gettext("You chose when we look again by ourselves."),
        "schedule_off": gettext("You chose that we no longer look by ourselves."),
        "schedule_paused": gettext("You paused our looking by ourselves."),
        "schedule_went_on": gettext("You let us look by ourselves again."),
        "schedule_lost": gettext("Looking by ourselves is paused: no connected Google account lets us look."),
        "schedule_found": gettext("Looking by ourselves goes on: a Google account lets us look again."),
        "reminders_chosen": gettext("You chose what we remind you of."),
        "reminders_off": gettext("You chose that we remind you of nothing."),
        "reminders_stopped": gettext("A mail server refused your reminder, so reminders stay here."),
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
        about=place_of(check, None) if check else "",
        check=title if item and kind is not ChangeKind.GONE else "",
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
        return _gone(content, title)
    said = _item_sentence(content.get("item", {}), check_id)
    return " ".join(filter(None, [said, *_more(kind, content)])) or title


def _gone(content: dict[str, Any], title: str) -> str:
    if not content.get("since"):
        return title
    return gettext("{check}. We last saw it on {day}, and could not read this again until now.").format(
        check=title, day=_day(content["since"])
    )


def _more(kind: ChangeKind, content: dict[str, Any]) -> Iterable[str]:
    """What has to be said with it, so that it is not understood as more than was seen."""
    if kind is ChangeKind.NEW and content.get("since"):
        yield gettext("It came after {day}. We could not look in between.").format(day=_day(content["since"]))
    if kind is ChangeKind.BACK and content.get("gone_at"):
        yield gettext("On {day} it was not there.").format(day=_day(content["gone_at"]))
    before, now = content.get("before", {}), content.get("item", {})
    if kind is ChangeKind.CHANGED and content.get("id"):
        yield gettext(
            "It is listed under another number now. It may be the same app, or another one with the same name."
        )
    elif kind is ChangeKind.CHANGED and before.get("name") and before["name"] != now.get("name"):
        yield gettext("It was called {name} before.").format(name=set_apart(str(before["name"])))


def _day(iso: str) -> str:
    return day(datetime.fromisoformat(iso))


def _mark_key(verdict: str) -> str:
    keys = {"needs_look": "look", "looks_fine": "fine", "could_not_tell": "unknown", "not_checked": "unchecked"}
    return keys.get(verdict, "unchecked")


def _item_sentence(item: dict[str, Any], check_id: str) -> str:
    check = CHECKS.get(check_id)
    sentence: Sentence | None = check.words.item_says.get(str(item.get("says"))) if check else None
    values = item.get("values", {})
    return say(sentence, values) if sentence and sentence.fits(values) else ""


def entry_text(one: TimelineEntry, accounts: Mapping[str, str]) -> str:
    """`accounts`: addresses by the public ids of Connections."""
    values = one.values or {}
    return google_said.sentence(one, accounts) or _event_text(one.kind, values.get("look", ""), values.get("check", ""))


def audit_text(audit: Audit) -> str:
    names = [gettext(CHECKS[check].words.short) for check in audit.only_checks if check in CHECKS]
    if len(names) == 1:
        return gettext("We looked again at one thing: {name}.").format(name=names[0])
    if names:
        return gettext("We looked again at what could not be read before.")
    if audit.trigger == Trigger.SCHEDULE:
        return gettext("We looked by ourselves, as you chose, at everything that was open to us.")
    return gettext("We looked at everything that was open to us.")
