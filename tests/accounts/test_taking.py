"""The pages of taking away and bringing back: nothing without step-up, nothing stored, nothing said in the log."""

from __future__ import annotations

import io
import json
import logging
import re
import time
from typing import Any

import pyrage
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from audits.accounts.views import taking
from audits.audit.taking import content, lock
from audits.models import AnswerToCheck, Finding, Person, TimelineEntry
from tests.audit.taking_world import NAMES, person_with_everything, plain_check

pytestmark = pytest.mark.django_db
FILES = {"take-paper": {"names": "in"}, "take-records": {}, "take-data": {}, "take-locked": {}}
PHRASE = "k3v9p-aaaaa-bbbbb-ccccc-ddddd"


@pytest.fixture
def person() -> Person:
    return person_with_everything()[0]


def signed_in(person: Person, *, stepped_up: bool = True) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    if stepped_up:
        session = client.session
        session["confirmed"] = {"person": person.pk, "at": time.time()}
        session.save()
    return client


def file_of(data: bytes, phrase: str = PHRASE) -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.age", lock.locked(data, phrase))


def brought_to(client: Client, data: bytes, phrase: str = PHRASE) -> Any:
    return client.post(reverse("bring"), {"file": file_of(data), "passphrase": phrase})


# --------------------------------------------------------------------------- taking


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_taken_without_step_up(name: str, person: Person) -> None:
    answer = signed_in(person, stepped_up=False).post(reverse(name), FILES[name])
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "First: show that it is you" in answer.content.decode()
    assert not TimelineEntry.objects.filter(person=person, kind__startswith="taken").exists()


@pytest.mark.parametrize("name", [*FILES, "take-file", "bring-in"])
def test_a_link_takes_nothing(name: str, person: Person) -> None:
    assert signed_in(person).get(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", [*FILES, "take-file", "bring", "bring-in"])
def test_a_form_from_elsewhere_takes_nothing(name: str, person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse(name)).status_code == 403


def test_the_page_offers_the_files_only_after_step_up(person: Person) -> None:
    before, after = (signed_in(person, stepped_up=up).get(reverse("take")).content.decode() for up in (False, True))
    for name in FILES:
        assert reverse(name) not in before
        assert reverse(name) in after
    assert "downloads" in before


@pytest.mark.parametrize(("name", "ending"), [("take-paper", "pdf"), ("take-data", "json")])
def test_a_file_has_a_name_that_says_nothing_and_is_not_stored(name: str, ending: str, person: Person) -> None:
    answer = signed_in(person).post(reverse(name), FILES[name])
    assert re.fullmatch(rf'attachment; filename="notes-20\d\d-\d\d-\d\d\.{ending}"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store"
    assert (
        TimelineEntry.objects.filter(person=person, kind=f"taken_{'paper' if ending == 'pdf' else 'data'}").count() == 1
    )


def test_the_paper_without_names(person: Person) -> None:
    pdf = signed_in(person).post(reverse("take-paper"), {"names": "out"}).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).lower()
    assert "name left out" in text
    assert not [name for name in NAMES if name.lower() in text]


def test_the_data_is_theirs_alone(person: Person) -> None:
    other = Person.objects.create_user()
    found = json.loads(signed_in(other).post(reverse("take-data")).content)
    assert found["answers"] == found["findings"] == found["accounts"] == []


# --------------------------------------------------------------------------- the locked file


def passphrase_and_ticket(client: Client) -> tuple[str, str]:
    page = client.post(reverse("take-locked")).content.decode()
    groups = re.findall(r"<span>([a-z0-9]{5})-?</span>", page)
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    return "-".join(groups), ticket[1]


def test_the_file_opens_with_the_passphrase_of_its_page_and_nothing_is_kept_of_it(person: Person) -> None:
    client = signed_in(person)
    passphrase, ticket = passphrase_and_ticket(client)
    answer = client.post(reverse("take-file"), {"ticket": ticket})
    assert answer["Content-Disposition"].endswith('.age"')
    found = json.loads(pyrage.passphrase.decrypt(answer.content, passphrase))
    assert found["format"] == content.FORMAT
    kept = str([one.get_decoded() for one in Session.objects.all()])
    assert passphrase not in kept
    assert passphrase.replace("-", "") not in kept
    assert ticket not in kept


def test_a_ticket_is_for_one_person_and_for_a_while(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    _, ticket = passphrase_and_ticket(signed_in(person))
    stranger = signed_in(Person.objects.create_user())
    for bad in (ticket, ticket[:-4], "", "x" * 5_000, "é", "AAAA"):
        answer = stranger.post(reverse("take-file"), {"ticket": bad})
        assert (answer.status_code, answer["Location"]) == (302, reverse("take"))
    now = time.time()
    monkeypatch.setattr(taking.time, "time", lambda: now + taking.FETCH_SECONDS + 1)
    assert taking.passphrase_in(ticket, person) == ""


# --------------------------------------------------------------------------- bringing back


def test_a_file_is_shown_first_and_comes_in_on_yes(person: Person) -> None:
    data = content.as_json(person)
    anew = Person.objects.create_user()
    client = signed_in(anew, stepped_up=False)
    page = brought_to(client, data)
    assert "What would come in" in page.content.decode()
    assert not AnswerToCheck.objects.filter(person=anew).exists()
    answer = client.post(reverse("bring-in"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("overview"))
    finding = Finding.objects.get(person=anew, check_id=plain_check().id)
    assert "From a file you brought" in client.get(reverse("check", args=[finding.public_id])).content.decode()
    assert "Nothing would come in" in brought_to(client, data).content.decode()


def test_no_leaves_everything_out(person: Person) -> None:
    client = signed_in(Person.objects.create_user())
    brought_to(client, content.as_json(person))
    client.post(reverse("bring-in"), {"no": "1"})
    client.post(reverse("bring-in"))
    assert AnswerToCheck.objects.exclude(person=person).count() == 0


def test_what_waits_is_sealed_for_one_person_and_for_a_while(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = Person.objects.create_user()
    client = signed_in(anew)
    brought_to(client, content.as_json(person))
    kept = str(client.session["brought"])
    assert "zebra" not in kept.lower()
    other = signed_in(Person.objects.create_user())
    session = other.session
    session["brought"] = client.session["brought"]
    session.save()
    assert other.post(reverse("bring-in"))["Location"] == reverse("bring")
    session = client.session
    session["brought"] = {**session["brought"], "until": time.time() - 1}
    session.save()
    assert client.post(reverse("bring-in"))["Location"] == reverse("bring")
    assert AnswerToCheck.objects.filter(person=anew).count() == 0


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Choose the file"),
        ({"file": SimpleUploadedFile("x", b"")}, "Choose the file"),
        ({"file": SimpleUploadedFile("x", b"x" * 5_000_001), "passphrase": PHRASE}, "Choose the file"),
        ({"file": SimpleUploadedFile("x", b"x" * 6_000_000), "passphrase": PHRASE}, "Choose the file"),
        ({"file": "not a file", "passphrase": PHRASE}, "Choose the file"),
        ({"file": SimpleUploadedFile("x", b"PK junk"), "passphrase": PHRASE}, "not a file that was taken away"),
        ({"file": file_of(b"{}"), "passphrase": "wrong"}, "five groups"),
        ({"file": file_of(b"{}"), "passphrase": PHRASE.replace("a", "b")}, "did not open"),
        ({"file": file_of(b"{}"), "passphrase": PHRASE}, "not as we write it"),
        ({"file": file_of(b'{"format":"privacy-audit-record","version":2}'), "passphrase": PHRASE}, "newer version"),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_calm_sentence(form: dict[str, Any], says: str) -> None:
    for one in form.values():
        if hasattr(one, "seek"):
            one.seek(0)
    answer = signed_in(Person.objects.create_user()).post(reverse("bring"), form)
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_an_upload_never_touches_the_disk(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", never)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", never)
    answer = signed_in(person).post(
        reverse("bring"), {"file": SimpleUploadedFile("x", b"x" * 4_900_000), "passphrase": PHRASE}
    )
    assert answer.status_code == 400


def test_the_log_names_nothing(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client = signed_in(person)
        client.post(reverse("take-paper"), {"names": "in"})
        client.post(reverse("take-data"))
        passphrase, ticket = passphrase_and_ticket(client)
        client.post(reverse("take-file"), {"ticket": ticket})
        brought_to(client, content.as_json(person))
    said = "\n".join(record.getMessage() for record in caplog.records).lower()
    assert not [name for name in (*NAMES, passphrase, ticket.lower()) if name.lower() in said]
    assert "missing the following glyphs" not in said


def test_the_pages_say_when_it_happened(person: Person) -> None:
    client = signed_in(person)
    client.post(reverse("take-paper"), {"names": "out"})
    client.post(reverse("take-data"))
    page = client.get(reverse("timeline")).content.decode()
    assert "You took your notes away, to print, without names." in page
    assert "You took your notes away, as data." in page
