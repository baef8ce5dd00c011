"""The log of a session: told whole in plain sentences, to its Person alone, and written once."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit.guided import place_of
from audits.audit.helping import log, openings, pointing, sessions
from audits.audit.tell.help_log import LINES_A_PAGE, ended, lines, sentence_of
from audits.checks.catalogue import CHECKS
from audits.models import (
    HelpEnd,
    HelpSession,
    HelpState,
    LoggedBy,
    LogIsFixed,
    LogKind,
    OpeningKind,
    Person,
    SessionLog,
)
from tests.audit import scenes
from tests.helpline import cast

CHECK = CHECKS["drive_wide_apps"]
PLACE = CHECK.code
TITLE = CHECK.words.short


@pytest.fixture
def alice(db: None) -> Person:
    return scenes.person_with_connection()[0]


@pytest.fixture
def session(alice: Person) -> HelpSession:
    return cast.session_of(alice, cast.hana(cast.line()))


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(session: HelpSession, *, for_helper: bool = False) -> list[str]:
    return [line.text for line in reversed(lines(session, 50, for_helper=for_helper))]


def test_all_that_happens_stands_in_the_log_in_plain_sentences(session: HelpSession) -> None:
    log.looked(session, CHECK.id)
    log.looked(session, CHECK.id)  # the page asked again: no second look
    pointing.point(session, PLACE)
    pointing.point(session, PLACE, 2)
    openings.open_up(session, OpeningKind.CARD, PLACE)
    openings.open_up(session, OpeningKind.NAME, "some-key", place=PLACE)
    openings.hide_all(session)
    sessions.pause(session)
    sessions.go_on(session)
    sessions.end(session, HelpEnd.CALLER, LoggedBy.CALLER)
    session.refresh_from_db()
    assert told(session) == [
        "Hana typed your code.",
        "You let Hana in.",
        f"Hana looked at “{TITLE}”.",
        f"Hana pointed at “{TITLE}”.",
        f"Hana pointed at step 2 of “{TITLE}”.",
        f"You opened “{TITLE}”.",
        f"You uncovered a name, in “{TITLE}”.",
        "You hid all again.",
        "You paused.",
        "You went on.",
        "You ended it.",
    ]
    for sentence in told(session, for_helper=True):
        assert not re.search(r"\b[Yy]ou\b|\byour\b", sentence.replace(TITLE, ""))


def test_whoever_took_over_is_named_in_their_own_lines(session: HelpSession) -> None:
    mira = cast.hana(session.helpline, "Mira")
    sessions.offer(session, mira)
    sessions.hand_over(session, cover=True)
    session.refresh_from_db()
    log.looked(session, CHECK.id)
    assert told(session)[2:] == [
        "Hana asked whether another helper may take over.",
        "You hid all again.",
        "You let Mira take over.",
        f"Mira looked at “{TITLE}”.",
    ]
    # What Hana looked at before is the caller's to tell.
    assert told(session, for_helper=True) == [
        "The caller let Mira take over.",
        f"Mira looked at “{TITLE}”.",
    ]


def test_every_kind_of_line_has_a_sentence_of_its_own(session: HelpSession) -> None:
    """For both sides, with and without a check, and none has a gap that was not filled."""
    said = set()
    for kind in LogKind:
        for by in LoggedBy:
            for what in ("", *OpeningKind.values):
                row = SessionLog(session=session, helper=session.helper, kind=kind, by=by, what=what, at=timezone.now())
                for end in HelpEnd.values:
                    for side in (False, True):
                        sentence = sentence_of(row, end, for_helper=side)
                        assert sentence.endswith(".")
                        assert "{" not in sentence
                        said.add(sentence)
    assert not {sentence for sentence in said if "hacked" in sentence}
    assert ended("", "Hana") == ""


def test_a_check_that_is_no_longer_there_is_a_card(session: HelpSession) -> None:
    row = SessionLog(session=session, helper=session.helper, kind="looked", by="helper", check_id="gone_since")
    assert sentence_of(row, "") == "Hana looked at a card."


def test_an_end_by_itself_says_after_how_long(settings: object) -> None:
    settings.HELP_QUIET_MINUTES = 1  # type: ignore[attr-defined]
    assert ended(HelpEnd.QUIET, "Hana") == "Nothing happened for 1 minute, so it ended by itself."
    assert ended(HelpEnd.UNANSWERED, "Hana").startswith("Nobody answered for 10 minutes")


# --------------------------------------------------------------------------- written once


def test_no_way_through_the_app_changes_or_deletes_a_line(session: HelpSession) -> None:
    row = SessionLog.objects.filter(session=session).first()
    assert row is not None
    before = list(SessionLog.objects.values_list())
    rows = SessionLog.objects.filter(session=session)
    row.check_id = "mail_forwarding"
    ways = [
        row.save,
        row.delete,
        lambda: rows.update(check_id=""),
        rows.delete,
        rows.all().order_by("pk").delete,
        SessionLog.objects.all().delete,
        lambda: SessionLog.objects.update(kind="looked"),
        lambda: SessionLog.objects.bulk_update([row], ["check_id"]),
        lambda: SessionLog.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=["check_id"]
        ),
        lambda: session.log.all().delete(),  # type: ignore[attr-defined]
        lambda: session.log.update(step=3),  # type: ignore[attr-defined]
        lambda: SessionLog.objects.update_or_create(pk=row.pk, defaults={"kind": "looked"}),
    ]
    for way in ways:
        with pytest.raises(LogIsFixed):
            way()
    with pytest.raises(Exception, match="protected"):
        session.delete()
    assert list(SessionLog.objects.values_list()) == before


def test_no_module_goes_around_the_log() -> None:
    """No raw SQL names its table, nothing calls a raw delete, and what erases is called in one place alone."""
    erased = []
    for path in Path("audits").rglob("*.py"):
        if "migrations" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        assert "audits_sessionlog" not in source, path
        for node in ast.walk(ast.parse(source)):
            name = node.attr if isinstance(node, ast.Attribute) else ""
            assert name not in {"_raw_delete", "_update", "_base_manager", "save_base"}, path
            erased += [path.name] if name == "erase_personal" else []
    assert erased == ["sessions.py"]


def test_what_the_person_erases_is_gone_and_that_it_happened_stays(session: HelpSession, alice: Person) -> None:
    log.looked(session, CHECK.id)
    pointing.point(session, PLACE, 2)
    openings.open_up(session, OpeningKind.CARD, PLACE)
    sessions.erase(alice)
    rows = SessionLog.objects.filter(session=session)
    assert rows.count() == 6
    assert set(rows.values_list("check_id", "step", "what")) == {("", None, "")}
    assert set(rows.values_list("kind", flat=True)) >= {"looked", "pointed", "opened", "ended"}


# --------------------------------------------------------------------------- the pages


def test_the_person_reads_the_log_on_their_own_clock(session: HelpSession, alice: Person) -> None:
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    at = SessionLog.objects.filter(session=session).values_list("at", flat=True)[0]
    page = client_of(alice).get(reverse("help-log", args=[session.public_id])).text
    assert "You let Hana in." in page
    assert "Riverside Helpline" in page
    assert f">{(at + timedelta(hours=9)):%H:%M}</time>" in page


def test_nobody_else_reads_it(session: HelpSession) -> None:
    address = reverse("help-log", args=[session.public_id])
    bob = scenes.person_with_connection("bob@gmail.test")[0]
    assert client_of(bob).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert cast.desk_client(session.helper).get(address).status_code == 302
    assert "Hana" not in client_of(bob).get(reverse("help-sessions")).text


@pytest.mark.parametrize("count", [0, 3 * LINES_A_PAGE])
def test_a_long_log_comes_by_pages_with_as_many_queries(session: HelpSession, alice: Person, count: int) -> None:
    now = timezone.now()
    SessionLog.objects.bulk_create(
        SessionLog(session=session, helper=session.helper, at=now, kind="looked", by="helper", check_id=CHECK.id)
        for _ in range(count)
    )
    client = client_of(alice)
    address = reverse("help-log", args=[session.public_id])
    client.get(address)
    with CaptureQueriesContext(database) as queries:
        pages = [client.get(address, {"page": page}) for page in ("1", "9999", "x\x00", "-1")]
    assert len(queries) % len(pages) == 0
    assert len(queries) / len(pages) <= 11
    assert all(page.status_code == 200 for page in pages)
    assert ("Next page" in pages[0].text) is bool(count)
    assert "You let Hana in." in pages[1].text


def test_past_sessions_stand_by_pages_and_say_how_each_ended(alice: Person) -> None:
    line = cast.line()
    hana = cast.hana(line)
    now = timezone.now()
    for number, end in enumerate(HelpEnd.values):
        HelpSession.objects.create(
            person=alice, helpline=line, helper=hana, state=HelpState.ENDED, end=end, touched_at=now,
            asked_at=now - timedelta(days=number), accepted_at=now, ended_at=now + timedelta(minutes=41),
        )  # fmt: skip
    client = client_of(alice)
    client.get(reverse("help-sessions"))
    with CaptureQueriesContext(database) as few:
        page = client.get(reverse("help-sessions"))
    assert page.text.count("41 min") == len(HelpEnd.values)
    assert "Hana ended it." in page.text
    HelpSession.objects.bulk_create(
        HelpSession(person=alice, helpline=line, helper=hana, state="ended", end="quiet", asked_at=now, touched_at=now)
        for _ in range(60)
    )
    with CaptureQueriesContext(database) as many:
        assert "Next page" in client.get(reverse("help-sessions")).text
    assert len(many) == len(few)


def test_a_session_whose_time_ran_out_is_told_as_ended(session: HelpSession, alice: Person) -> None:
    HelpSession.objects.update(touched_at=timezone.now() - timedelta(days=1))
    assert (
        "Nothing happened for 60 minutes, so it ended by itself." in client_of(alice).get(reverse("help-sessions")).text
    )
    client_of(alice).get(reverse("help-log", args=[session.public_id]))
    session.refresh_from_db()
    assert session.end == HelpEnd.QUIET


def test_place_of_is_what_the_log_understands(alice: Person) -> None:
    """A place with an account leads to its check, and the account is not written down."""
    connection = alice.connections.get()
    assert sessions.check_id_at(place_of(CHECK, connection)) == CHECK.id
    assert sessions.check_id_at(str(connection.public_id)) == ""
