"""The locked file: any age program opens it, and what somebody brings costs little until it opens."""

from __future__ import annotations

import re
import resource
import time

import pyrage
import pytest

from audits.audit.taking import lock

PHRASE = "k3v9p-aaaaa-bbbbb-ccccc-ddddd"


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_pyrage_opens_what_we_lock(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    locked = lock.locked(content, PHRASE)
    assert pyrage.passphrase.decrypt(locked, PHRASE) == content
    assert lock.opened(locked, PHRASE) == content


def test_the_same_content_is_never_locked_the_same_way() -> None:
    assert lock.locked(b"x", PHRASE) != lock.locked(b"x", PHRASE)
    assert b"xxxxxxxxxxxxxxxx" not in lock.locked(b"x" * 100, PHRASE)


def test_another_passphrase_does_not_open_it() -> None:
    with pytest.raises(lock.DoesNotOpen):
        lock.opened(lock.locked(b"x", PHRASE), lock.new_passphrase())


@pytest.mark.parametrize("at", [30, 60, 100, 150, 185, 200, -1])
def test_a_file_that_was_changed_anywhere_does_not_open(at: int) -> None:
    file = bytearray(lock.locked(b"x" * 100, PHRASE))
    file[at] = (file[at] + 1) % 256 if at in (185, 200, -1) else (ord("A") if file[at] != ord("A") else ord("B"))
    with pytest.raises((lock.DoesNotOpen, lock.NotOurs)):
        lock.opened(bytes(file), PHRASE)


def test_a_file_that_lost_its_end_does_not_open() -> None:
    file = lock.locked(b"x" * 200_000, PHRASE)
    for shorter in (file[:-1], file[: -len(file) // 3], file[:200]):
        with pytest.raises(lock.DoesNotOpen):
            lock.opened(shorter, PHRASE)


@pytest.mark.parametrize("work", [17, 20, 30, 99])
def test_a_file_that_asks_for_much_work_is_not_even_tried(work: int) -> None:
    file = re.sub(rb"(-> scrypt \S+) \d+", rb"\1 %d" % work, lock.locked(b"x", PHRASE), count=1)
    began = time.process_time()
    with pytest.raises(lock.NotOurs):
        lock.opened(file, PHRASE)
    assert time.process_time() - began < 0.05


def test_other_files_are_not_tried() -> None:
    other = pyrage.encrypt(b"x", [pyrage.x25519.Identity.generate().to_public()])
    locked = lock.locked(b"x", PHRASE)
    first, second, rest = locked.split(b"\n", 2)
    two = b"\n".join([first, second, rest.split(b"\n")[0], second, rest])
    for file in (b"", b"PK\x03\x04", b"\x00" * 1000, other, two, locked + b"\x00" * lock.MOST_BYTES):
        with pytest.raises(lock.NotOurs):
            lock.opened(file, PHRASE)


def test_locking_and_opening_the_largest_file_is_cheap() -> None:
    content = b"x" * 4_800_000
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert lock.opened(lock.locked(content, PHRASE), PHRASE) == content
    assert time.process_time() - began < 1
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < 100


def test_a_passphrase_is_long_and_typed_in_any_way() -> None:
    found = {lock.new_passphrase() for _ in range(200)}
    assert len(found) == 200
    for one in found:
        assert re.fullmatch(r"([a-hjkmnp-tv-z2-9]{5}-){4}[a-hjkmnp-tv-z2-9]{5}", one)
        assert lock.as_shown(f"  {one.upper().replace('-', ' ')} ") == one
    for none in ("", "short", PHRASE + "x", "0" * 25, "é" * 25, "a" * 1000, "k3v9p aaaaa bbbbb ccccc dddd!"):
        assert lock.as_shown(none) == ""
