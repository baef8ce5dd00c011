from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import tasks
from audits.audit import tell
from audits.dashboard.tags import stamp
from audits.models import Audit, AuditState, Trigger
from tests.dashboard.conftest import Scene

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which audits a worker was told about; no worker runs here."""
    ids: list[int] = []
    monkeypatch.setattr(tasks, "wake", ids.append)
    return ids


def ask(client: Client, query: str = "") -> Any:
    return client.get(reverse("audit-progress") + query, headers=HTMX)


def newest(scene: Scene) -> Audit:
    audit = Audit.objects.filter(person=scene.person).first()
    assert audit is not None
    return audit


def test_looking_starts_one_audit(alice: Scene, woken: list[int], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answers = [alice.client.post(reverse("audit-start")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    active = Audit.objects.filter(person=alice.person, state=AuditState.QUEUED)
    assert active.count() == 1
    assert set(woken) == {active.get().pk}


def test_looking_again_asks_only_for_this_check(alice: Scene) -> None:
    finding = alice.finding()
    answer = alice.client.post(reverse("look-again", args=[finding.public_id]))
    assert answer.status_code == 303
    audit = newest(alice)
    assert (audit.trigger, audit.only_checks) == (Trigger.RECHECK, ["drive_wide_apps"])


def test_looking_again_while_another_look_runs_says_so(alice: Scene) -> None:
    alice.client.post(reverse("look-again", args=[alice.finding("two_step").public_id]))
    answer = alice.client.post(reverse("look-again", args=[alice.finding().public_id]), follow=True)
    assert "Another look is still under way" in answer.content.decode()


def test_a_look_can_be_stopped(alice: Scene) -> None:
    alice.client.post(reverse("audit-start"))
    answer = alice.client.post(reverse("audit-cancel"), follow=True)
    assert newest(alice).state == AuditState.CANCELLED
    assert "What we saw before still stands" in answer.content.decode()


def test_stopping_when_nothing_runs_is_no_error(alice: Scene) -> None:
    assert alice.client.post(reverse("audit-cancel")).status_code == 303


def test_progress_answers_only_what_is_new(alice: Scene) -> None:
    alice.client.post(reverse("audit-start"))
    shown = tell.progress(alice.person)
    assert shown is not None
    first = ask(alice.client)
    assert f"seen={stamp(shown)}" in first.content.decode()
    assert ask(alice.client, f"?seen={stamp(shown)}").status_code == 204


def test_progress_is_cheap_whatever_was_found(alice: Scene, django_assert_max_num_queries: Any) -> None:
    alice.client.post(reverse("audit-start"))
    with django_assert_max_num_queries(3):
        ask(alice.client)


def test_progress_stops_asking_when_it_is_done(alice: Scene) -> None:
    alice.client.post(reverse("audit-start"))
    Audit.objects.filter(pk=newest(alice).pk).update(state=AuditState.FINISHED, finished_at=timezone.now())
    answer = ask(alice.client, "?seen=running-1-7-0")
    assert "hx-trigger" not in answer.content.decode()
    assert "Show what we saw" in answer.content.decode()


def test_the_first_look_of_all_shows_its_page_by_itself(alice: Scene) -> None:
    answer = ask(alice.client, "?seen=running-1-7-0&fresh=1")
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_progress_without_script_is_the_overview(alice: Scene) -> None:
    assert alice.client.get(reverse("audit-progress"))["Location"] == reverse("overview")


def test_a_stranger_sees_and_stops_only_their_own(alice: Scene, bob: Client) -> None:
    alice.client.post(reverse("audit-start"))
    assert ask(bob).headers["HX-Refresh"] == "true"
    bob.post(reverse("audit-cancel"))
    assert newest(alice).state == AuditState.QUEUED
