"""The transport: one connection, a limit on time and on size, no redirects, no hidden second tries.

httplib2, which google-api-python-client would use, sends a request again by itself when a connection closes (a code
may be exchanged only once), reads without limit, and lets one slow byte at a time keep it for ever.
"""

from __future__ import annotations

import logging
import os
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from urllib3.exceptions import DecodeError, HTTPError

from audits.sources.google.errors import CutShort, Unreachable, Unreadable
from privacy_audit.environment import read_float
from privacy_audit.modes import LOOPBACK

# Below ERROR it writes whole addresses, and ours carry the names that a Person worries about.
logging.getLogger("urllib3").setLevel(logging.ERROR)

LARGEST_ANSWER = 32 * 1024 * 1024  # bytes after unpacking; a page of 1,000 files has under 2 MB
_CHUNK = 256 * 1024
_HOSTS = 20  # that connections are kept to
_KEPT_OPEN = 32  # connections to one host: as many as sources ever run at once in one worker
_WHOLE_ANSWER = 3  # times the timeout: longest a body may take to arrive


@dataclass(frozen=True, repr=False)
class Answer:
    """An HTTP answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http:
    """Threads may share one. `connections` stay open to each host at most."""

    def __init__(self, *, timeout: float | None = None, largest: int = LARGEST_ANSWER, connections: int = 1) -> None:
        self._timeout = read_float("GOOGLE_TIMEOUT_SECONDS") if timeout is None else timeout
        self._largest = largest
        self._connections = connections
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._making = threading.Lock()

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Raises Unreachable, CutShort or Unreadable (too large)."""
        try:
            response = self._pool(url).urlopen(
                method, url, body=body, headers=dict(headers), redirect=False, retries=False, preload_content=False
            )
            try:
                content = self._read(response)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except DecodeError:
            raise CutShort("cannot be unpacked") from None
        except HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, content)

    def _read(self, response: urllib3.BaseHTTPResponse) -> bytes:
        until = time.monotonic() + self._timeout * _WHOLE_ANSWER
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read1(_CHUNK, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if size > self._largest:
                raise Unreadable("answer too large")
            if time.monotonic() > until:
                raise Unreachable("answer too slow")
        return b"".join(chunks)

    def _pool(self, url: str) -> urllib3.PoolManager:
        """The pool for this address: through the proxy of the environment, if it names one for it."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        proxy = "" if host in LOOPBACK or proxy_bypass(host) else getproxies().get(parts.scheme, "")
        with self._making:
            if proxy not in self._pools:
                self._pools[proxy] = self._make_pool(proxy)
            return self._pools[proxy]

    def _make_pool(self, proxy: str) -> urllib3.PoolManager:
        timeout = urllib3.Timeout(connect=self._timeout, read=self._timeout)
        if proxy:
            return urllib3.ProxyManager(
                proxy, _HOSTS, timeout=timeout, ssl_context=_trusted(), maxsize=self._connections
            )
        return urllib3.PoolManager(_HOSTS, timeout=timeout, ssl_context=_trusted(), maxsize=self._connections)

    def close(self) -> None:
        for pool in self._pools.values():
            pool.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def shared() -> Http:
    """One for all looks of this process. Its connections stay open: a new one to Google costs two round trips."""
    return _shared(read_float("GOOGLE_TIMEOUT_SECONDS"), os.getpid())


@cache
def _shared(timeout: float, process: int) -> Http:
    """Each process its own: over a connection that two processes share, one would read what the other asked for."""
    return Http(timeout=timeout, connections=_KEPT_OPEN)


@cache
def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
