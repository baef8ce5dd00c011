"""Production: Django's own checks find nothing, and cookies and addresses are for https only."""

import os
import secrets
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from privacy_audit.environment import BASE_DIR

PRODUCTION = {
    "PRIVACY_AUDIT_MODE": "production",
    "BASE_URL": "https://audit.example.org",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATA_KEYS": Fernet.generate_key().decode(),
    "LOOKUP_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "GOOGLE_CLIENT_ID": "client",
    "GOOGLE_CLIENT_SECRET": "secret",
    "HOST_NAME": "Example",
    "HOST_CONTACT": "privacy@example.org",
    "TRUSTED_PROXIES": "1",
}
SHOW = """
import django; django.setup()
from django.conf import settings as s
from django.test import Client
found = Client().get("/privacy/", headers={"host": "audit.example.org"})
print(found.status_code, found.headers["Location"])
client = Client(headers={"host": "audit.example.org", "x-forwarded-proto": "https"})
found = client.get("/healthz")
print(found.status_code, found.headers["Strict-Transport-Security"])
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.DEBUG, s.ALLOWED_HOSTS)
print(found.headers["Content-Security-Policy"].count("https://accounts.google.com"))
"""


@pytest.fixture
def production(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {
        **kept,
        **PRODUCTION,
        "PRIVACY_AUDIT_STATE": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "privacy_audit.settings",
    }


def python(environment, *arguments):
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=BASE_DIR, capture_output=True, text=True, timeout=60
    )


def test_djangos_deployment_check_is_clean(production):
    found = python(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout


def test_https_only(production):
    found = python(production, "-c", SHOW)
    assert found.stdout.splitlines() == [
        "301 https://audit.example.org/privacy/",
        "200 max-age=31536000; includeSubDomains; preload",
        "True True False ['audit.example.org']",
        "1",
    ], found.stderr
