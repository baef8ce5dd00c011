"""Where allauth asks us. Every trip to Google ends in `pre_social_login`, or in `on_authentication_error`."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audits.accounts import arrivals, stopped
from audits.accounts.trips import Purpose, Trip
from audits.models import Person
from privacy_audit.security.addresses import client_address


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """OAuth clients come from settings alone; allauth's table of them stays empty."""
        secrets = {
            settings.GOOGLE_CLIENT_ID: settings.GOOGLE_CLIENT_SECRET,
            settings.GOOGLE_ADMIN_CLIENT_ID: settings.GOOGLE_ADMIN_CLIENT_SECRET,
            settings.GOOGLE_PORTABILITY_CLIENT_ID: settings.GOOGLE_PORTABILITY_CLIENT_SECRET,
        }
        wanted = settings.GOOGLE_CLIENT_ID if client_id is None else client_id
        return SocialApp(provider="google", name="Google", client_id=wanted, secret=secrets[wanted])

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Only a sign-in goes on into allauth. Every other trip is answered here."""
        trip = Trip.from_state(sociallogin.state.get("data"))
        if trip is None:
            raise ImmediateHttpResponse(stopped.page(request, stopped.Stop.LOST))
        if trip.purpose is Purpose.EXPORTS:
            raise ImmediateHttpResponse(arrivals.exports(request, sociallogin.said, trip))
        response = arrivals.arrive(request, sociallogin.grant, trip, sociallogin)
        if response is not None:
            raise ImmediateHttpResponse(response)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        """The first sign-in of an account: a Person, allauth's row and the Connection, or none of them."""
        person = arrivals.first_sign_in(
            sociallogin.grant, lambda: super(SocialAdapter, self).save_user(request, sociallogin, form)
        )
        if person is None:
            raise ImmediateHttpResponse(stopped.page(request, stopped.Stop.TWICE))
        return person

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        return sociallogin.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        state = (extra_context or {}).get("state")
        trip = Trip.from_state(state.get("data")) if isinstance(state, dict) else None
        raise ImmediateHttpResponse(stopped.from_error(request, trip, error, exception))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages are not in our words, and would name people."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail is sent: an inbox may be read by somebody else."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return stopped.page(request, stopped.Stop.INACTIVE)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """A passkey is a way in of its own (passkeys.py). Nobody is asked for a second one after Google."""
        return False
