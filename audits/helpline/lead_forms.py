"""What leads and operators write into a box of ours. Names are read by callers, so they hold nothing unseen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audits.checks.names import tidy
from audits.helpline import staff
from audits.helpline.invitations import LONGEST_NAME
from audits.models import HelperRole, Helpline

_NAME = {"autocomplete": "off", "spellcheck": "false"}


class NameOfHelper(forms.Form):
    """The name that callers are shown."""

    name = forms.CharField(
        label=_("Name that callers see"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=_NAME),
        error_messages={"required": _("Please type a name.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")

    def clean_name(self) -> str:
        return seen(self.cleaned_data["name"], LONGEST_NAME)


class Invite(NameOfHelper):
    role = forms.ChoiceField(
        label=_("What they do"),
        choices=[
            (HelperRole.HELPER.value, _("Helper: takes calls")),
            (HelperRole.LEAD.value, _("Lead: invites people and never sees a caller")),
        ],
        initial=HelperRole.HELPER.value,
        widget=forms.RadioSelect,
    )


class NewLine(forms.Form):
    """A helpline, and who leads it first."""

    line = forms.CharField(
        label=_("Name of the helpline"),
        max_length=staff.LONGEST_LINE_NAME,
        widget=forms.TextInput(attrs=_NAME),
        error_messages={"required": _("Please type a name.")},
    )
    lead = forms.CharField(
        label=_("Name of its first lead"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=_NAME),
        error_messages={"required": _("Please type a name.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")

    def clean_line(self) -> str:
        return seen(self.cleaned_data["line"], staff.LONGEST_LINE_NAME)

    def clean_lead(self) -> str:
        return seen(self.cleaned_data["lead"], LONGEST_NAME)


def seen(typed: str, most: int) -> str:
    name = tidy(typed, most)
    if not name:
        raise forms.ValidationError(_("There is nothing to read in this name."))
    return name


class Texts(forms.Form):
    """What callers read before they ask. Plain text."""

    about = forms.CharField(
        label=_("Who you are, and who may join a call"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    limits = forms.CharField(
        label=_("What you cannot keep to yourselves"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    hours = forms.CharField(
        label=_("When you can be reached"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, helpline: Helpline, data: QueryDict | None = None) -> None:
        initial = {name: getattr(helpline, name) for name in ("about", "limits", "hours")}
        super().__init__(data, initial=initial, label_suffix="")

    def clean(self) -> dict[str, Any]:
        return {name: tidy_lines(text) for name, text in self.cleaned_data.items()}


def tidy_lines(text: str) -> str:
    """Line by line without what cannot be seen; empty lines only between others, one at a time."""
    found: list[str] = []
    for line in text.splitlines():
        shown = tidy(line, 600)
        if shown or (found and found[-1]):
            found.append(shown)
    return "\n".join(found).strip()
