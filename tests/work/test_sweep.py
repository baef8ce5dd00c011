"""A sweep wakes workers for what waits, and does not shout at those that have plenty to do."""

from __future__ import annotations

from typing import Any

import pytest

from audits import tasks
from audits.audit import work
from audits.models import Person, Trigger


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(tasks, "wake", found.append)
    return found


def queue(count: int) -> list[int]:
    people = [Person.objects.create_user() for _ in range(count)]
    return [work.start(person, trigger=Trigger.PERSON).pk for person in people]


@pytest.mark.django_db
@pytest.mark.parametrize(("messages", "expected"), [(0, 12), (90, 10), (100, 8), (5_000, 8)])
def test_the_more_messages_wait_the_fewer_are_sent_again(
    woken: list[int], monkeypatch: pytest.MonkeyPatch, messages: int, expected: int
) -> None:
    audits = queue(12)
    monkeypatch.setattr(tasks, "messages_waiting", lambda: messages)
    tasks.sweep()
    assert woken == audits[:expected], "the oldest first"


@pytest.mark.django_db
def test_without_redis_none_wait_and_all_are_tried(woken: list[int], redis_server: Any) -> None:
    audits = queue(9)
    redis_server.kill()
    tasks.sweep()
    assert woken == audits
