"""What a person tells on the page of a check: an answer, names, when to look again, and a pasted page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit import guided, naming, situation
from audits.audit.judge import judge_again
from audits.audit.pasted import MOST_BYTES
from audits.checks.catalogue import CHECKS
from audits.dashboard.views import pasting
from audits.facts import ItemKind, Rung, VerdictState
from audits.models import AnswerToCheck, Finding, Item, Person, ToldItem
from privacy_audit.security import limits
from privacy_audit.security.limits import Limit
from tests.dashboard.conftest import signed_in

pytestmark = pytest.mark.django_db

DEVICES, PASTED = "telegram_sessions", "apple_devices"


@pytest.fixture
def noor() -> Person:
    """Nobody's account, no audit: only herself."""
    return Person.objects.create_user()


@pytest.fixture
def client(noor: Person) -> Client:
    return signed_in(noor)


def blank(name: str, check: str = DEVICES) -> str:
    return reverse(f"blank-{name}", args=[CHECKS[check].code])


def messages_of(answer: Any) -> str:
    return " ".join(str(message) for message in answer.wsgi_request._messages)


def finding(check: str = DEVICES) -> Finding:
    return Finding.objects.get(check_id=check, current=True)


# --------------------------------------------------------------------------- answers, names, look again


def test_a_guided_check_is_answered_with_names_and_a_day(client: Client) -> None:
    form = {"answer": "something_odd", "names": "Old phone\n\n  Windows \nOLD PHONE", "again": "month"}
    answer = client.post(blank("answer-check"), form)
    assert answer.status_code == 303
    found = finding()
    assert answer["Location"] == reverse("check", args=[found.public_id]) + "#saw"
    assert (found.verdict, found.item_count) == (VerdictState.NEEDS_LOOK, 2)
    assert AnswerToCheck.objects.get().again_on == timezone.localdate() + timedelta(days=30)
    page = client.get(reverse("check", args=[found.public_id])).text
    assert "<bdi>Old phone</bdi>" in page
    assert "What you named" in page
    assert "You named this on" in page
    assert "You wanted to look at this again on" in page


@pytest.mark.parametrize("form", [{}, {"answer": ""}, {"answer": "yes"}, {"names": "Old phone", "again": "week"}])
def test_without_an_answer_nothing_is_kept_and_nothing_begins(client: Client, form: dict[str, str]) -> None:
    answer = client.post(blank("answer-check"), form)
    assert answer["Location"] == blank("check") + "#tell"
    assert "Nothing was kept" in messages_of(answer)
    assert not Finding.objects.exists()
    assert not ToldItem.objects.exists()
    client.post(blank("leave-check"))
    answer = client.post(reverse("answer-check", args=[finding().public_id]), form)
    assert "Nothing was kept" in messages_of(answer)
    assert not ToldItem.objects.exists()


@pytest.mark.parametrize("again", ["", "never", "30", "week; drop", "\x00"])
def test_a_day_that_was_not_offered_is_none(client: Client, again: str) -> None:
    client.post(blank("answer-check"), {"answer": "as_it_should_be", "again": again})
    assert AnswerToCheck.objects.get().again_on is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\n".join(f"phone {n}" for n in range(50)), 20),
        ("x" * 100_000, 1),
        ("\u202e\u200b\n \n\x00", 0),
        ("<script>alert(1)</script>", 1),
        ("\n" * 5_000 + "late", 1),
    ],
)
def test_names_are_capped_and_tidied(client: Client, typed: str, kept: int) -> None:
    client.post(blank("answer-check"), {"answer": "something_odd", "names": typed})
    names = [row.told["name"] for row in ToldItem.objects.all()]
    assert len(names) == kept
    assert all(0 < len(name) <= 200 for name in names)
    assert "<script>alert" not in client.get(reverse("check", args=[finding().public_id])).text


def test_where_names_mean_nothing_none_is_kept(client: Client) -> None:
    check = next(check.id for check in CHECKS.values() if check.words.told and not check.words.told.items)
    assert 'name="names"' not in client.get(blank("check", check)).text
    client.post(blank("answer-check", check), {"answer": "not_found", "names": "Old phone"})
    assert finding(check)
    assert not ToldItem.objects.exists()


def named(noor: Person, *names: str) -> Finding:
    found = guided.begin(noor, CHECKS[DEVICES], None)
    naming.name_things(found, ItemKind.DEVICE, names, Rung.TOLD)
    judge_again(found)
    return found


def test_a_name_is_answered_and_taken_off_again(noor: Person, client: Client) -> None:
    found = named(noor, "Old phone", "Windows")
    one = Item.objects.get(finding=found, place=0)
    client.post(reverse("answer-items", args=[found.public_id]), {f"item-{one.key}": "known", f"was-{one.key}": ""})
    page = client.get(reverse("check", args=[found.public_id])).text
    assert "You know this" in page
    other = ToldItem.objects.get(public_id=Item.objects.get(finding=found, place=1).content["identity"])
    assert f'formaction="{reverse("take-out", args=[other.public_id])}"' in page
    answer = client.post(reverse("take-out", args=[other.public_id]))
    assert answer["Location"] == reverse("check", args=[found.public_id])
    assert "says nothing about whether it is there" in messages_of(answer)
    assert finding().verdict == VerdictState.NOT_CHECKED


def test_a_stranger_cannot_take_it_off(noor: Person, bob: Client) -> None:
    named(noor, "Old phone")
    assert bob.post(reverse("take-out", args=[ToldItem.objects.get().public_id])).status_code == 404
    assert ToldItem.objects.exists()


def test_enter_in_the_list_keeps_answers_and_takes_nothing_off(noor: Person, client: Client) -> None:
    """The first button of a form is the one that Enter presses."""
    page = client.get(reverse("check", args=[named(noor, "Old phone").public_id])).text
    items = page.split('class="items"')[1].split("</form>")[0]
    buttons = [part.split(">")[0] for part in items.split("<button")[1:]]
    assert 'form="take-out"' in buttons[0]
    assert 'form="take-out"' not in buttons[1]


# --------------------------------------------------------------------------- a pasted page

Send = Callable[..., Any]


@pytest.fixture(params=["blank", "begun"])
def send(request: pytest.FixtureRequest, client: Client, noor: Person) -> Send:
    """Paste on a page that nobody has answered, and on one that was."""
    if request.param == "blank":
        address = blank("paste", PASTED)
    else:
        address = reverse("paste", args=[guided.begin(noor, CHECKS[PASTED], None).public_id])

    def post(text: str = "", file: bytes | None = None, name: str = "page.html") -> Any:
        form: dict[str, Any] = {"text": text}
        if file is not None:
            form["file"] = SimpleUploadedFile(name, file)
        return client.post(address, form)

    return post


def test_what_was_pasted_is_offered_and_nothing_is_kept(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = send("iPhone 13 of Noor\nSigned in\n<script>alert(1)</script>", file=b"<html><p>Mac &amp; mouse</p>")
    assert answer.status_code == 200
    for name in ("iPhone 13 of Noor", "Signed in", "&lt;script&gt;alert(1)&lt;/script&gt;", "Mac &amp; mouse"):
        assert f'value="{name}"' in answer.text
    assert "<script>alert" not in answer.text
    assert not ToldItem.objects.exists()
    assert "iPhone" not in caplog.text


REFUSED = [
    ("", None, "Nothing was pasted"),
    (" \n ", None, "Nothing was pasted"),
    ("", b"", "Nothing was pasted"),
    ("12\n34", None, "That tells us nothing"),
    ("x" * 5_000, None, "That tells us nothing"),
    ("", b"PK\x03\x04" + bytes(range(256)) * 50, "could not read that file as text"),
    ("", b"<html>" + b" " * (MOST_BYTES + 100_000), "larger than 2 MB"),
    ("x" * (MOST_BYTES + 100_000), None, "larger than 2 MB"),
]


@pytest.mark.parametrize(("text", "file", "says"), REFUSED)
def test_what_cannot_be_read_gets_a_calm_sentence(send: Send, text: str, file: bytes | None, says: str) -> None:
    answer = send(text, file)
    assert answer.status_code == 303
    assert answer["Location"].endswith("#paste")
    assert says in messages_of(answer)
    assert not ToldItem.objects.exists()


def test_nothing_touches_the_disk(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: Any, **more: Any) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", never)
    assert send(file=b"Old phone\n" + b"y" * (MOST_BYTES - 1_000)).status_code == 200


def test_pasting_alone_begins_nothing(client: Client) -> None:
    client.post(blank("paste", PASTED), {"text": "iPhone 13"})
    client.post(blank("keep-pasted", PASTED), {})
    client.post(blank("keep-pasted", PASTED), {"name": ["12", "x", "\u202e"]})
    assert not Finding.objects.exists()


def test_what_was_ticked_is_kept_as_pasted(client: Client) -> None:
    names = ["iPhone 13", " iphone  13", "x" * 300, "12", "Mac"]
    answer = client.post(blank("keep-pasted", PASTED), {"name": names})
    found = finding(PASTED)
    assert answer["Location"] == reverse("check", args=[found.public_id]) + "#saw"
    assert [(row.told["name"], row.rung) for row in ToldItem.objects.all()] == [
        ("iPhone 13", "pasted"),
        ("Mac", "pasted"),
    ]
    assert (found.verdict, found.reason, found.rung) == (VerdictState.NEEDS_LOOK, "named_open", "pasted")
    page = client.get(reverse("check", args=[found.public_id])).text
    assert "It stood on the page you pasted on" in page
    assert "rung--stands" in page.split("<h3>Read from a page you pasted")[0].rsplit("<li", 1)[1]


def test_more_than_a_check_holds_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "FOR_A_CHECK", 1)
    answer = client.post(blank("keep-pasted", PASTED), {"name": ["iPhone 13", "Mac"]})
    assert "We kept 1 of the 2 names" in messages_of(answer)


def test_a_check_without_such_a_page_takes_none(client: Client) -> None:
    answer = client.post(blank("paste"), {"text": "iPhone 13"})
    assert "no page that can be pasted" in messages_of(answer)
    client.post(blank("keep-pasted"), {"name": ["iPhone 13"]})
    assert not ToldItem.objects.exists()


@pytest.mark.parametrize("page", ["paste", "keep-pasted"])
def test_without_the_forms_token_nothing_is_read(noor: Person, page: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(noor, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(blank(page, PASTED), {"text": "iPhone 13", "name": "iPhone 13"}).status_code == 403
    assert not ToldItem.objects.exists()


def test_too_many_pages_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, "blank-paste": Limit(2, 600)})
    found = [client.post(blank("paste", PASTED), {"text": "iPhone 13"}).status_code for _ in range(3)]
    assert found == [200, 200, 429]


def test_a_length_that_is_no_number_is_none(client: Client) -> None:
    answer = client.post(blank("paste", PASTED), {"text": "iPhone 13"}, headers={"content-length": "many"})
    assert answer.status_code in (200, 303, 400)
    assert pasting.MOST_SENT > MOST_BYTES


# --------------------------------------------------------------------------- the page


def test_the_ways_of_the_systems_one_uses_come_first_and_open(client: Client, noor: Person) -> None:
    page = client.get(blank("check")).text.split('id="look"')[1]
    assert page.index("iPhone and iPad") < page.index("Android")
    assert "<details" not in page.split('id="tell"')[0]
    situation.keep(noor, situation.said(uses=["android", "telegram"], worries=[], young=False, danger=False))
    page = client.get(blank("check")).text.split('id="look"')[1].split('id="tell"')[0]
    assert page.index("Android") < page.index("iPhone and iPad")
    assert page.index("<details") < page.index("iPhone and iPad")
    assert 'aria-label="The way through the menus"' in page


def test_what_people_say_stands_folded_after_why(client: Client) -> None:
    check = next(check for check in CHECKS.values() if check.words.myths and check.words.fits.young != "not")
    why = client.get(blank("check", check.id)).text.split('id="why"')[1].split("</section>")[0]
    assert why.count("<details") == len(check.words.myths)


def test_a_page_costs_the_same_with_many_names(noor: Person, client: Client) -> None:
    counted = []
    for count in (1, 24):
        address = reverse("check", args=[named(noor, *(f"phone {n}" for n in range(count))).public_id])
        client.get(address)
        with CaptureQueriesContext(database) as asked:
            client.get(address)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 14
