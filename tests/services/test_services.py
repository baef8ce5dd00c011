"""The suite's own parts: what every other test relies on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.conf import settings

from privacy_audit import worker_mark
from privacy_audit.environment import BASE_DIR
from tests.conftest import People
from tests.services import ground, network, suite
from tests.services.offline.loopback import stays_here
from tests.services.processes import OFFLINE, wait_for
from tests.services.redis_server import RedisServer


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "testserver", "127.8.8.8", "audit.localhost", ""])
def test_this_machine(host: str) -> None:
    assert stays_here(host)


@pytest.mark.parametrize("host", ["accounts.google.com", "8.8.8.8", "192.168.1.1", "fe80::1", "localhost.evil.example"])
def test_elsewhere(host: str) -> None:
    assert not stays_here(host)


def reach_by_name() -> None:
    urllib.request.urlopen("https://accounts.google.com", timeout=1)


def reach_by_number() -> None:
    socket.create_connection(("192.0.2.1", 443), timeout=1)


def reach_without_connection() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sent:
        sent.sendto(b"", ("192.0.2.1", 53))


@pytest.mark.parametrize("reach", [reach_by_name, reach_by_number, reach_without_connection])
def test_an_attempt_to_leave_is_refused_and_remembered(reach: Callable[[], None]) -> None:
    with pytest.raises(OSError, match="tests must not reach beyond this machine"):
        reach()
    assert len(network.attempts) == 1
    network.attempts.clear()  # else this test fails, as it should


def test_processes_the_suite_starts_cannot_leave_either() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)"
    asked = [sys.executable, "-c", code]
    said = subprocess.run(asked, env={"PYTHONPATH": str(OFFLINE)}, capture_output=True, text=True, check=False)
    assert "tests must not reach beyond this machine" in said.stderr


def test_the_cast_are_four_different_people(people: People) -> None:
    assert len({people.alice.pk, people.bob.pk, people.hana.pk, people.omar.pk}) == 4


def test_redis_comes_back_empty(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        server.set("left", "behind")
        redis_server.kill()
        with pytest.raises(redis.ConnectionError):
            server.get("left")
        redis_server.start()
        assert server.get("left") is None


def test_the_sandbox_stands_where_the_product_looks(sandbox: Any) -> None:
    assert sandbox.url == settings.GOOGLE_BASE_URL


@pytest.mark.django_db
def test_the_live_server_has_the_address_the_product_tells_people(live: str) -> None:
    assert live == settings.BASE_URL == f"http://localhost:{ground.LIVE_PORT}"
    with urllib.request.urlopen(f"{live}/healthz", timeout=5) as answer:
        assert answer.read() == b"ok"


@pytest.mark.browser
def test_the_browser_cannot_leave(page: Any, live: str) -> None:
    page.goto(f"{live}/healthz")
    assert page.inner_text("body") == "ok"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("https://www.bbc.com/weather")


@pytest.mark.browser
def test_axe_finds_what_is_wrong(page: Any, axe: Callable[[Any], None]) -> None:
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><img src=x></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def beats(server: redis.Redis) -> Callable[[], bool]:
    """A worker that works renews its sign of life."""
    server.delete(worker_mark.KEY)
    return lambda: bool(server.exists(worker_mark.KEY))


def mark_soon() -> None:
    from privacy_audit.celery import app

    app.send_task("audits.worker_seen")


@pytest.mark.work
def test_the_shared_worker_works_rests_and_works_again(worker: Any, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as server:
        seen = beats(server)
        mark_soon()
        wait_for(seen, "the worker to do a task")
        worker.rest()
        seen = beats(server)
        mark_soon()
        wait_for(lambda: server.llen("celery"), "the task to wait in the queue")
        assert not seen()
        worker.go_on()
        mark_soon()
        wait_for(seen, "the worker to do a task again")


@pytest.mark.work
def test_a_worker_of_ones_own_may_be_killed(start_worker: Callable[..., Any]) -> None:
    own = start_worker(AUDIT_STALE_SECONDS="1")
    own.kill()
    assert not own.is_running()


@pytest.mark.work
def test_the_worker_sees_the_test_database(worker: Any, people: People) -> None:
    """Committed rows, in the very database of this pytest process."""
    from tests.services.worker import database_url

    code = (
        "import django; django.setup(); from audits.models import Person;"
        f"print(Person.objects.filter(pk={people.alice.pk}).exists())"
    )
    values = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "privacy_audit.settings"}
    asked = [sys.executable, "-c", code]
    said = subprocess.run(asked, env={**os.environ, **values}, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "True"


@pytest.mark.parametrize("folder", suite.NO_DATABASE)
def test_what_runs_on_one_database_only_touches_none(folder: str) -> None:
    modules = list((BASE_DIR / folder).rglob("*.py"))
    assert modules
    assert not [module.name for module in modules if "django_db" in module.read_text(encoding="utf-8")]
