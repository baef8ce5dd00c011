"""What a browser is told on every page."""

import pytest

from audits.models import Person


@pytest.fixture(params=["/", "/privacy/", "/looks/", "/nothing-here/", "/account/sign-out/", "/x/"])
def answer(request, client, db):
    client.force_login(Person.objects.create_user())
    return client.get(request.param)


def policy(answer):
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def test_nothing_is_stored_found_or_told_on(answer):
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_only_our_own_scripts_styles_and_pictures(answer, settings):
    found = policy(answer)
    for kind in ("script-src", "style-src", "img-src", "font-src", "connect-src"):
        assert found[kind] == ["'self'"]
    for kind in ("default-src", "base-uri", "frame-ancestors", "object-src"):
        assert found[kind] == ["'none'"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert found["form-action"] == ["'self'", settings.GOOGLE_BASE_URL]


def test_cookies_cannot_be_read_by_scripts_or_sent_from_elsewhere(client, db, settings):
    answer = client.get("/")
    cookie = answer.cookies[settings.CSRF_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_messages_do_not_travel_in_cookies(client, db, settings):
    client.force_login(Person.objects.create_user())
    client.post("/names/", {"address": "a@mail.test"})
    assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
