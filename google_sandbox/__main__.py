"""`python -m google_sandbox --port 9000`: the sandbox as a process of its own."""

import argparse
import logging
import signal
import sys
from pathlib import Path
from threading import Event

from . import memory
from .clients import DEFAULT_CLIENTS, parse_client
from .faults import parse_rule
from .quota import parse_limits
from .sandbox import Sandbox, start
from .world import ISSUER

SAVE_SECONDS = 0.5


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="google_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=9000, help="0 takes a free one (default: 9000)")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: 127.0.0.1)")
    parser.add_argument("--latency-ms", type=float, default=0, help="how long each answer waits")
    parser.add_argument("--issuer", default=ISSUER, help="`iss` of the ID tokens")
    parser.add_argument("--seed", type=int, default=1, help="for faults that happen at a rate")
    parser.add_argument("--memory", type=Path, metavar="FILE", help="keep what was allowed between two runs")
    parser.add_argument("--quiet", action="store_true", help="no line for each request")
    parser.add_argument(
        "--client", type=parse_client, action="append", metavar="ID:SECRET:PROJECT[:testing]",
        help="an OAuth client; may be repeated; replaces the two built-in ones",
    )  # fmt: skip
    parser.add_argument(
        "--fault", type=parse_rule, action="append", default=[], metavar="PATTERN=KIND[,first=N…]",
        help="for instance 'drive.files.list=503,first=2'; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--quota", type=parse_limits, action="append", default=[], metavar="API[/USER]=UNITS[:STATUS]",
        help="units a minute for each user, for instance 'drive=3000:429'; 'google': Google's own; may be repeated",
    )  # fmt: skip
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    asked = _arguments(words)
    logging.basicConfig(stream=sys.stderr, format="%(message)s", level=logging.WARNING if asked.quiet else logging.INFO)
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        sandbox = _start(asked)
    except (ValueError, OSError) as trouble:
        sys.stderr.write(f"The sandbox cannot start: {trouble}\n")
        return 2
    if asked.memory:
        memory.load(asked.memory, sandbox.ledger)
    with sandbox:
        sys.stdout.write(f"The sandbox Google is ready at {sandbox.url}\n")
        sys.stdout.flush()
        _wait(stopping, sandbox, asked.memory)
    return 0


def _wait(stopping: Event, sandbox: Sandbox, path: Path | None) -> None:
    """Until told to stop. What was allowed is written as it changes: a killed process must not lose it."""
    if path is None:
        stopping.wait()
        return
    written = None  # somebody may have been let in since the ready line: the first round always writes
    while not stopping.wait(SAVE_SECONDS) or sandbox.ledger.kept() != written:
        if (now := sandbox.ledger.kept()) != written:
            memory.save(path, sandbox.ledger)
            written = now


def _start(asked: argparse.Namespace) -> Sandbox:
    return start(
        port=asked.port,
        host=asked.host,
        clients=asked.client or DEFAULT_CLIENTS,
        latency_ms=asked.latency_ms,
        faults=asked.fault,
        quotas=[limit for limits in asked.quota for limit in limits],
        issuer=asked.issuer,
        seed=asked.seed,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
