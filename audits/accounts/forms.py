"""What a Person writes into a box of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from audits.accounts import passwords, return_codes
from audits.models import Person
from privacy_audit.security.local_time import zones


class LongSelect(forms.Select):
    """A list of hundreds, drawn at once: Django's own draws a template for each, which takes half a second."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = str(value or "")
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((one, mark_safe(" selected") if one == chosen else "", said) for one, said in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt(self.build_attrs({"name": name}, attrs)), options)


class TimeZoneForm(forms.Form):
    """The zone in which times are shown. Empty: whatever the browser says."""

    zone = forms.ChoiceField(
        label=_("Your time zone"), required=False, choices=lambda: zone_choices(), widget=LongSelect
    )


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


class CodeForm(forms.Form):
    """The return code. With a Person it must be theirs: they show once more that it is them."""

    code = forms.CharField(
        label=_("Your return code"),
        max_length=return_codes.LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Please type the 20 digits.")},
    )

    def __init__(self, data: QueryDict | None = None, *, person: Person | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.person = person

    def clean_code(self) -> str:
        digits = return_codes.read(self.cleaned_data["code"])
        if not digits:
            raise forms.ValidationError(_("A return code has 20 digits. Spaces and dashes do not matter."))
        if self.person is not None and not return_codes.belongs_to(digits, self.person):
            raise forms.ValidationError(NO_SUCH_CODE)
        return digits


NO_SUCH_CODE = _(
    "This code opens nothing here. Please compare it with your note. A newer code takes the place of an older one."
)


class NameForSignIn(forms.Form):
    """The name and password that a Person once chose."""

    name = forms.CharField(
        label=_("The name you chose"),
        max_length=passwords.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please write the name.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=passwords.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please write the password.")},
    )


class NewPasswordForm(NameForSignIn):
    """A name and a password, chosen by the Person. What they typed is never sent back in the page."""

    again = forms.CharField(
        label=_("The password once more"),
        max_length=passwords.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please write the password once more.")},
    )
    LEAST_NAME = 3

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["name"].label = _("A name to sign in with")
        self.fields["password"].label = _("A new password")
        self.fields["password"].widget.attrs["autocomplete"] = "new-password"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if len(name.strip()) < self.LEAST_NAME:
            raise forms.ValidationError(_("Please take a name of at least three letters."))
        return name

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        if self.cleaned_data.get("name", "").strip().casefold() == password.strip().casefold():
            raise forms.ValidationError(_("The password must differ from the name."))
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ."))
        return again
