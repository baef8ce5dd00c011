"""What a Person writes into their list of people and devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audits.accounts.grants import email_key
from audits.audit import name_list
from audits.audit.asks import MOST_ADDRESSES
from audits.audit.name_list import LONGEST_LABEL, MOST_DEVICES, MOST_LABELS, NotKept, Reason
from audits.checks.names import tidy
from audits.models import Connection, NamedDevice, NamedPerson, Person

LONGEST_ADDRESS = 254

NOT_KEPT: Mapping[Reason, str | Promise] = {
    Reason.ADDRESS_THERE: _("This address is already in your list."),
    Reason.LABEL_THERE: _("This name is already in your list. You can add an address to it."),
    Reason.DEVICE_THERE: _("This device is already in your list."),
    Reason.ADDRESSES_FULL: _("Your list is full: it holds {addresses} addresses. Take one out first."),
    Reason.LABELS_FULL: _("Your list is full: it holds {labels} names of people. Take one out first."),
    Reason.DEVICES_FULL: _("Your list is full: it holds {devices} devices. Take one out first."),
    Reason.NEEDS_LABEL: _("Please write a name. Without an address, there is nothing else to know this one by."),
}


def why_not(reason: Reason) -> str:
    full = {"addresses": MOST_ADDRESSES, "labels": MOST_LABELS, "devices": MOST_DEVICES}
    return str(NOT_KEPT[reason]).format(**full)


class LabelField(forms.CharField):
    """Any name, on one line, without what cannot be seen."""

    def __init__(self, label: Any, *, required: bool) -> None:
        super().__init__(
            label=label,
            required=required,
            max_length=LONGEST_LABEL,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            error_messages={
                "required": _("Please write a name."),
                "max_length": _("This is too long for a name. %(limit_value)d letters fit."),
            },
        )

    def clean(self, value: Any) -> str:
        label = super().clean(value)
        shown = tidy(label, LONGEST_LABEL)
        if label and not shown:
            raise forms.ValidationError(_("We cannot show a name like this. Please write another one."))
        return shown


class PersonForm(forms.Form):
    """Somebody the Person has in mind: a name for them, an e-mail address, or both."""

    label = LabelField(_("A name that you know them by"), required=False)
    address = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "invalid": _(
                "This does not look like an e-mail address. It needs an @ and an ending, as in name@mail.org."
            ),
        },
    )

    def __init__(self, person: Person, data: QueryDict | Mapping[str, str] | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.person = person

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().lower()
        if any(c in address for c in "\"'\\\x00") or not address.isprintable():
            # These would have to be escaped in Google's search language; no common address has them.
            raise forms.ValidationError(_("We cannot search for an address with these characters."))
        if address and Connection.objects.filter(person=self.person, email_key=email_key(address)).exists():
            raise forms.ValidationError(_("This is your own connected account."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("label") or cleaned.get("address")):
            raise forms.ValidationError({"label": _("Please write a name, an address, or both.")})
        return cleaned

    def keep(self) -> bool:
        """False when it was not kept; the form then says why."""
        label, address = self.cleaned_data["label"], self.cleaned_data["address"]
        field = "address" if address else "label"
        return kept(self, field, lambda: name_list.add_person(self.person, label, address))


class DeviceForm(forms.Form):
    label = LabelField(_("A name that you know it by"), required=True)

    def __init__(self, person: Person, data: QueryDict | Mapping[str, str] | None = None) -> None:
        super().__init__(data, label_suffix="", auto_id="device_%s")
        self.person = person

    def keep(self) -> bool:
        return kept(self, "label", lambda: name_list.add_device(self.person, self.cleaned_data["label"]))


class ChangeLabelForm(forms.Form):
    """Another name for one in the list."""

    label = LabelField(_("Another name"), required=False)

    def __init__(
        self, named: NamedPerson | NamedDevice, label: str, data: QueryDict | Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial={"label": label}, label_suffix="", auto_id=f"change_{named.public_id}_%s")
        self.named = named

    def keep(self) -> bool:
        named, label = self.named, self.cleaned_data["label"]
        if isinstance(named, NamedDevice):
            return kept(self, "label", lambda: name_list.relabel_device(named.person, named, label))
        return kept(self, "label", lambda: name_list.relabel_person(named.person, named, label))


def kept(form: forms.Form, field: str, keep: Callable[[], None]) -> bool:
    try:
        keep()
    except NotKept as refused:
        form.add_error(field, why_not(refused.reason))
        return False
    return True
