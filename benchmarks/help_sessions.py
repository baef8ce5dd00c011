"""Two hundred sessions at once: 400 pages beat at their real pace at a real web server with a real Redis.

In each session the helper points every twenty seconds through the desk's own form, and both pages then fetch their part
anew, as the scripts do. Measured is how long it takes until a beat of the caller's page says so, and what the server
spends. Then all pages only beat, and at the end Redis is killed and comes back empty.

    python -m benchmarks.help_sessions

HELP_BENCH_IDLE_SECONDS: how long all pages only beat (20; the long run are five minutes: 300).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import ground

SESSIONS = 200
POINT_EVERY = 20.0  # seconds, in each session
ROUNDS = 2
IDLE_SECONDS = float(os.environ.get("HELP_BENCH_IDLE_SECONDS", "20"))
WARM_SECONDS = 5.0
REDIS_AWAY = 2.0
MOST_P95_MS, MOST_MORE_MB, MOST_HEAL_SECONDS = 1000.0, 8.0, 5.0
TOKEN = "a" * 32  # of the forms: what the cookie says, the form must say too
SCRIPTS_PATIENCE = 6.0


@dataclass
class Page:
    """One open page. `quick_at`: its first beat that came from Redis, since that was last set to 0."""

    ticket: str
    part: str
    cookie: str
    version: int = 1
    beats: int = 0
    parts: int = 0
    missed: int = 0
    quick_at: float = 0.0
    place: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Call:
    """The pages of both, and where the helper's form goes."""

    caller: Page
    helper: Page
    form: str


class Line:
    """A connection to the web server that stays open, as a browser's does."""

    def __init__(self) -> None:
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, path: str, headers: dict[str, str], form: str = "") -> tuple[int, bytes]:
        lines = [f"{'POST' if form else 'GET'} {path} HTTP/1.1", f"Host: localhost:{os.environ['PORT']}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if form:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        request = "\r\n".join([*lines, "", form]).encode()
        try:
            return await asyncio.wait_for(self._exchange(request), SCRIPTS_PATIENCE)
        except asyncio.IncompleteReadError:  # the server closed it while nobody asked: browsers ask once more too
            self.streams = None
            return await asyncio.wait_for(self._exchange(request), SCRIPTS_PATIENCE)
        except OSError:
            self.streams = None
            raise

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        self.streams = self.streams or await asyncio.open_connection("127.0.0.1", int(os.environ["PORT"]))
        reader, writer = self.streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        lengths = [line for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
        return int(head[9:12]), await reader.readexactly(int(lengths[0].partition(b":")[2]) if lengths else 0)


def main() -> int:
    with ground.laid() as folder, ExitStack() as stack:
        from privacy_audit.launch import parts, redis_server

        calls, places = calls_at_once()
        redis = parts.redis(redis_server.find(), folder)
        web = parts.web(os.environ["REDIS_URL"])
        running = stack.enter_context(ExitStack())

        def start_redis() -> None:
            running.enter_context(ground.process(redis.command, folder / "redis.log", redis.answers))

        start_redis()
        server = stack.enter_context(ground.process(web.command, folder / "web.log", web.answers))
        return asyncio.run(measure(calls, places, server.pid, running.close, start_redis))


def calls_at_once() -> tuple[list[Call], tuple[str, ...]]:
    """The helper looks at an open card in each of them; and the places to point at."""
    from django.utils import timezone

    from audits.audit.guided import place_of
    from audits.checks.catalogue import CHECKS
    from audits.models import Helper, HelperRole, Helpline

    now = timezone.now()
    line = Helpline.objects.create(name="Riverside Helpline", made_at=now)
    told = [check for check in CHECKS.values() if check.platform.id == "whatsapp"]
    places = tuple(place_of(check, None) for check in told[:3])
    calls = []
    for number in range(SESSIONS):
        helper = Helper(helpline=line, role=HelperRole.HELPER, name=f"H{number}", invited_at=now, joined_at=now)
        helper.save()
        calls.append(call(helper, places[0], now))
    return calls, places


def call(helper: Any, place: str, now: Any) -> Call:
    from django.urls import reverse

    from audits.audit.helping import live
    from audits.models import HelpSession, HelpState, Opening, OpeningKind, Person

    person = Person.objects.create_user()
    session = HelpSession(person=person, helpline=helper.helpline, helper=helper, state=HelpState.OPEN)
    session.asked_at = session.accepted_at = session.touched_at = now
    session.save()
    Person.objects.filter(pk=person.pk).update(help_session=session)
    Opening.objects.create(session=session, kind=OpeningKind.CARD, key=place, opened_at=now)
    caller = Page(live.sign(live.Ticket(session.pk, live.CALLER)), reverse("help-bar"), cookie_of(person))
    ticket = live.sign(live.Ticket(session.pk, live.HELPER, helper.pk))
    desk = Page(ticket, reverse("desk-card", args=[session.public_id, place]), desk_cookie_of(helper))
    return Call(caller, desk, reverse("desk-point", args=[session.public_id]))


def cookie_of(person: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def desk_cookie_of(helper: Any) -> str:
    """A sign-in with a second factor, as the desk keeps it."""
    from django.contrib.sessions.backends.db import SessionStore

    from privacy_audit.security.spaces import DESK_COOKIE, DESK_FORM_COOKIE

    now = int(time.time())
    store = SessionStore()
    store["desk"] = {"helper": helper.pk, "round": 0, "second": True, "second_at": now, "since": now, "seen": now}
    store.create()
    return f"{DESK_COOKIE}={store.session_key}; {DESK_FORM_COOKIE}={TOKEN}"


# --------------------------------------------------------------------------- what the pages do


async def beat_on(page: Page) -> None:
    """As the scripts do: beat, fetch the part when something changed, wait as long as told, a little at random."""
    line = Line()
    await asyncio.sleep(random.random())
    while True:
        try:
            wait = await one_beat(page, line)
        except (OSError, asyncio.IncompleteReadError):  # a TimeoutError is an OSError
            page.missed += 1
            wait = 1.2
        await asyncio.sleep(wait * (0.9 + random.random() / 5))


async def one_beat(page: Page, line: Line) -> float:
    from audits.helpline.beat import PATH, WITHOUT_REDIS_MS

    status, body = await line.send(PATH, {"X-Ticket": page.ticket})
    if status != 200:
        sys.exit(f"a beat was answered with {status}")
    said = json.loads(body)
    page.beats += 1
    if said["again"] < WITHOUT_REDIS_MS:
        page.quick_at = page.quick_at or time.monotonic()
    if said["p"] == page.place:
        page.arrived.set()
    if said["v"] > page.version:
        page.version = said["v"]
        page.parts += 1
        status, _ = await line.send(page.part, {"Cookie": page.cookie, "X-Part": "1"})
        if status != 200:
            sys.exit(f"{page.part} was answered with {status}")
    return float(said["again"]) / 1000


async def point_on(call: Call, places: tuple[str, ...]) -> list[float]:
    """Milliseconds from pressing until a beat of the caller's page says where."""
    line, found = Line(), []
    await asyncio.sleep(random.random() * POINT_EVERY)
    for number in range(ROUNDS):
        begun = time.monotonic()
        call.caller.place = places[number % len(places)]
        call.caller.arrived.clear()
        form = f"csrfmiddlewaretoken={TOKEN}&place={call.caller.place}"
        status, _ = await line.send(call.form, {"Cookie": call.helper.cookie, "X-Part": "1"}, form)
        if status not in (302, 303):
            sys.exit(f"pointing was answered with {status}")
        await asyncio.wait_for(call.caller.arrived.wait(), 10)
        found.append((time.monotonic() - begun) * 1000)
        await asyncio.sleep(POINT_EVERY)
    return found


# --------------------------------------------------------------------------- what is measured


@dataclass
class Spent:
    """Of some seconds: beats, parts and missed answers, the share of one core, and the memory at the end (MB)."""

    seconds: float
    beats: int
    parts: int
    missed: int
    core: float
    memory: float


async def measure(
    calls: list[Call],
    places: tuple[str, ...],
    pid: int,
    stop_redis: Callable[[], None],
    start_redis: Callable[[], None],
) -> int:
    pages = [page for call in calls for page in (call.caller, call.helper)]
    beating = [asyncio.create_task(beat_on(page)) for page in pages]
    await asyncio.sleep(WARM_SECONDS)
    found: list[float] = []
    pointing = await spent(pid, pages, point_all(calls, places, found))
    idle = await spent(pid, pages, asyncio.sleep(IDLE_SECONDS))
    await asyncio.to_thread(stop_redis)
    await asyncio.sleep(REDIS_AWAY)
    for page in pages:
        page.quick_at = 0.0
    begun = time.monotonic()
    await asyncio.to_thread(start_redis)
    await asyncio.sleep(MOST_HEAL_SECONDS + 1)
    broken = [task for task in beating if task.done()]
    for task in beating:
        task.cancel()
    if broken:
        broken[0].result()
    return report(sorted(found), pointing, idle, [page.quick_at - begun for page in pages if page.quick_at], len(pages))


async def point_all(calls: list[Call], places: tuple[str, ...], found: list[float]) -> None:
    for one in await asyncio.gather(*(point_on(call, places) for call in calls)):
        found.extend(one)


async def spent(pid: int, pages: list[Page], while_this: Awaitable[None]) -> Spent:
    def so_far() -> tuple[float, int, int, int, float]:
        beats, parts, missed = (sum(getattr(page, name) for page in pages) for name in ("beats", "parts", "missed"))
        return time.monotonic(), beats, parts, missed, sum(map(ground.processor_seconds, family(pid)))

    before = so_far()
    await while_this
    seconds, beats, parts, missed, core = (after - one for after, one in zip(so_far(), before, strict=True))
    return Spent(seconds, int(beats), int(parts), int(missed), core / seconds, sum(map(memory, family(pid))))


def family(pid: int) -> list[int]:
    """A process and its children: granian answers in a child."""
    words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, words)]


def memory(pid: int) -> float:
    """What this process holds now (MB)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def report(found: list[float], pointing: Spent, idle: Spent, healed: list[float], pages: int) -> int:
    middle, p95 = found[len(found) // 2], found[int(len(found) * 0.95)]
    more, slowest = idle.memory - pointing.memory, max(healed, default=float("inf"))
    print(f"{SESSIONS} sessions, {pages} pages; {len(found)} times pointed, once in {POINT_EVERY:.0f} s in each")
    print(
        f"  point to page  p50 {middle:.0f} ms   p95 {p95:.0f} ms (at most {MOST_P95_MS:.0f})   most {found[-1]:.0f} ms"
    )
    for name, one in (("pointing", pointing), ("beats alone", idle)):
        each = f"{one.beats / one.seconds:.0f} beats and {one.parts / one.seconds:.1f} parts a second"
        print(f"  {name:13}  {one.seconds:.0f} s: {each}, {one.core * 100:.0f} % of a core, {one.missed} missed")
    grown = f"{more:+.1f} (at most {MOST_MORE_MB:.0f} more)"
    print(f"  memory         {pointing.memory:.0f} MB, then {idle.memory:.0f} MB: {grown}")
    print(f"  Redis is back  {len(healed)} of {pages} pages quick again, the last after {slowest:.1f} s (at most 5)")
    is_well = p95 <= MOST_P95_MS and more <= MOST_MORE_MB and slowest <= MOST_HEAL_SECONDS and len(healed) == pages
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
