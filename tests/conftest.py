"""Fixtures for every room: people, the sandbox Google, Redis, workers, a live server, a browser."""

from __future__ import annotations

import contextlib
import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis

from tests.services import absence, chromium, ground, network, processes, redis_server

network.guard()
_redis = redis_server.RedisServer(ground.FOLDER)
_counts = redis.Redis.from_url(_redis.url, retry=None)  # one connection for all tests; it connects when it is asked


def pytest_configure(config: pytest.Config) -> None:
    """Redis stands before the first test, in every process that runs tests (with -n: not in the first one)."""
    processes.warden().tell("remove", ground.FOLDER)
    runs_tests = hasattr(config, "workerinput") or not config.getoption("numprocesses", None)
    if runs_tests and redis_server.can_be_had():
        _redis.start()


def pytest_collection_finish() -> None:
    """What stands by now stays to the end: looking through it for garbage again and again costs a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_unconfigure() -> None:
    _redis.kill()
    shutil.rmtree(ground.FOLDER, ignore_errors=True)
    processes.warden().dismiss()


@pytest.fixture(autouse=True)
def nothing_beyond_this_machine() -> Iterator[None]:
    network.attempts.clear()
    yield
    if network.attempts:
        pytest.fail("; ".join(network.attempts), pytrace=False)


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    """Rate limits begin anew: all tests come from one address, and person 1 is somebody else each time."""
    with contextlib.suppress(redis.RedisError):
        if keys := list(_counts.scan_iter("privacy_audit:rate:*", count=1000)):
            _counts.delete(*keys)


@dataclass(frozen=True)
class People:
    """The fixed cast: Alice owns, Bob is a stranger, Hana helps, Omar operates."""

    alice: Any
    bob: Any
    hana: Any
    omar: Any


@pytest.fixture(scope="session")
def built_once(django_db_setup: None, django_db_blocker: Any) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """`with built_once():` in a module's fixture: all tests of the module find the rows made in there.

    They use `db`, never `transactional_db`, which empties every table. What one test changes is undone as ever.
    """

    @contextlib.contextmanager
    def rows() -> Iterator[None]:
        from django.db import transaction

        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return rows


@pytest.fixture
def people(db: None) -> People:
    from audits.models import Person

    alice, bob, hana, omar = (Person.objects.create_user() for _ in range(4))
    return People(alice, bob, hana, omar)


@pytest.fixture(scope="session")
def redis_url() -> str:
    if not _redis.is_up():
        absence.give_up(redis_server.MISSING)
    return _redis.url


@pytest.fixture(name="redis_server")
def redis_that_may_be_killed(redis_url: str) -> Iterator[redis_server.RedisServer]:
    """For tests that kill it; whatever they did, it is up again afterwards."""
    yield _redis
    if not _redis.is_up():
        _redis.start()


@pytest.fixture(scope="session")
def shared_worker(django_db_setup: None, redis_url: str) -> Iterator[list[Any]]:
    """At most one worker for all tests, started by the first that wants one."""
    workers: list[Any] = []
    yield workers
    for worker in workers:
        worker.kill()


@pytest.fixture
def worker(transactional_db: None, shared_worker: list[Any]) -> Iterator[Any]:
    """A real worker with beat on the test database, at rest between tests. To kill one, use start_worker."""
    from tests.services.worker import Worker

    if not shared_worker:
        shared_worker.append(Worker())
    else:
        shared_worker[0].go_on()
    yield shared_worker[0]
    shared_worker[0].rest()


@pytest.fixture
def start_worker(transactional_db: None, redis_url: str) -> Iterator[Callable[..., Any]]:
    """Start workers that this test may kill or freeze: start_worker(AUDIT_STALE_SECONDS="1")."""
    from tests.services.worker import Worker

    started: list[Worker] = []

    def start(**values: str) -> Worker:
        started.append(Worker(values))
        return started[-1]

    yield start
    for running in started:
        running.kill()


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Any]:
    import google_sandbox

    with google_sandbox.start(port=ground.SANDBOX_PORT) as running:
        yield running


@pytest.fixture
def sandbox(running_sandbox: Any) -> Any:
    """The sandbox Google where the product expects it, in its first state."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def live(live_server: Any, sandbox: Any) -> str:
    """The product's address in a real browser; it is settings.BASE_URL, so that OAuth comes back to it."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    executable = chromium.find()
    if not executable:
        absence.give_up(chromium.MISSING)
    return {**browser_type_launch_args, "executable_path": executable, "args": chromium.ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}


@pytest.fixture
def page(page: Any) -> Any:
    page.set_default_timeout(10_000)
    return page


@pytest.fixture
def axe() -> Callable[[Any], None]:
    """axe(page): no violation of WCAG A, AA or of axe's best practices, or the test fails and says which."""
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults

    def look(page: Any) -> None:
        if not page.evaluate("window.axe !== undefined"):  # large, and a page may be looked at more than once
            page.evaluate(AXE_SCRIPT)
        found = AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
        assert found.violations_count == 0, found.generate_report()

    return look
