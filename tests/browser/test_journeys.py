"""Maya, Sam, Noor and Alex: from signing in to what they read, through every part that is real."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.browser.conftest import DESK, PHONE
from tests.browser.journey import Journey

APP_LISTS = sorted(map(str, (Path(__file__).parents[2] / "google_sandbox" / "app_lists").glob("*.yaml")))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.work,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker", "sandbox"),
]


@pytest.fixture
def begin(page: Any, live: str) -> Callable[[str], Journey]:
    def sign_in(email: str) -> Journey:
        journey = Journey(page, live, email)
        journey.sign_in()
        return journey

    return sign_in


def test_maya_sees_what_others_can_reach(begin: Callable[[str], Journey], axe: Callable[[Any], None]) -> None:
    maya = begin("maya@gmail.test")
    maya.open_look("drive_apps")
    maya.open_look("drive_sharing")
    maya.name("j.marsh@mail.test")
    maya.look_now()

    waiting = maya.under("Needs a look")
    assert "j.marsh@mail.test, an address you named, can open 38 of your files" in waiting
    axe(maya.page)
    maya.open_check("Apps that can open all your Drive files")
    names = ["PicPolish", "QuizTown Results", "Backup Buddy", "Google Security Check"]
    assert sorted(maya.items()) == sorted(names)
    axe(maya.page)
    maya.open_check("Pictures anyone with the link can open")
    assert len(list(maya.items())) == 12
    maya.open_check("Open pictures that tell a place")
    assert len(list(maya.items())) == 7
    maya.open_check("Files that one person can open")
    files = list(maya.items())
    assert len(files) == 38
    assert "<b onmouseover=alert(3)>Notes</b>" in files
    assert "Could not tell" in maya.under("Could not tell")
    assert "2-step sign-in" in maya.under("Could not tell")


def test_maya_answers_changes_something_and_looks_again(
    begin: Callable[[str], Journey], sandbox: Any, complaints: list[str]
) -> None:
    maya = begin("maya@gmail.test")
    maya.open_look("drive_apps")
    maya.look_now()
    maya.open_check("Apps that can open all your Drive files")
    known = maya.page.get_by_role("group", name="Backup Buddy")
    known.get_by_label("I know this").check()
    maya.page.get_by_role("group", name="PicPolish").get_by_label("I don’t know this").check()
    maya.go(maya.page.get_by_role("button", name="Keep my answers"))
    maya.page.get_by_text("Kept. This changes nothing in your accounts.").wait_for()
    assert "You know this" in maya.page.get_by_role("group", name="Backup Buddy").inner_text()

    sandbox.edit("maya@gmail.test", "remove_app", app="PicPolish")
    maya.go(maya.page.get_by_role("button", name="I changed it, look again"))
    maya.go(maya.page.get_by_role("link", name="Show what we saw"))
    assert "PicPolish" not in list(maya.items())
    assert "Gone" in maya.text()
    maya.page.goto(f"{maya.live}/changes/")
    assert "PicPolish" in maya.text()


def test_sam_is_told_by_an_administrators_look_that_two_step_is_off(begin: Callable[[str], Journey]) -> None:
    sam = begin("sam@shelter.test")
    sam.open_look("administrator")
    sam.wait_for_result()
    assert "2-step sign-in is off. An administrator’s look" in sam.under("Needs a look")
    sam.open_check("2-step sign-in")
    stands = sam.page.get_by_role("listitem").filter(has_text="Seen by an administrator").first.inner_text()
    assert "We stand here" in stands
    sam.open_check("App passwords")
    assert len(list(sam.items())) == 2


def test_noor_is_told_that_we_could_not_tell(begin: Callable[[str], Journey]) -> None:
    noor = begin("noor@shelter.test")
    noor.look_now()
    assert "2-step sign-in" in noor.under("Could not tell")
    noor.open_check("2-step sign-in")
    text = noor.text()
    assert "We could not tell whether 2-step sign-in is on." in text
    assert "2-step sign-in is off" not in text

    noor.page.get_by_label("It is on, and everything there is mine").check()
    noor.go(noor.page.get_by_role("button", name="Keep my answer"))
    assert "2-step sign-in" in noor.under("Looks fine")
    assert "You told us" in noor.under("Looks fine")


def test_noor_tries_the_administrators_look_and_nothing_is_invented(begin: Callable[[str], Journey]) -> None:
    noor = begin("noor@shelter.test")
    noor.open_look("administrator")
    noor.wait_for_result()
    assert "2-step sign-in" in noor.under("Could not tell")
    assert "2-step sign-in is off" not in noor.text()


def test_alex_is_told_nothing_that_is_not_there(begin: Callable[[str], Journey]) -> None:
    alex = begin("alex@gmail.test")
    alex.open_look("drive_apps")
    alex.open_look("drive_sharing")
    alex.look_now()
    assert alex.under("Needs a look") == ""
    fine = alex.under("Looks fine")
    for title in ("Apps that can open all your Drive files", "Pictures anyone with the link can open"):
        assert title in fine
    assert "2-step sign-in" in alex.under("Could not tell")


def test_what_was_unticked_is_not_looked_at(begin: Callable[[str], Journey]) -> None:
    maya = begin("maya@gmail.test")
    maya.open_look("drive_apps", "View your Google Drive apps")
    assert "Not ticked at Google" in maya.text()
    maya.look_now()
    assert "Apps that can open all your Drive files" in maya.under("Could not tell")
    assert "un-ticked" in maya.text()


def test_everything_works_without_scripts(without_script: Any, live: str, settings: Any) -> None:
    settings.EXIT_URL = f"{live}/privacy/"
    maya = Journey(without_script, live, "maya@gmail.test")
    maya.sign_in()
    maya.open_look("drive_apps")
    maya.page.goto(f"{live}/overview/")
    maya.go(maya.page.get_by_role("button", name="Look now"))
    tally = maya.page.get_by_role("list", name="checks")
    for _ in range(60):
        if tally.count():
            break
        maya.page.wait_for_timeout(250)
        maya.page.goto(f"{live}/overview/")
    maya.open_check("Apps that can open all your Drive files")
    maya.page.get_by_role("group", name="PicPolish").get_by_label("Leave it for now").check()
    maya.go(maya.page.get_by_role("button", name="Keep my answers"))
    assert "Kept. This changes nothing in your accounts." in maya.text()
    maya.go(maya.page.get_by_role("button", name="Leave this as it is for now"))
    assert "Apps that can open all your Drive files" in maya.under("Left as it is for now")
    maya.go(maya.page.get_by_role("link", name="Quick exit", exact=True))
    maya.page.goto(f"{live}/overview/")
    assert maya.page.url == f"{live}/"


def test_sam_removes_an_odd_app_and_sees_that_it_is_gone(
    begin: Callable[[str], Journey], sandbox: Any, axe: Callable[[Any], None], fits: Callable[[], None]
) -> None:
    odd, check = "<img src=x onerror=alert(1)>", "Apps connected to your account"
    sam = begin("sam@shelter.test")
    sam.open_look("administrator")
    sam.wait_for_result()
    sam.open_check(check)
    assert odd in list(sam.items())
    axe(sam.page)
    sam.open_check(check)
    sam.go(sam.page.get_by_role("group", name=odd).get_by_role("link", name="Remove this app"))
    axe(sam.page)
    sam.page.set_viewport_size(PHONE)
    fits()
    assert odd in sam.text()
    sam.go(sam.page.get_by_role("button", name="Keep a record"))
    assert "A record of this is kept." in sam.text()

    sam.go(sam.page.get_by_role("button", name="Go to Google and remove it"))
    sam.agree()
    sam.page.get_by_text("We are looking once more").wait_for()
    sam.page.get_by_role("link", name="Show what we saw").wait_for(timeout=30_000)
    sam.go(sam.page.get_by_role("link", name="Show what we saw"))
    assert odd not in list(sam.items())
    assert "Gone" in sam.text()
    assert len(sandbox.log().of("directory.tokens.delete")) == 1
    sam.page.goto(f"{sam.live}/changes/")
    assert "You asked us to remove an app from your account" in sam.text()


def test_maya_has_google_s_lists_copied_and_reads_them(
    begin: Callable[[str], Journey],
    axe: Callable[[Any], None],
    fits: Callable[[], None],
    sandbox: Any,
    complaints: list[str],
) -> None:
    call_command("load_app_lists", *APP_LISTS, title="Made-up list", licence="CC BY 4.0", stdout=StringIO())
    sandbox.edit("maya@gmail.test", "change_exports", ready_after=0)
    maya = begin("maya@gmail.test")
    maya.page.goto(f"{maya.live}/looks/")
    maya.go(maya.page.locator('a[href^="/lists/"]'))
    assert "Google does not tell us which account you choose" in maya.text()
    for size in (PHONE, DESK):
        maya.page.set_viewport_size(size)
        fits()
        axe(maya.page)
    maya.go(maya.page.get_by_role("button", name="Go on to Google"))
    maya.agree("Move a copy of extensions you installed from the Chrome Web Store")
    maya.page.get_by_role("heading", name="Google is making the copy").wait_for()
    for _ in range(100):
        if not maya.page.get_by_role("button", name="Stop waiting").count():
            break
        maya.page.wait_for_timeout(200)
        maya.go(maya.page.get_by_role("link", name="Show how far it is"))
    assert "Read: 6 entries." in maya.text(), maya.text()
    assert "Not ticked by you at Google" in maya.text()
    axe(maya.page)

    maya.go(maya.page.get_by_role("link", name="Go on to the overview"))
    maya.wait_for_result()
    assert "2 apps that Google Play installed may be apps on a list of watching apps" in maya.under("Needs a look")
    maya.open_check("Apps on your Android phones")
    assert list(maya.items())[:2] == ["HushTrack", "FamilyRing - places of those you love"]
    text = maya.text()
    assert "made to spy secretly, as a list says (Made-up list" in text
    assert "Leave the app where it is for now" in text
    axe(maya.page)
    maya.open_check("Phones and tablets with your Google Play")
    assert "samsung SM-A146P" in list(maya.items())
    assert "Extensions in Chrome" in maya.under("Not checked yet") + maya.under("Could not tell")
