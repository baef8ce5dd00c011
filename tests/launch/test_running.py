"""While `make run` is up."""

from __future__ import annotations

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis

from privacy_audit.environment import BASE_DIR
from tests.launch.conftest import House
from tests.services.processes import wait_for

pytestmark = pytest.mark.work


@pytest.fixture(scope="module")
def up() -> Iterator[House]:
    """One for all tests of this module: each leaves it ready."""
    house = House()
    house.welcome = house.start()
    yield house
    house.end()


def test_one_line_says_where_it_is_and_that_it_is_practice_data(up: House) -> None:
    assert up.welcome.startswith(f"Privacy Audit is at http://localhost:{up.port}")
    assert "practice data" in up.welcome
    assert "maya@gmail.test" in up.welcome


def test_every_part_answers(up: House) -> None:
    assert up.get("/healthz") == (200, "ok")
    status, body = up.get("/readyz")
    assert (status, json.loads(body)) == (200, {"database": "ok", "redis": "ok", "worker": "ok"})
    assert up.get("/__sandbox__/health", up.sandbox_port)[0] == 200


def test_static_files_are_served_from_the_start(up: House) -> None:
    manifest = json.loads((up.state / "static_built" / "staticfiles.json").read_text())
    name = next(iter(manifest["paths"].values()))
    assert up.get(f"/static/{name}")[0] == 200


def test_browsers_that_stay_connected_keep_nobody_out(up: House) -> None:
    browsers = [http.client.HTTPConnection("127.0.0.1", up.port, timeout=5) for _ in range(200)]
    for browser in browsers:
        browser.request("GET", "/healthz", headers={"Host": "localhost"})
        assert browser.getresponse().read() == b"ok"
    assert up.get("/healthz")[0] == 200
    for browser in browsers:
        browser.close()


def test_what_it_keeps_is_private(up: House) -> None:
    assert stat.S_IMODE(up.state.stat().st_mode) == 0o700
    for name in ("keys.json", "run.json", "run.lock", "log/run.log"):
        assert stat.S_IMODE((up.state / name).stat().st_mode) == 0o600, name
    socket = up.redis_url().removeprefix("unix://")
    assert stat.S_IMODE(os.stat(os.path.dirname(socket)).st_mode) == 0o700


def test_a_manage_command_finds_the_private_redis(up: House) -> None:
    code = "from privacy_audit import environment; print(environment.read('REDIS_URL'))"
    asked = [sys.executable, "-c", code]
    said = subprocess.run(asked, env=up.environment(), cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == up.redis_url()


def test_a_second_one_on_the_same_folder_is_refused_and_harms_nothing(up: House) -> None:
    before = up.redis_url()
    sentence = up.refusal()
    assert f"already running with {up.state}" in sentence
    assert str(up.process and up.process.pid) in sentence
    assert up.redis_url() == before
    assert up.is_ready()


@pytest.mark.parametrize("part", ["celery", "granian", "google_sandbox"])
def test_a_killed_part_comes_back(up: House, part: str) -> None:
    before = set(up.alive(part))
    os.kill(min(before), signal.SIGKILL)
    wait_for(lambda: up.alive(part) and not before & set(up.alive(part)), f"another {part}, with none of the old left")
    wait_for(up.is_ready, "all parts to be ready")
    wait_for(lambda: up.get("/__sandbox__/health", up.sandbox_port)[0] == 200, "the sandbox to answer")


def test_a_killed_redis_comes_back_empty_at_the_same_place(up: House) -> None:
    with redis.Redis.from_url(up.redis_url()) as server:
        server.set("left", "behind")
        os.kill(int(server.info("server")["process_id"]), signal.SIGKILL)
        wait_for(lambda: answers(server), "Redis to answer again")
        assert server.get("left") is None
    wait_for(up.is_ready, "the worker to be heard from through the new Redis", seconds=30)


def answers(server: redis.Redis) -> bool:
    try:
        return bool(server.ping())
    except redis.RedisError:
        return False


def test_the_log_has_a_line_for_a_request_and_nothing_of_its_query(up: House) -> None:
    before = up.log().count('"route": "healthz"')
    up.get("/healthz?code=4/secret-code&state=secret-state")
    wait_for(lambda: up.log().count('"route": "healthz"') > before, "the access log")
    assert "secret-code" not in up.log()
    assert "secret-state" not in up.log()
