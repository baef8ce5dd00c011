"""What a Helper types to come in. What was typed is never sent back in the page."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audits.helpline import sign_in, totp

NOT_THESE = _("This name and password open nothing here.")
NOT_THIS_NUMBER = _("This number does not fit. Wait until your app shows the next one, and type that.")


class SignInForm(forms.Form):
    name = forms.CharField(
        label=_("Your sign-in name"),
        max_length=sign_in.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please write the name.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=sign_in.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please write the password.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("A new password"),
        max_length=sign_in.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please write the password.")},
    )
    again = forms.CharField(
        label=_("The password once more"),
        max_length=sign_in.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please write the password once more.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")

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


class JoinForm(NewPasswordForm):
    """The name and password that somebody invited makes up."""

    name = forms.CharField(
        label=_("A name to sign in with"),
        max_length=sign_in.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please write a name.")},
    )
    field_order = ("name", "password", "again")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if len(name.strip()) < sign_in.LEAST_NAME:
            raise forms.ValidationError(_("Please take a name of at least three letters."))
        return name


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("The six digits that your app shows"),
        max_length=totp.LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Please type the six digits.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
