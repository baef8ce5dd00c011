"""Removing an app: offered where it can be done, done once, for nobody but who asked, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from audits.accounts.dance import Dancer
from audits.accounts.looks import EMAIL
from audits.audit import run
from audits.models import AdministratorLook, Audit, Change, Connection, Finding, Item, Record, TimelineEntry
from audits.sources.google import removal
from audits.sources.google.retry import Patience
from tests.accounts.travel import asked, come_back

SAM, NOOR = "sam@shelter.test", "noor@shelter.test"
ODD, ODD_ID = "<img src=x onerror=alert(1)>", "900231.apps.googleusercontent.com"
SECURITY = "https://www.googleapis.com/auth/admin.directory.user.security"


@pytest.fixture(autouse=True)
def _nobody_is_woken(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Audits run where the test says so, and at once."""
    settings.AUDIT_HEARTBEAT_SECONDS = 3600
    monkeypatch.setattr("audits.tasks.wake", lambda audit_id: None)
    monkeypatch.setattr(removal, "PATIENCE", Patience(tries=2, first=0.001, longest=0.01))


@pytest.fixture
def sam(dancer: Callable[[str], Dancer]) -> Dancer:
    """Sam, after one look as administrator."""
    found = dancer(SAM)
    found.sign_in()
    found.open_look("administrator")
    look()
    return found


def look() -> None:
    run.run(Audit.objects.get(state="queued").pk)


def apps() -> Finding:
    return Finding.objects.get(check_id="connected_apps", current=True)


def item(name: str = ODD) -> Item:
    return next(one for one in Item.objects.filter(finding=apps()) if one.content["name"] == name)


def page_of(one: Item) -> str:
    return reverse("remove-app", args=[one.finding.public_id, one.key])


def names() -> set[str]:
    return {one.content["name"] for one in Item.objects.filter(finding=apps())}


def deletions(sandbox: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.log().of("directory.tokens.delete")
    return found


# --------------------------------------------------------------------------- where it is offered


def test_the_check_page_leads_to_it_and_it_says_what_it_means(sam: Dancer) -> None:
    check = sam.client.get(reverse("check", args=[apps().public_id])).text
    assert page_of(item()) in check
    page = sam.client.get(page_of(item())).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert ODD not in page
    for words in ("What happens", "Who may notice", "What you may lose", "Undo", "As far as we know", SAM):
        assert words in page
    assert "Keep a record of this first" in page
    assert 'type="password"' not in page


def test_it_is_not_offered_for_what_drive_names(maya: Dancer) -> None:
    maya.open_look("drive_apps")
    maya.client.post(reverse("audit-start"))
    look()
    [one, *_] = Item.objects.filter(finding=apps())
    assert "remove/" not in maya.client.get(reverse("check", args=[apps().public_id])).text
    assert "can not be removed from here" in maya.client.get(page_of(one)).text
    assert maya.client.post(page_of(one)).status_code == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("anonymous", "could end all of them"),
        ("Privacy Audit", "the program that you are using now"),
    ],
)
def test_what_would_end_more_than_one_app_is_not_removed(sam: Dancer, sandbox: Any, name: str, words: str) -> None:
    sandbox.clear_log()
    one = item(name)
    assert words in sam.client.get(page_of(one)).text
    assert words in sam.client.post(page_of(one)).text
    assert not sandbox.log().requests


def test_two_apps_under_one_id_are_not_removed(dancer: Callable[[str], Dancer], sandbox: Any) -> None:
    for name in ("Sync one", "Sync two"):
        sandbox.edit(SAM, "add_token", clientId="shared.example", displayText=name, anonymous=True)
    sam = dancer(SAM)
    sam.sign_in()
    sam.open_look("administrator")
    look()
    assert "could end all of them" in sam.client.get(page_of(item("Sync one"))).text


def test_without_a_client_of_its_own_it_is_not_offered(sam: Dancer, settings: Any) -> None:
    settings.GOOGLE_ADMIN_CLIENT_ID = ""
    assert "remove/" not in sam.client.get(reverse("check", args=[apps().public_id])).text
    assert "can not be removed from here" in sam.client.post(page_of(item())).text


def test_an_app_that_is_no_longer_listed_leads_back_to_the_list(sam: Dancer) -> None:
    answer = sam.client.get(reverse("remove-app", args=[apps().public_id, "gone"]))
    assert answer.headers["Location"] == reverse("check", args=[apps().public_id])


# --------------------------------------------------------------------------- a record first


def test_a_record_is_kept_first_and_leads_back_here(sam: Dancer) -> None:
    one = item()
    answer = sam.client.post(
        reverse("record-keep", args=[one.finding.public_id]), {"next": "remove-app", "item": one.key}
    )
    assert answer.headers["Location"] == page_of(one)
    assert Record.objects.count() == 1
    assert "A record of this is kept." in sam.client.get(page_of(one)).text


# --------------------------------------------------------------------------- the deed


def test_what_it_asks_of_google(sam: Dancer, settings: Any) -> None:
    query = asked(sam.client.post(page_of(item())))
    assert set(query["scope"].split()) == {"openid", EMAIL, SECURITY}
    assert query["client_id"] == settings.GOOGLE_ADMIN_CLIENT_ID
    assert (query["access_type"], query["prompt"]) == ("online", "consent")
    assert query["login_hint"] == Connection.objects.get().sub
    assert "include_granted_scopes" not in query


def test_the_app_is_gone_by_proof_and_nothing_else_is(sam: Dancer, sandbox: Any) -> None:
    before, one = names(), item()
    sandbox.clear_log()
    answer = sam.go(page_of(one))
    assert answer.headers["Location"] == reverse("check", args=[one.finding.public_id])
    [deleted] = deletions(sandbox)
    assert deleted["status"] == 204
    assert f"/users/{SAM}/tokens/{ODD_ID}" in deleted["path"].replace("%40", "@")
    assert names() == before, "nothing is said to be gone before it was looked for"
    assert AdministratorLook.objects.get().granted == [SECURITY]

    look()
    assert names() == before - {ODD}
    assert apps().rung == "admin"
    assert [change.content["item"]["name"] for change in Change.objects.filter(kind="gone")] == [ODD]
    assert not AdministratorLook.objects.exists(), "the permission was for this alone"
    entry = TimelineEntry.objects.get(kind="app_removed")
    assert "img" not in str(entry.values)
    assert "You asked us to remove an app" in sam.client.get(reverse("timeline")).text


def test_what_the_other_administrator_sources_saw_stands(sam: Dancer) -> None:
    before = {f.check_id: f.reason for f in Finding.objects.filter(current=True)}
    sam.go(page_of(item()))
    look()
    after = {f.check_id: f.reason for f in Finding.objects.filter(current=True)}
    assert before == after


def test_an_app_that_is_gone_already_is_no_error(sam: Dancer, sandbox: Any) -> None:
    sandbox.fault("directory.tokens.delete", 404, first=1)
    one = item()
    answer = sam.go(page_of(one))
    page = sam.client.get(answer.headers["Location"]).text
    assert "had no access any more, says Google" in page


# --------------------------------------------------------------------------- what goes wrong


FAULTS = [
    (403, "forbidden", "Only an administrator"),
    (403, "insufficientPermissions", "was not ticked"),
    (429, "", "slow down"),
    (401, "", "Google refused it"),
    (503, "", "do not know whether"),
    ("reset", "", "do not know whether"),
    ("hang", "", "do not know whether"),
    ("empty", "", "do not know whether"),
]


@pytest.mark.parametrize(("kind", "reason", "words"), FAULTS)
def test_a_fault_is_said_in_plain_words_and_nothing_is_lost(
    sam: Dancer, sandbox: Any, monkeypatch: pytest.MonkeyPatch, kind: int | str, reason: str, words: str
) -> None:
    before, one = names(), item()
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.2" if kind == "hang" else "10")
    sandbox.fault("directory.tokens.delete", kind, reason)
    answer = sam.go(page_of(one))
    assert answer.headers["Location"] == page_of(one)
    assert words in sam.client.get(answer.headers["Location"]).text
    assert names() == before
    assert not AdministratorLook.objects.exists()
    assert not Audit.objects.filter(state="queued").exists()
    assert not TimelineEntry.objects.filter(kind="app_removed").exists()
    assert Connection.objects.get().state == "working"


def test_unticked_nothing_is_asked_of_google(sam: Dancer, sandbox: Any) -> None:
    one = item()
    answer = sam.go(page_of(one), untick=[SECURITY])
    assert not deletions(sandbox)
    assert "was not ticked" in sam.client.get(answer.headers["Location"]).text


def test_stopped_at_google_nothing_happens(sam: Dancer, sandbox: Any) -> None:
    one = item()
    page = str(getattr(sam.go(page_of(one), decision="deny"), "text", ""))
    assert "You stopped at Google" in page
    assert f'action="{page_of(one)}"' in page
    assert not deletions(sandbox)


def test_another_account_removes_nothing(sam: Dancer, sandbox: Any) -> None:
    answer = sam.go(page_of(item()), account=NOOR)
    assert answer.status_code == 409
    assert not deletions(sandbox)


def test_an_address_that_is_another_by_now_is_not_named_to_google(sam: Dancer, sandbox: Any) -> None:
    """What we saw may have been about somebody who holds the old address today."""
    connection = Connection.objects.get()
    connection.email = NOOR
    connection.save()
    answer = sam.go(page_of(item()))
    assert answer.headers["Location"] == reverse("looks")
    assert not deletions(sandbox)


def test_the_same_way_back_twice_removes_once(sam: Dancer, sandbox: Any) -> None:
    leaving = sam.client.post(page_of(item()))
    back = sandbox.consent(leaving.headers["Location"], SAM)
    assert come_back(sam.client, back).status_code == 302
    assert come_back(sam.client, back).status_code == 400
    assert len(deletions(sandbox)) == 1


def test_what_went_from_the_list_while_they_were_at_google_is_left_alone(sam: Dancer, sandbox: Any) -> None:
    leaving = sam.client.post(page_of(item()))
    back = sandbox.consent(leaving.headers["Location"], SAM)
    Item.objects.all().delete()
    assert come_back(sam.client, back).headers["Location"] == reverse("overview")
    assert not deletions(sandbox)


# --------------------------------------------------------------------------- step-up, and whose it is


def test_with_a_password_it_is_asked_for_first(sam: Dancer, sandbox: Any) -> None:
    person = Connection.objects.get().person
    person.set_password("correct horse battery staple")
    person.save()
    sam.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    path = page_of(item())
    assert 'type="password"' in sam.client.get(path).text
    wrong = sam.client.post(path, {"password": "wrong"})
    assert wrong.status_code == 403
    assert "This is not your password." in wrong.text
    right = sam.client.post(path, {"password": "correct horse battery staple"})
    assert right.status_code == 302
    assert SECURITY in asked(right)["scope"].split()
    assert 'type="password"' not in sam.client.get(path).text


def test_a_stranger_finds_nothing(sam: Dancer, dancer: Callable[[str], Dancer], sandbox: Any) -> None:
    path = page_of(item())
    noor = dancer(NOOR)
    noor.sign_in()
    assert noor.client.get(path).status_code == 404
    assert noor.client.post(path).status_code == 404


# --------------------------------------------------------------------------- we audit who asked


def test_no_call_to_the_administrators_api_names_anybody_but_who_asked(sam: Dancer, sandbox: Any) -> None:
    """Over whole audits, a removal, and the look after it."""
    sam.go(page_of(item()))
    look()
    sam.open_look("administrator")
    look()
    asked_of = [one for one in sandbox.log().requests if one["path"].startswith("/admin/")]
    assert {one["api"] for one in asked_of} == {
        "directory.users.get",
        "directory.tokens.list",
        "directory.tokens.delete",
        "directory.asps.list",
        "reports.activities.list",
    }
    for one in asked_of:
        place = one["path"].replace("%40", "@").partition("/users/")[2].split("/")[0]
        assert place == SAM, one
    assert {one["user"] for one in asked_of} == {SAM}
