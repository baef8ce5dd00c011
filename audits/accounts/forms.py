"""What a Person writes into a box of ours."""

from __future__ import annotations

from django import forms
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audits.accounts.grants import email_key
from audits.models import Connection, NamedPerson, Person
from audits.models.sealing import lookup_key
from privacy_audit.security.local_time import zones

MOST_NAMES = 20
LONGEST_ADDRESS = 254


class NameForm(forms.Form):
    """One e-mail address of somebody the Person worries about."""

    address = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Please write an e-mail address."),
            "invalid": _(
                "This does not look like an e-mail address. It needs an @ and an ending, as in name@mail.org."
            ),
        },
    )

    def __init__(self, person: Person, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.person = person

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().lower()
        if any(c in address for c in "\"'\\\x00") or not address.isprintable():
            # These would have to be escaped in Google's search language; no common address has them.
            raise forms.ValidationError(_("We cannot search for an address with these characters."))
        if Connection.objects.filter(person=self.person, email_key=email_key(address)).exists():
            raise forms.ValidationError(_("This is your own connected account."))
        named = NamedPerson.objects.filter(person=self.person)
        if named.filter(address_key=address_key(self.person, address)).exists():
            raise forms.ValidationError(_("This address is already in your list."))
        if named.count() >= MOST_NAMES:
            raise forms.ValidationError(_("Your list is full. Take one out first."))
        return address

    def keep(self) -> None:
        """Save the address. Written twice at the same moment, it is kept once."""
        address = self.cleaned_data["address"]
        row = NamedPerson(person=self.person, address_key=address_key(self.person, address))
        row.address = address
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            return


def address_key(person: Person, address: str) -> str:
    """Bound to the person: that two people fear the same address must not show."""
    return lookup_key("named person", str(person.pk), address)


class TimeZoneForm(forms.Form):
    """The zone in which times are shown. Empty: whatever the browser says."""

    zone = forms.ChoiceField(label=_("Your time zone"), required=False, choices=lambda: zone_choices())


def zone_choices() -> list[tuple[str, str]]:
    names = sorted(zones() - {"UTC"})
    said = [(name, name.replace("_", " ").replace("/", ", ")) for name in names]
    return [("", str(_("As this browser says"))), ("UTC", "UTC"), *said]


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, person: Person, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password
