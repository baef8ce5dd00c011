"""What was asked of the sandbox, for tests to read. Secrets and addresses in queries are cut out."""

import re
import sys
from collections import Counter, deque
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

Json = dict[str, Any]

KEPT = 10_000
NAMES_KEPT = 2_000
HARMLESS = frozenset(
    {"fields", "q", "orderBy", "pageSize", "maxResults", "corpora", "spaces", "alt", "viewType", "projection"}
    | {"includeRemoved", "includeItemsFromAllDrives", "supportsAllDrives", "customer", "prettyPrint"}
)
ADDRESS = re.compile(r"[^\s/'\"=&]+(?:@|%40)[^\s/'\"&]+", re.IGNORECASE)


@dataclass
class Entry:
    """`user` is the persona's address. `batch` marks a part of a batch."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    status: int = 0
    user: str | None = None
    api: str | None = None
    batch: bool = False
    seconds: float = 0.0
    fault: str | None = None


class RequestLog:
    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._entries: deque[Entry] = deque(maxlen=KEPT)
            self._count = 0
            self._counts: Counter[str] = Counter()
            self._now = 0
            self._peak = 0

    def begin(self, method: str, path: str, query: dict[str, str], *, batch: bool) -> Entry:
        with self._lock:
            self._count += 1
            entry = Entry(self._count, method, path, _harmless(query), batch=batch)
            self._entries.append(entry)
            if not batch:
                self._now += 1
                self._peak = max(self._peak, self._now)
            return entry

    def end(self, entry: Entry, status: int, seconds: float) -> None:
        with self._lock:
            entry.status, entry.seconds = status, round(seconds, 4)
            name = entry.api or f"{entry.method} {entry.path}"
            if name in self._counts or len(self._counts) < NAMES_KEPT:
                self._counts[name] += 1
            if not entry.batch:
                self._now = max(0, self._now - 1)

    def as_json(self) -> Json:
        with self._lock:
            requests = [asdict(entry) for entry in self._entries]
            return {
                "requests": requests,
                "total": self._count,
                "peak": self._peak,
                "running": self._now,
                "counts": dict(self._counts),
            }


def _harmless(query: dict[str, str]) -> dict[str, str]:
    """The same few long masks and queries come again and again: each is kept once."""
    return {name: sys.intern(value[:2000]) if name in HARMLESS else "…" for name, value in query.items()}


def without_addresses(text: str) -> str:
    """For lines that people or files will keep."""
    return ADDRESS.sub("…", text)
