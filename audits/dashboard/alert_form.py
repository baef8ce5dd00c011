"""What the Person wants to be reminded of, how and when. What the page never offered is not taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.audit import alerting
from audits.audit.alerting import Chosen
from audits.audit.tell.reminders import WORDS
from audits.dashboard.schedule_form import hours
from audits.models import AlertChoice, Channel, Person

LONGEST_ADDRESS = 254


class ReminderForm(forms.Form):
    """`warned`: whose mailbox the address is, if the Person has to say that they want it all the same."""

    kinds = forms.MultipleChoiceField(
        label=_("What is worth a reminder"),
        choices=lambda: [(kind, gettext(word)) for kind, word in WORDS.items()],
        error_messages={"required": _("Please choose at least one, or turn reminders off.")},
    )
    channel = forms.ChoiceField(
        label=_("Where it comes"),
        choices=lambda: channels(),
        error_messages={"required": _("Please choose where it comes.")},
    )
    address = forms.CharField(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    anyway = forms.CharField(max_length=LONGEST_ADDRESS, required=False)
    quiet_from = forms.TypedChoiceField(label=_("Quiet from"), choices=lambda: hours(), coerce=int)
    quiet_to = forms.TypedChoiceField(label=_("Quiet until"), choices=lambda: hours(), coerce=int)

    def __init__(self, person: Person, kept: AlertChoice | None, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="", initial=before(kept))
        self.person, self.warned = person, ""

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("channel") != Channel.EMAIL:
            self.errors.pop("address", None)
            self.errors.pop("anyway", None)
        elif "address" in said:
            self._clean_mailbox(said)
        return said

    def _clean_mailbox(self, said: dict[str, Any]) -> None:
        address = said["address"].strip()
        if not can_be_written_to(address):
            self.add_error("address", _("Please write a whole address, such as name@example.org."))
            return
        said["address"] = address
        whose = alerting.whose(self.person, address)
        if whose and said.get("anyway") != address:
            self.warned = whose
            self.add_error("address", _("Nothing is kept yet. Please read this first."))

    @property
    def chosen(self) -> Chosen:
        said = self.cleaned_data
        by_mail = said["channel"] == Channel.EMAIL
        return Chosen(
            kinds=tuple(said["kinds"]),
            channel=Channel(said["channel"]),
            address=said["address"] if by_mail else "",
            anyway=alerting.whose(self.person, said["address"]) if by_mail else "",
            quiet_from=said["quiet_from"],
            quiet_to=said["quiet_to"],
        )


def can_be_written_to(address: str) -> bool:
    """The plain kind, which every mail server takes."""
    if not address.isascii() or any(sign in address for sign in "\"'\\ ()<>,;:"):
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def channels() -> list[tuple[str, str]]:
    found = [(Channel.APP.value, gettext("Only here, on the overview"))]
    if settings.MAIL_SERVER is not None:
        found.append((Channel.EMAIL.value, gettext("An e-mail, which says nothing")))
    return [*found, (Channel.CALENDAR.value, gettext("Here, and a regular entry in your own calendar"))]


def before(kept: AlertChoice | None) -> dict[str, Any]:
    """What stands in the form at first. No address is put there by us."""
    if kept is None:
        return {"kinds": [], "channel": Channel.APP.value, "quiet_from": 22, "quiet_to": 8}
    wanted = kept.wanted
    channel = kept.channel if kept.channel in dict(channels()) else Channel.APP.value
    return {
        "kinds": wanted["kinds"],
        "channel": channel,
        "address": wanted["address"],
        "anyway": wanted["address"] if wanted.get("anyway") else "",
        "quiet_from": kept.quiet_from,
        "quiet_to": kept.quiet_to,
    }
