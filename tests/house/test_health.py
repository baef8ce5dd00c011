"""/healthz and /readyz."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
import redis
from django.db import connection
from django.test import Client

from privacy_audit import health, worker_mark
from tests.services.redis_server import RedisServer

ALL_WELL = {"database": "ok", "redis": "ok", "worker": "ok"}


@pytest.fixture(autouse=True)
def look_anew() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


@pytest.fixture
def heard_from(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as server:
        server.set(worker_mark.KEY, int(time.time()))
        yield server
        server.delete(worker_mark.KEY)


def ask(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, json.loads(answer.content)


def test_alive_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_all_three_answer(client: Client, heard_from: redis.Redis) -> None:
    assert ask(client) == (200, ALL_WELL)


@pytest.mark.django_db
def test_a_worker_never_heard_from(client: Client, heard_from: redis.Redis) -> None:
    heard_from.delete(worker_mark.KEY)
    assert ask(client) == (503, {**ALL_WELL, "worker": "not ready"})


@pytest.mark.django_db
@pytest.mark.parametrize("mark", [lambda: time.time() - worker_mark.QUIET_SECONDS - 1, lambda: "soon"])
def test_a_worker_silent_for_too_long(client: Client, heard_from: redis.Redis, mark: Callable[[], object]) -> None:
    heard_from.set(worker_mark.KEY, str(mark()))
    assert ask(client) == (503, {**ALL_WELL, "worker": "not ready"})


@pytest.mark.django_db
def test_redis_away(client: Client, heard_from: redis.Redis, redis_server: RedisServer) -> None:
    redis_server.kill()
    assert ask(client) == (503, {**ALL_WELL, "redis": "not ready", "worker": "not ready"})
    redis_server.start()


@pytest.mark.django_db
def test_database_away(client: Client, heard_from: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.execute_wrapper(refuse):
        status, body = ask(client)
    assert (status, body) == (503, {**ALL_WELL, "database": "not ready"})


def refuse(*_: object) -> None:
    from django.db import OperationalError

    raise OperationalError("connection to server at 10.0.0.1 failed")


@pytest.mark.django_db
def test_asked_often_it_looks_once(client: Client, heard_from: redis.Redis) -> None:
    assert ask(client)[0] == 200
    heard_from.delete(worker_mark.KEY)
    assert ask(client)[0] == 200
    health.forget()
    assert ask(client)[0] == 503


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
