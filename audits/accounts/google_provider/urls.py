"""The only two addresses of allauth that exist here: its `google_login` (ours) and `google_callback`."""

from allauth.socialaccount.providers.oauth2.urls import default_urlpatterns

from audits.accounts.google_provider.provider import GoogleProvider

urlpatterns = default_urlpatterns(GoogleProvider)
