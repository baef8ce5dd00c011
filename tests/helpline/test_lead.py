"""A lead: who helps, that sessions happened, what callers read. Nothing of a caller, and of no other helpline."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit.helping import codes, sessions
from audits.helpline import staff
from audits.models import HelpEnd, Helper, HelperRole, HelpSession, HelpState, LoggedBy, LogKind, Person, SessionLog
from tests.audit import scenes
from tests.dashboard.conftest import signed_in
from tests.helpline import cast
from tests.helpline.conftest import Cast

pytestmark = pytest.mark.django_db
OF_A_PERSON = ("desk-person", "desk-person-end", "desk-person-unlock", "desk-person-factor")
PAGES = ("desk-people", "desk-invite", "desk-sessions", "desk-numbers", "desk-line")


@pytest.fixture
def lena(crew: Cast) -> Client:
    return cast.desk_client(crew.lena)


def address(name: str, helper: Helper) -> str:
    return reverse(name, args=[helper.public_id])


def link_in(answer: Any) -> str:
    """The invitation that stands on a page, as its address on this site."""
    return str(answer.context["link"]).partition("//")[2].partition("/")[2]


def test_the_list_says_who_can_sign_in_and_who_types_no_codes(crew: Cast, lena: Client) -> None:
    now = timezone.now()
    invited = staff.invite(crew.line, HelperRole.HELPER, "Ines").helper
    late = staff.invite(crew.line, HelperRole.HELPER, "Luis").helper
    Helper.objects.filter(pk=late.pk).update(invitation_ends_at=now - timedelta(minutes=1))
    paused, locked, ended = (cast.hana(crew.line, name) for name in ("Pia", "Lou", "Eva"))
    Helper.objects.filter(pk=paused.pk).update(code_locked_until=now + timedelta(minutes=5))
    Helper.objects.filter(pk=locked.pk).update(code_locked_at=now)
    Helper.objects.filter(pk=ended.pk).update(ended_at=now)
    cast.hana(cast.line("Elsewhere"), "Stranger")
    text = " ".join(lena.get(reverse("desk-people")).text.split())
    for words in ("Lead. Can sign in.", "Invited. The link works until", "The link was not used in time"):
        assert words in text
    for words in ("Types no codes until you unlock", "after several wrong ones", "Access has ended"):
        assert words in text
    assert "Stranger" not in text
    assert invited.name in text
    assert text.index("Pia") < text.index("Eva")  # who is gone stands last


def test_the_list_is_paged_with_a_constant_number_of_queries(crew: Cast, lena: Client) -> None:
    counted = []
    for more in (3, 40):
        Helper.objects.bulk_create(
            Helper(helpline=crew.line, role="helper", name=f"H{number:02}", invited_at=timezone.now())
            for number in range(more)
        )
        with CaptureQueriesContext(database) as asked:
            answer = lena.get(reverse("desk-people"))
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert answer.text.count('class="row__title"') == 25
    assert "H39" in lena.get(reverse("desk-people"), {"page": "99"}).text
    for junk in ("0", "-1", "x", "9" * 300, "\x00"):
        assert lena.get(reverse("desk-people"), {"page": junk}).status_code == 200


def test_an_invitation_is_shown_once_and_brings_somebody_in(crew: Cast, lena: Client) -> None:
    answer = lena.post(reverse("desk-invite"), {"name": "  Nora \u202e ", "role": "lead"})
    made = Helper.objects.get(name="Nora")
    assert (made.helpline, made.role, made.joined_at) == (crew.line, "lead", None)
    link = link_in(answer)
    assert Client().get(f"/{link}").status_code == 200
    for page in (reverse("desk-people"), address("desk-person", made)):
        assert link not in lena.get(page).text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "role": "helper"},
        {"name": "\u200b\u202e", "role": "helper"},
        {"name": "x" * 61, "role": "helper"},
        {"name": "a\x00b", "role": "helper"},
        {"name": "Nora", "role": "operator"},
        {"name": "Nora"},
        {},
    ],
)
def test_nobody_is_invited_by_a_form_that_is_wrong(crew: Cast, lena: Client, form: dict[str, str]) -> None:
    before = Helper.objects.count()
    assert lena.post(reverse("desk-invite"), form).status_code == 400
    assert Helper.objects.count() == before


def test_a_list_holds_so_many(crew: Cast, lena: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "MOST_PEOPLE", 2)
    answer = lena.post(reverse("desk-invite"), {"name": "Nora", "role": "helper"})
    assert answer.status_code == 400
    assert "as many people as we keep" in answer.text


def test_ending_access_ends_everything_at_once(crew: Cast, lena: Client, hana_client: Client, caller: Person) -> None:
    session = cast.session_of(caller, crew.hana)
    assert hana_client.get(reverse("desk-rules")).status_code == 200
    assert "End the access of" in lena.get(address("desk-person-end", crew.hana)).text
    assert crew.hana.ended_at is None
    lena.post(address("desk-person-end", crew.hana))
    session.refresh_from_db()
    assert (session.state, session.end) == (HelpState.ENDED, HelpEnd.CLOSED)
    assert hana_client.get(reverse("desk-rules")).status_code == 302
    crew.hana.refresh_from_db()
    kept = crew.hana
    assert kept.ended_at is not None
    assert (kept.sign_in_key, kept.password, kept.totp_sealed, kept.invitation_key) == (None, "", None, None)
    assert kept.name == "Hana"  # the caller's log says who looked
    lena.post(address("desk-person-end", kept))
    again = Helper.objects.get(pk=kept.pk)
    assert (again.session_round, again.ended_at) == (kept.session_round, kept.ended_at)


def test_an_open_invitation_ends_with_the_access(crew: Cast, lena: Client) -> None:
    link = link_in(lena.post(reverse("desk-invite"), {"name": "Nora", "role": "helper"}))
    lena.post(address("desk-person-end", Helper.objects.get(name="Nora")))
    answer = Client().post(f"/{link}", {"name": "nora.n", "password": cast.PASSWORD})
    assert Helper.objects.get(name="Nora").joined_at is None
    assert answer.status_code != 302


def test_what_was_offered_to_them_stays_where_it_is(crew: Cast, lena: Client, caller: Person) -> None:
    other = cast.hana(crew.line, "Ines")
    session = cast.session_of(caller, crew.hana)
    sessions.offer(session, other)
    lena.post(address("desk-person-end", other))
    session.refresh_from_db()
    assert (session.state, session.next_helper) == (HelpState.OPEN, None)


def test_the_last_lead_cannot_go(crew: Cast, lena: Client) -> None:
    staff.invite(crew.line, HelperRole.LEAD, "Nora")  # has not come in
    assert "the only lead" in lena.get(address("desk-person", crew.lena)).text
    lena.post(address("desk-person-end", crew.lena))
    crew.lena.refresh_from_db()
    assert crew.lena.ended_at is None
    with pytest.raises(staff.LastLead):
        staff.end_access(crew.lena)
    cast.lena(crew.line, "Second")
    assert lena.post(address("desk-person-end", crew.lena)).headers["Location"] == reverse("desk-sign-in")
    assert lena.get(reverse("desk-people")).status_code == 302


def test_codes_are_unlocked_by_a_lead(crew: Cast, lena: Client) -> None:
    Helper.objects.filter(pk=crew.hana.pk).update(code_locked_at=timezone.now(), code_misses=20)
    assert "Let them type codes again" in lena.get(address("desk-person", crew.hana)).text
    lena.post(address("desk-person-unlock", crew.hana))
    crew.hana.refresh_from_db()
    assert (crew.hana.code_locked_at, crew.hana.code_misses) == (None, 0)
    codes.refuse_locked(crew.hana)


def test_a_new_way_in_ends_the_old_one(crew: Cast, lena: Client, hana_client: Client, caller: Person) -> None:
    session = cast.session_of(caller, crew.hana)
    path = address("desk-person-factor", crew.hana)
    assert "ring them back" in lena.get(path).text
    link = link_in(lena.post(path))
    assert Client().get(f"/{link}").status_code == 200
    assert hana_client.get(reverse("desk-rules")).status_code == 302
    session.refresh_from_db()
    assert session.state == HelpState.ENDED


@pytest.mark.parametrize("name", ["Lena", "Second"])
def test_no_lead_resets_a_lead(crew: Cast, lena: Client, name: str) -> None:
    lead = crew.lena if name == "Lena" else cast.lena(crew.line, name)
    answer = lena.post(address("desk-person-factor", lead))
    assert answer.status_code == 303
    lead.refresh_from_db()
    assert (lead.invitation_key, lead.session_round) == (None, 0)


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_another_helpline_is_not_there(crew: Cast, lena: Client, name: str) -> None:
    stranger = cast.hana(cast.line("Elsewhere"), "Stranger")
    for helper in (stranger, crew.omar):
        for method in (lena.get, lena.post):
            assert method(address(name, helper)).status_code in (404, 405)
    stranger.refresh_from_db()
    assert (stranger.ended_at, stranger.session_round) == (None, 0)


@pytest.mark.parametrize("who", ["hana", "omar"])
def test_leads_pages_are_for_leads(crew: Cast, who: str) -> None:
    client = cast.desk_client(getattr(crew, who))
    paths = [*map(reverse, PAGES), *(address(name, crew.hana) for name in OF_A_PERSON)]
    assert {client.get(path).status_code for path in paths} == {404}
    assert {client.post(path).status_code for path in paths} == {404}


def test_a_lead_reaches_no_session(crew: Cast, lena: Client, caller: Person) -> None:
    session = cast.session_of(caller, crew.hana)
    assert lena.get(reverse("desk-session", args=[session.public_id])).status_code == 404


# --------------------------------------------------------------------------- that sessions happened


def ended(caller: Person, helper: Helper, end: HelpEnd, minutes: int = 20) -> HelpSession:
    """A session that began so long ago and has just ended."""
    session = cast.session_of(caller, helper)
    began = timezone.now() - timedelta(minutes=minutes)
    HelpSession.objects.filter(pk=session.pk).update(asked_at=began, accepted_at=began)
    sessions.end(session, end)
    return session


def test_each_way_to_end_in_words_and_none_tells_of_a_caller(crew: Cast, lena: Client) -> None:
    for end in (HelpEnd.CALLER, HelpEnd.LEFT, HelpEnd.DELETED, HelpEnd.HELPER, HelpEnd.CLOSED):
        ended(scenes.person_with_connection()[0], crew.hana, end)
    refused = cast.session_of(scenes.person_with_connection()[0], crew.hana, HelpState.ASKED)
    sessions.refuse(refused)
    quiet = ended(scenes.person_with_connection()[0], crew.hana, HelpEnd.QUIET, minutes=75)
    HelpSession.objects.filter(pk=quiet.pk).update(touched_at=timezone.now() - timedelta(minutes=60))
    text = lena.get(reverse("desk-sessions")).text
    assert text.count("The caller ended it.") == 3
    for words in (
        "The helper ended it.",
        "It did not begin.",
        "nothing happened for a while",
        "access, or the helpline",
    ):
        assert text.count(words) == 1
    assert "15 minutes" in text  # without the quiet hour
    assert "75 minutes" not in text


def test_a_caller_and_what_was_looked_at_stand_nowhere(crew: Cast, lena: Client, caller: Person) -> None:
    session = cast.session_of(caller, crew.hana)
    SessionLog.objects.create(
        session=session,
        at=timezone.now(),
        kind=LogKind.LOOKED,
        by=LoggedBy.HELPER,
        helper=crew.hana,
        check_id="two_step",
    )
    with CaptureQueriesContext(database) as asked:
        text = lena.get(reverse("desk-sessions")).text
    for column in ("person_id", "pointing_place", "caller_place", "check_id", "sessionlog"):
        assert not [query["sql"] for query in asked if column in query["sql"]]
    for secret in (str(session.public_id), "alice@", "two_step", "2-step"):
        assert secret not in text


def test_a_caller_who_is_gone_leaves_the_row(crew: Cast, lena: Client, caller: Person) -> None:
    cast.session_of(caller, crew.hana)
    sessions.erase(caller)
    caller.delete()
    text = lena.get(reverse("desk-sessions")).text
    assert text.count("The caller ended it.") == 1
    assert "delete" not in text.lower()


def test_sessions_are_paged_with_a_constant_number_of_queries(crew: Cast, lena: Client) -> None:
    now, counted = timezone.now(), []
    other = cast.line("Elsewhere")
    for more, line, helper in ((2, crew.line, crew.hana), (60, crew.line, crew.hana), (5, other, cast.hana(other))):
        HelpSession.objects.bulk_create(
            HelpSession(
                helpline=line, helper=helper, state="ended", end="caller", asked_at=now, ended_at=now, touched_at=now
            )
            for _ in range(more)
        )
        with CaptureQueriesContext(database) as asked:
            answer = lena.get(reverse("desk-sessions"))
        counted.append(len(asked))
    assert len(set(counted)) == 1
    assert answer.text.count("happened__when") == 25
    assert "62 in all" in answer.text


# --------------------------------------------------------------------------- what callers read


def test_texts_are_shown_first_and_then_saved(crew: Cast, lena: Client, caller: Person) -> None:
    form = {
        "about": "We listen.\r\n\r\n\r\n<b>Two</b> of us\u202e may hear.",
        "limits": "Danger to life.",
        "hours": "9 to 5",
    }
    answer = lena.post(reverse("desk-line"), {**form, "show": "1"})
    assert "Not saved yet" in answer.text
    assert "&lt;b&gt;Two&lt;/b&gt; of us may hear." in answer.text
    crew.line.refresh_from_db()
    assert crew.line.about == ""
    assert lena.post(reverse("desk-line"), form).status_code == 303
    crew.line.refresh_from_db()
    assert crew.line.about == "We listen.\n\n<b>Two</b> of us may hear."
    assert (crew.line.limits, crew.line.hours) == ("Danger to life.", "9 to 5")
    preview = lena.get(reverse("desk-line")).text.partition('<div class="preview">')[2].partition("</div>")[0]
    told = re.findall(r"<p.*?</p>", preview, re.DOTALL)
    assert len(told) == 3
    assert [part for part in told if part not in signed_in(caller).get(reverse("help")).text] == []


@pytest.mark.parametrize(
    "wrong", [{"about": "x" * 601}, {"limits": "x" * 601}, {"hours": "x" * 201}, {"about": "\x00"}]
)
def test_texts_that_are_too_long_change_nothing(crew: Cast, lena: Client, wrong: dict[str, str]) -> None:
    answer = lena.post(reverse("desk-line"), {"about": "New", "limits": "", "hours": "", **wrong})
    assert answer.status_code == 400
    crew.line.refresh_from_db()
    assert crew.line.about == ""


def test_no_link_is_made_of_a_text(crew: Cast, lena: Client) -> None:
    lena.post(reverse("desk-line"), {"about": "https://evil.test/ or javascript:alert(1)", "limits": "", "hours": ""})
    text = lena.get(reverse("desk-line")).text
    assert 'href="https://evil.test' not in text
    assert 'href="javascript' not in text
