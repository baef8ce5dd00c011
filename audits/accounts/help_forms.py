"""What a Person writes after a session: a note of their own, and how they can be reached safely."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audits.audit.helping.after import LONGEST_NOTE
from audits.audit.tell.help_after import CHANNELS, VOICEMAIL

LONGEST_LINE = 120
LONGEST_WORDS = 300
_PLAIN = {"autocomplete": "off"}
_TOO_LONG = {"max_length": _("This is too long. %(limit_value)d letters fit.")}


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What you want to remember"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={**_PLAIN, "rows": 5}),
        error_messages=_TOO_LONG,
    )

    def __init__(self, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")

    def clean_note(self) -> str:
        """Lines end in one way only, so that a length means the same in every browser."""
        return "\n".join(self.cleaned_data["note"].splitlines())


def _line(label: Any, most: int = LONGEST_LINE) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages=_TOO_LONG,
    )


class ReachForm(forms.Form):
    time = _line(_("When"))
    channel = forms.ChoiceField(
        label=_("How"),
        required=False,
        choices=[("", _("I do not say")), *((one, _(CHANNELS[one])) for one in CHANNELS)],
    )
    to = _line(_("At which number or address"))
    if_somebody_else = _line(_("What to say if somebody else answers"), LONGEST_WORDS)
    voicemail = forms.ChoiceField(
        label=_("Voice message"),
        required=False,
        choices=[("", _("I do not say")), *((one, _(VOICEMAIL[one])) for one in VOICEMAIL)],
    )

    def __init__(self, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")

    def reach(self) -> dict[str, str] | None:
        """None: nothing was written, so nothing is kept."""
        said = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return said or None
