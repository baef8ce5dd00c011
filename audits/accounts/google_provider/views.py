"""To Google and back. The way out is ours alone (trips.py); on the way back allauth checks state and we the rest."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audits.accounts.google_provider.id_token import claims_of
from audits.accounts.grants import grant_of
from audits.accounts.trips import Purpose, Trip, client_for, set_out
from audits.sources.google import oauth
from audits.sources.google.endpoints import current
from audits.sources.google.errors import GoogleFault

NOBODY = "nobody"  # no keyed hash looks like this
LONGEST_WAIT = 10.0  # seconds: a person is looking at a blank page meanwhile


class TripFailed(OAuth2Error):  # type: ignore[misc]
    """The exchange with Google failed. `fault` says how, in the vocabulary of sources/google/errors.py."""

    def __init__(self, fault: GoogleFault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


class GoogleAdapter(GoogleOAuth2Adapter):  # type: ignore[misc]
    @property
    def authorize_url(self) -> str:
        return current().authorize

    @property
    def access_token_url(self) -> str:
        return current().token

    def get_provider(self) -> Any:
        return get_adapter(self.request).get_provider(self.request, self.provider_id, client_id=self._client_id())

    def _client_id(self) -> str:
        """The state that we keep says which of our clients was used."""
        stashed = statekit.get_states(self.request).get(self.request.GET.get("state", ""))
        trip = Trip.from_state(stashed[0].get("data")) if stashed else None
        return client_for(trip.purpose if trip else Purpose.SIGN_IN)

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> oauth.TokenAnswer:
        try:
            return oauth.exchange(
                request.GET.get("code", "")[:1000],
                redirect_uri=client.callback_url,
                client_id=app.client_id,
                client_secret=app.secret,
                code_verifier=pkce_code_verifier or "",
                timeout=wait(),
            )
        except GoogleFault as fault:
            raise TripFailed(fault) from None

    def parse_token(self, data: oauth.TokenAnswer) -> SocialToken:
        """Empty: allauth would write a token into its table, or into the session of an unfinished sign-up."""
        return SocialToken(token="")

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        said: oauth.TokenAnswer = kwargs["response"]
        if app.client_id == settings.GOOGLE_PORTABILITY_CLIENT_ID:
            return self._by_nobody(request, said)
        try:
            grant = grant_of(said, claims_of(said.id_token, app.client_id, timeout=wait()))
        except GoogleFault as fault:
            raise TripFailed(fault) from None
        login = self.get_provider().sociallogin_from_response(request, {"sub_key": grant.sub_key})
        login.grant = grant
        return login

    def _by_nobody(self, request: HttpRequest, said: oauth.TokenAnswer) -> SocialLogin:
        """Data Portability names no account, so this can never sign anybody in. The trip's state binds it."""
        login = self.get_provider().sociallogin_from_response(request, {"sub_key": NOBODY})
        login.said = said
        return login


def wait() -> float:
    return min(settings.GOOGLE_TIMEOUT_SECONDS, LONGEST_WAIT)


@login_not_required
def oauth2_login(request: HttpRequest) -> HttpResponse:
    """Signing in is a POST, so that no link from elsewhere can sign somebody in. The query is never read."""
    if request.method != "POST":
        return redirect("start")
    return set_out(request, Trip(Purpose.SIGN_IN))


oauth2_callback = OAuth2CallbackView.adapter_view(GoogleAdapter)
