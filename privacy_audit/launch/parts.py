"""What `make run` runs: which processes, with which options, and how each shows that it is there."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from privacy_audit import environment, modes
from privacy_audit.launch import ports, redis_server
from privacy_audit.launch.processes import Part

WEB_THREADS = 8
WEB_CONNECTIONS = 1024  # open at once for each worker; granian counts idle ones too, and every browser keeps some
SLOWEST_HEADERS_MILLISECONDS = 10_000


def redis(binary: str, folder: Path) -> Part:
    answers = partial(redis_server.answers, redis_server.url(folder))
    return Part("private Redis", redis_server.command(binary, folder), answers, needed_by_others=True)


def sandbox() -> Part:
    port = ports.read_port("SANDBOX_PORT")
    kept = environment.state_folder() / "sandbox.json"  # else every connection would be dead after a restart
    command = [sys.executable, "-m", "google_sandbox", "--port", str(port), "--memory", str(kept)]
    return Part("sandbox Google", command, partial(ports.answers, "127.0.0.1", port, "/__sandbox__/health"))


def worker(state_folder: Path, redis_url: str) -> Part:
    """Worker and beat in one process group. Without gossip and mingle it is there a second sooner."""
    options = {
        "--pool": "threads",
        "--concurrency": str(environment.read_int("WORKER_THREADS", least=1)),
        "--schedule": str(state_folder / "beat-schedule"),
        "--loglevel": environment.read("LOG_LEVEL").upper(),
    }
    flags = ["--beat", "--without-gossip", "--without-mingle"]
    words = [f"{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "privacy_audit", "worker", *flags, *words]
    answers = partial(redis_server.worker_seen_since, redis_url, time.time() - 1)
    is_silent = partial(redis_server.worker_is_silent, redis_url)  # its beat may have ended without it
    return Part("worker", command, answers, is_silent, {"REDIS_URL": redis_url})


def web(redis_url: str) -> Part:
    host, port = environment.read("HOST"), ports.read_port("PORT")
    command = development_server(host, port) if environment.read_flag("PRIVACY_AUDIT_DEBUG") else server(host, port)
    headers = {"Host": urlsplit(modes.base_url()).netloc}
    answers = partial(ports.answers, host, port, "/healthz", headers)
    return Part("web server", command, answers, values={"REDIS_URL": redis_url})


def server(host: str, port: int) -> list[str]:
    """Without granian's own access log: the product writes one that has neither queries nor identifiers."""
    options = {
        "interface": "wsgi",
        "host": host,
        "port": str(port),
        "workers": str(environment.read_int("WEB_WORKERS", least=1)),
        "blocking-threads": str(WEB_THREADS),
        "backpressure": str(WEB_CONNECTIONS),
        "http1-header-read-timeout": str(SLOWEST_HEADERS_MILLISECONDS),
        "workers-kill-timeout": "2",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "-m", "granian", "--no-access-log", "--no-ws", *words, "privacy_audit.wsgi:application"]


def development_server(host: str, port: int) -> list[str]:
    """Django's own: it starts again at every change of the code."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [sys.executable, "manage.py", "runserver", address]
