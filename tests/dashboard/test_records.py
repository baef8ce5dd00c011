"""Records on their pages: offered before anything is changed, kept, read, printed, deleted, and nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.audit import keeping
from audits.dashboard.views.records import LEADS_BACK_TO
from audits.models import Finding, Item, Record
from audits.models.sealing import seal
from tests.audit import scenes
from tests.dashboard.conftest import Scene

KEEP = "Keep a record of this first"


def keep(alice: Scene, **form: str) -> Any:
    return alice.client.post(reverse("record-keep", args=[alice.finding().public_id]), form)


def page_of(alice: Scene, record: Record, tail: str = "") -> str:
    answer = alice.client.get(reverse("record", args=[record.public_id]) + tail)
    assert answer.status_code == 200
    return str(answer.text)


def test_every_page_with_steps_offers_a_record_before_them(alice: Scene) -> None:
    for finding in Finding.objects.filter(person=alice.person, current=True):
        text = alice.client.get(reverse("check", args=[finding.public_id])).text
        assert text.index(KEEP) < text.index('id="steps"'), finding.check_id
        assert text.count(f'action="{reverse("record-keep", args=[finding.public_id])}"') == 1, finding.check_id


def test_keeping_says_so_and_leads_back_to_where_one_was(alice: Scene) -> None:
    answer = keep(alice, next="check")
    record = Record.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        reverse("check", args=[alice.finding().public_id]) + "#before",
    )
    text = alice.client.get(answer.headers["Location"]).text
    assert "A record of this is kept." in text
    assert f'href="{reverse("record", args=[record.public_id])}"' in text


ELSEWHERE = ["", "https://evil.test/", "//evil.test", "/overview/", "delete-everything", "admin:index", "\x00"]


@pytest.mark.parametrize("wanted", [*ELSEWHERE, *LEADS_BACK_TO])
def test_only_our_own_pages_are_led_back_to(alice: Scene, wanted: str) -> None:
    answer = keep(alice, next=wanted, item="https://evil.test/", finding="https://evil.test/")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/n/")


def test_from_the_page_that_removes_an_app_one_comes_back_to_it(alice: Scene) -> None:
    item = Item.objects.filter(finding=alice.finding())[0]
    answer = keep(alice, next="remove-app", item=item.key)
    assert answer.headers["Location"] == reverse("remove-app", args=[alice.finding().public_id, item.key])
    assert Record.objects.count() == 1


def test_a_record_is_made_by_a_button_only(alice: Scene) -> None:
    assert alice.client.get(reverse("record-keep", args=[alice.finding().public_id])).status_code == 405
    assert not Record.objects.exists()


def test_the_page_shows_what_was_kept_and_its_hash(alice: Scene) -> None:
    keep(alice)
    record = Record.objects.get()
    text = page_of(alice, record)
    for words in ("PicPolish", "QuizTown", "alice@gmail.test", "Kept on", str(alice.audit.public_id), "Read whole"):
        assert words in text, words
    shown = re.findall(r"<span>([0-9a-f]{8})</span>", text)
    assert "".join(shown) == record.sha256
    assert "text and hash fit." in text
    assert "It does not prove who did something" in text
    assert "Do not rely on this record" not in text


def test_a_long_record_can_be_printed_in_one_go(alice: Scene) -> None:
    apps = [scenes.app(str(n), f"App {n}") for n in range(60)]
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": apps})
    keep(alice)
    record = Record.objects.get()
    assert 'href="?whole=1#items"' in page_of(alice, record)
    assert "<bdi>App 59</bdi>" not in page_of(alice, record)
    assert "<bdi>App 59</bdi>" in page_of(alice, record, "?whole=1")


def test_names_from_outside_stay_text(alice: Scene) -> None:
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": [scenes.app("<b>7", "<script>x</script>")]})
    keep(alice)
    text = page_of(alice, Record.objects.get())
    assert "<script>x" not in text
    assert "<b>7" not in text
    assert "&lt;script&gt;x" in text


def test_a_record_that_was_changed_says_so_plainly(alice: Scene) -> None:
    keep(alice)
    Record.objects.update(sha256="0" * 64)
    text = page_of(alice, Record.objects.get())
    assert "Do not rely on this record." in text
    assert "text and hash do not fit." in text
    assert "text and hash fit." not in text


def test_a_record_that_cannot_be_opened_can_still_be_deleted(alice: Scene) -> None:
    keep(alice)
    Record.objects.update(content_sealed=seal("{}", "nobody"))
    record = Record.objects.get()
    assert "Its text can no longer be opened here." in page_of(alice, record)
    assert alice.client.post(reverse("record-delete", args=[record.public_id])).status_code == 303
    assert not Record.objects.exists()


def test_deleting_asks_first(alice: Scene) -> None:
    keep(alice)
    path = reverse("record-delete", args=[Record.objects.get().public_id])
    assert "nobody can bring it back" in alice.client.get(path).text
    assert Record.objects.count() == 1
    assert alice.client.post(path).headers["Location"] == reverse("records")
    assert not Record.objects.exists()


def test_the_list_is_paged_at_constant_cost(alice: Scene) -> None:
    keeping.keep(alice.person, alice.finding())
    alice.client.get(reverse("records"))
    with CaptureQueriesContext(connection) as with_one:
        alice.client.get(reverse("records"))
    for _ in range(30):
        keeping.keep(alice.person, alice.finding())
    with CaptureQueriesContext(connection) as with_many:
        text = alice.client.get(reverse("records")).text
    assert len(with_many) == len(with_one) <= 5
    assert text.count('class="row"') == 25
    assert alice.client.get(reverse("records") + "?page=2").text.count('class="row"') == 6
    assert alice.client.get(reverse("records") + "?page=x").status_code == 200


def test_when_there_are_too_many_the_list_opens_to_delete_one(alice: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_RECORDS", 1)
    keep(alice)
    answer = keep(alice)
    assert answer.headers["Location"] == reverse("records")
    assert "you have as many as we keep" in alice.client.get(reverse("records")).text
    assert Record.objects.count() == 1


def test_what_is_no_longer_here_is_not_kept_and_said(alice: Scene) -> None:
    old = alice.finding()
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": []})
    Item.objects.filter(finding=old).delete()
    answer = alice.client.post(reverse("record-keep", args=[old.public_id]))
    assert "No record was made" in alice.client.get(answer.headers["Location"], follow=True).text
    assert not Record.objects.exists()


def test_closing_a_look_and_disconnecting_leave_records(alice: Scene) -> None:
    keep(alice)
    alice.client.post("/looks/drive_apps/close/")
    assert "but for records that you kept" in alice.client.get("/looks/").text
    assert Record.objects.count() == 1
    assert "You kept 1 record." in alice.client.get("/account/").text
