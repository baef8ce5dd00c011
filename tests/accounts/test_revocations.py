"""Tokens that wait to be revoked: tried again with growing pauses, and thrown away in the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.audit import revocations
from audits.models import WaitingRevocation

SCOPES = ["openid", "https://www.googleapis.com/auth/drive.apps.readonly"]
CLIENT = "privacy-audit.apps.sandbox.test"


@pytest.fixture
def waiting(db, sandbox):
    token = sandbox.tokens("maya@gmail.test", SCOPES)["refresh_token"]
    return revocations.begin(token, "sub", CLIENT)


def due(waiting):
    WaitingRevocation.objects.filter(pk=waiting.pk).update(next_try_at=timezone.now())


def test_it_is_revoked_and_gone(waiting, sandbox):
    assert revocations.try_waiting() == 1
    assert not WaitingRevocation.objects.exists()
    assert sandbox.state()["grants"] == []


def test_a_token_google_does_not_know_is_done_with(waiting, sandbox):
    sandbox.revoke("maya@gmail.test")
    assert revocations.try_waiting() == 1
    assert not WaitingRevocation.objects.exists()


@pytest.mark.parametrize("fault", [500, 503, 429, "reset"])
def test_it_waits_longer_each_time_while_google_does_not_answer(waiting, sandbox, fault):
    sandbox.fault("/revoke", fault)
    pauses = []
    for _ in range(10):
        due(waiting)
        now = timezone.now()
        assert revocations.try_waiting() == 0
        waiting.refresh_from_db()
        pauses.append(round((waiting.next_try_at - now).total_seconds()))
    assert pauses[0] == 300
    assert pauses == sorted(pauses)
    assert pauses[-1] == 12 * 3600
    assert waiting.tries == 10


def test_what_is_not_due_is_left_alone(waiting, sandbox):
    sandbox.fault("/revoke", 503)
    revocations.try_waiting()
    sandbox.clear_log()
    revocations.try_waiting()
    assert "/revoke" not in sandbox.log().paths()


def test_after_the_days_of_the_setting_it_is_thrown_away(waiting, sandbox, settings):
    settings.REVOKE_DAYS = 3
    sandbox.fault("/revoke", 503)
    WaitingRevocation.objects.update(created_at=timezone.now() - timedelta(days=3, seconds=1))
    revocations.try_waiting()
    assert not WaitingRevocation.objects.exists()


def test_two_workers_do_not_ask_twice(waiting, sandbox):
    same = WaitingRevocation.objects.get()
    sandbox.fault("/revoke", 503)
    assert revocations.try_one(waiting) is False
    sandbox.clear_log()
    assert revocations.try_one(same) is False
    assert "/revoke" not in sandbox.log().paths()


def test_a_token_that_no_key_opens_any_more_is_not_kept(waiting):
    WaitingRevocation.objects.update(token_sealed=b"damaged")
    assert revocations.try_waiting() == 1
    assert not WaitingRevocation.objects.exists()


def test_a_new_grant_saves_its_own_client_and_account_only(waiting, db):
    revocations.begin("ya29.admin", "sub", "admin client")
    revocations.begin("1//other", "other sub", CLIENT)
    revocations.forget("sub", CLIENT)
    assert WaitingRevocation.objects.count() == 2
