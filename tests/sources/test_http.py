"""The transport: limits on time and size, no redirects, no second try behind our back."""

from __future__ import annotations

import gzip
import logging
import time
from collections.abc import Iterator

import pytest

from audits.sources.google.errors import CutShort, GoogleFault, Unreachable, Unreadable
from audits.sources.google.http import Http
from tests.sources.stub import Got, Stub, reply


def send(stub: Stub, http: Http | None = None) -> bytes:
    with http or Http(timeout=0.3, largest=1_000_000) as used:
        return used.send("GET", f"{stub.url}/x?q=ex%40mail.test", {"accept-encoding": "gzip"}).body


def test_an_answer_arrives_whole_and_unpacked() -> None:
    packed = gzip.compress(b'{"a": 1}' * 10_000)
    with Stub(lambda got: reply(packed, headers={"Content-Encoding": "gzip"})) as stub:
        assert send(stub) == b'{"a": 1}' * 10_000


def test_the_connection_is_kept() -> None:
    with Stub(lambda got: reply(b"x")) as stub, Http(timeout=0.3) as http:
        for _ in range(3):
            http.send("GET", stub.url, {})
        assert len(stub._open) == 1


def test_a_redirect_is_an_answer_and_never_followed() -> None:
    with Stub(lambda got: reply(b"", 302, {"Location": "http://127.0.0.1:1/elsewhere"})) as stub, Http() as http:
        assert http.send("GET", stub.url, {"authorization": "Bearer x"}).status == 302
        assert len(stub.got) == 1


@pytest.mark.parametrize("said", [None, b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"])
def test_a_closed_connection_is_unreachable_and_asked_once(said: bytes | None) -> None:
    def answer(got: Got) -> Iterator[bytes] | None:
        return None if not said else closing(said)

    def closing(said: bytes) -> Iterator[bytes]:
        yield said
        raise OSError

    with Stub(answer) as stub:
        with pytest.raises(Unreachable):
            send(stub)
        assert len(stub.got) == 1


def test_nobody_there_is_unreachable() -> None:
    with Stub(lambda got: None) as stub:
        url = stub.url
    with Http(timeout=0.3) as http, pytest.raises(Unreachable):
        http.send("GET", url, {})


def test_no_answer_in_time_is_unreachable() -> None:
    with Stub(lambda got: stub.wait_for_the_end(5)) as stub:
        began = time.monotonic()
        with pytest.raises(Unreachable):
            send(stub)
        assert time.monotonic() - began < 2


def test_an_answer_that_drips_is_given_up() -> None:
    def drip(got: Got) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        for _ in range(200):
            yield b"x"
            stub.wait_for_the_end(0.05)

    with Stub(drip) as stub:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="too slow"):
            send(stub, Http(timeout=0.2))
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_end_is_cut_off(*, packed: bool) -> None:
    large = b"0" * 50_000_000 if packed else b"0" * 1_100_000
    said = reply(gzip.compress(large, 1), headers={"Content-Encoding": "gzip"}) if packed else reply(large)
    with Stub(lambda got: said) as stub, pytest.raises(Unreadable, match="too large"):
        send(stub)


def test_what_cannot_be_unpacked_is_cut_short() -> None:
    with (
        Stub(lambda got: reply(b"no gzip at all", headers={"Content-Encoding": "gzip"})) as stub,
        pytest.raises(CutShort),
    ):
        send(stub)


def test_no_log_holds_an_address(caplog: pytest.LogCaptureFixture) -> None:
    odd_header = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nno colon here\r\n\r\nx"
    with caplog.at_level(logging.DEBUG), Stub(lambda got: odd_header) as stub:
        send(stub)
    assert "mail.test" not in caplog.text


def test_faults_tell_no_address() -> None:
    with Stub(lambda got: None) as stub, pytest.raises(GoogleFault) as caught:
        send(stub)
    assert "mail.test" not in f"{caught.value} {caught.value.detail}"
