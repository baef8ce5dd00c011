"""One variable points everything at a stand-in; each address can be pointed elsewhere by its own."""

from __future__ import annotations

import pytest

from audits.sources.google import documents, endpoints
from audits.sources.google.documents import DIRECTORY, DRIVE


@pytest.fixture(autouse=True)
def _real_google(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_AUDIT_MODE", "local")
    monkeypatch.setenv("GOOGLE_BASE_URL", "")


def test_without_a_stand_in_everything_is_google() -> None:
    found = endpoints.current()
    assert found.token == "https://oauth2.googleapis.com/token"
    assert found.revoke == "https://oauth2.googleapis.com/revoke"
    assert found.authorize == "https://accounts.google.com/o/oauth2/v2/auth"
    assert found.issuer == "https://accounts.google.com"
    assert set(found.api.values()) == {""}


def test_one_variable_moves_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_BASE_URL", "http://127.0.0.1:9000/")
    found = endpoints.current()
    for name in ("authorize", "token", "revoke", "tokeninfo", "certs", "userinfo", "issuer", "risc"):
        assert getattr(found, name).startswith("http://127.0.0.1:9000")
    assert set(found.api.values()) == {"http://127.0.0.1:9000"}


def test_demo_mode_has_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_AUDIT_MODE", "demo")
    monkeypatch.setenv("SANDBOX_PORT", "8123")
    assert endpoints.current().token == "http://127.0.0.1:8123/token"


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("GOOGLE_AUTHORIZE_URL", "authorize"),
        ("GOOGLE_TOKEN_URL", "token"),
        ("GOOGLE_REVOKE_URL", "revoke"),
        ("GOOGLE_TOKENINFO_URL", "tokeninfo"),
        ("GOOGLE_CERTS_URL", "certs"),
        ("GOOGLE_USERINFO_URL", "userinfo"),
        ("GOOGLE_ISSUER", "issuer"),
        ("GOOGLE_RISC_CONFIGURATION_URL", "risc"),
    ],
)
def test_each_address_can_be_moved_alone(monkeypatch: pytest.MonkeyPatch, variable: str, name: str) -> None:
    monkeypatch.setenv("GOOGLE_BASE_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv(variable, "http://localhost:4002/own")
    found = endpoints.current()
    assert getattr(found, name) == "http://localhost:4002/own"
    others = [a for n, a in vars(found).items() if n not in (name, "api")]
    assert all(a.startswith("http://127.0.0.1:9000") for a in others)


def test_each_api_can_be_moved_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_BASE_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv("GOOGLE_DIRECTORY_URL", "http://localhost:4002")
    found = dict(endpoints.current().api)
    assert found.pop("admin") == "http://localhost:4002"
    assert set(found.values()) == {"http://127.0.0.1:9000"}


@pytest.mark.parametrize("api", [DRIVE, DIRECTORY])
def test_calls_and_batches_follow_the_root(api: documents.Api) -> None:
    root = "http://127.0.0.1:9000"
    client = documents.service(api, root)
    request = client.about().get(fields="kind") if api is DRIVE else client.users().get(userKey="a@b.test")
    assert request.uri.startswith(root + "/")
    assert documents.batch_url(api, root).startswith(root + "/batch")


def test_the_shipped_document_is_untouched_for_google() -> None:
    assert (
        documents.service(DRIVE, "").about().get(fields="kind").uri.startswith("https://www.googleapis.com/drive/v3/")
    )
    assert documents.batch_url(DRIVE, "") == "https://www.googleapis.com/batch/drive/v3"
    assert documents.batch_url(DIRECTORY, "") == "https://admin.googleapis.com/batch"
    uri = documents.service(DIRECTORY, "").users().get(userKey="sam@shelter.test").uri
    assert uri.startswith("https://admin.googleapis.com/admin/directory/v1/users/sam%40shelter.test")


def test_a_document_is_parsed_once() -> None:
    assert documents.service(DRIVE, "http://127.0.0.1:9000") is documents.service(DRIVE, "http://127.0.0.1:9000")
