"""The provider: allauth's Google, with PKCE always on and nothing about the person kept by allauth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.providers.google.provider import GoogleProvider as AllauthGoogleProvider
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge

from audits.accounts.google_provider.views import GoogleAdapter


class GoogleProvider(AllauthGoogleProvider):  # type: ignore[misc]
    """allauth stores only a keyed hash of the account's id: who the account is stands sealed in its Connection."""

    package = "audits.accounts.google_provider"
    oauth2_adapter_class = GoogleAdapter

    def get_pkce_params(self) -> dict[str, str]:
        return dict(generate_code_challenge())

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        return str(data["sub_key"])

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        return []


provider_classes = [GoogleProvider]
