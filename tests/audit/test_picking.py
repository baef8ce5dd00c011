"""One round of choosing in Google Photos: it comes to an end in every way there is, and leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from audits import tasks
from audits.audit import picking, run, work
from audits.audit.asks import picked_in
from audits.facts import Why
from audits.models import Audit, Change, ChangeKind, Connection, Finding, PhotoPick, SourceRun, Trigger, WaitState
from audits.sources.google.scopes import PHOTOS_PICKER
from tests.audit import scenes

pytestmark = pytest.mark.django_db
MAYA, NOOR = "maya@gmail.test", "noor@shelter.test"
GET, LIST, CREATE, DELETE = (
    "photospicker.sessions.get",
    "photospicker.mediaItems.list",
    "photospicker.sessions.create",
    "photospicker.sessions.delete",
)


@pytest.fixture
def google(sandbox: Any, quiet_heartbeat: None) -> Any:
    return sandbox


def begin(google: Any, email: str = MAYA, connection: Connection | None = None) -> PhotoPick:
    connection = connection or scenes.person_with_connection(email)[1]
    token = google.token(email, ["openid", PHOTOS_PICKER])
    return picking.begin(connection, token, timezone.now() + timedelta(hours=1))


def due(pick: PhotoPick) -> PhotoPick:
    """As if the time for the next question had come."""
    PhotoPick.objects.filter(pk=pick.pk).update(next_poll_at=timezone.now())
    return PhotoPick.objects.get(pk=pick.pk)


def poll(pick: PhotoPick) -> PhotoPick:
    picking.poll(due(pick))
    return PhotoPick.objects.get(pk=pick.pk)


def opened(google: Any, email: str = MAYA) -> PhotoPick:
    return poll(begin(google, email))


def asked(google: Any, call: str) -> int:
    return len(google.log().of(call))


def assert_nothing_left(pick: PhotoPick) -> None:
    assert pick.access_token_sealed is None
    assert pick.session_sealed is None


def test_a_round_from_beginning_to_end(google: Any) -> None:
    pick = begin(google)
    assert picked_in(pick.connection) == ()
    pick = poll(pick)
    assert pick.session["uri"].startswith(google.url)
    assert pick.poll_seconds == 2.5
    assert timezone.now() < pick.next_poll_at <= timezone.now() + timedelta(seconds=3)
    assert pick.expires_at <= timezone.now() + timedelta(seconds=1800)
    pick = poll(pick)
    assert pick.state == WaitState.WAITING
    google.edit(MAYA, "choose_photos", photos=["PXL_kitchen.jpg", "IMG_0412.heic"])
    pick = poll(pick)
    assert (pick.state, pick.why) == (WaitState.DONE, "")
    assert_nothing_left(pick)
    assert asked(google, DELETE) == 1
    assert {(one["make"], one["model"]) for one in pick.found} == {("Google", "Pixel 8"), ("Apple", "iPhone 14")}
    assert {frozenset(one) for one in pick.found} == {frozenset({"photo_id", "taken_at", "make", "model", "video"})}
    assert "AF1Qip" not in repr(pick.found)
    picked = picked_in(pick.connection)
    assert picked is not None
    assert {one.picked_at for one in picked} == {pick.picked_at}


def test_before_it_is_due_nobody_asks(google: Any) -> None:
    opened(google)
    assert not picking.anything_due()
    picking.poll_due(lambda audit: None)
    assert asked(google, GET) == 0


def test_the_sweep_finds_what_is_due_and_the_task_asks(google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while nobody has the page open, and after Redis was away."""
    pick, woken = begin(google), []
    monkeypatch.setattr(tasks, "wake_picks", lambda: woken.append(1))
    tasks.sweep()
    assert woken == [1]
    tasks.poll_picks()
    pick.refresh_from_db()
    assert pick.session["uri"]
    tasks.sweep()
    assert woken == [1]


def test_that_redis_is_away_breaks_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*given: Any, **more: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.poll_picks, "apply_async", away)
    tasks.wake_picks()


def test_only_one_worker_asks(google: Any) -> None:
    pick = due(opened(google))
    same = PhotoPick.objects.get(pk=pick.pk)
    picking.poll(pick)
    picking.poll(same)
    assert asked(google, GET) == 1


def test_what_a_late_worker_brings_is_not_kept(google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was away for so long that another one asked meanwhile."""
    pick = opened(google)
    google.edit(MAYA, "choose_photos")
    real = picking.photos_picker.look

    def slowly(*given: Any) -> Any:
        PhotoPick.objects.filter(pk=pick.pk).update(polls=99)
        return real(*given)

    monkeypatch.setattr(picking.photos_picker, "look", slowly)
    assert poll(pick).state == WaitState.WAITING
    assert asked(google, DELETE) == 0


def test_stopped_while_google_makes_the_session(google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = begin(google)
    real = picking.photos_picker.begin

    def meanwhile(*given: Any) -> Any:
        made = real(*given)
        picking.stop(pick.connection)
        return made

    monkeypatch.setattr(picking.photos_picker, "begin", meanwhile)
    picking.poll(due(pick))
    assert not PhotoPick.objects.exists()
    assert asked(google, DELETE) == 1


@pytest.mark.parametrize("chosen", [[], ["no such photo"]])
def test_nothing_was_chosen(google: Any, chosen: list[str]) -> None:
    pick = opened(google)
    google.edit(MAYA, "choose_photos", photos=chosen)
    pick = poll(pick)
    assert (pick.state, pick.found) == (WaitState.DONE, [])
    assert picked_in(pick.connection) == ()


@pytest.mark.parametrize(
    ("words", "count", "why"),
    [
        ({"taken": "nonsense"}, 1, Why.UNREADABLE),
        ({"count": 5000}, 50, Why.TOO_MANY),
        ({"taken": "2087-05-03T00:00:00Z"}, 7, ""),
    ],
)
def test_odd_photos(google: Any, words: dict[str, Any], count: int, why: str) -> None:
    google.edit(MAYA, "add_photos", name="odd", make="Google", model="Pixel 8", **words)
    pick = opened(google)
    google.edit(MAYA, "choose_photos", **({"photos": ["odd", "PXL_kitchen.jpg"]} if why == Why.UNREADABLE else {}))
    pick = poll(pick)
    assert (pick.state, len(pick.found), pick.why) == (WaitState.DONE, count, why)


# --------------------------------------------------------------------------- ends


def test_its_time_is_over(google: Any) -> None:
    pick = opened(google)
    PhotoPick.objects.filter(pk=pick.pk).update(expires_at=timezone.now())
    pick = poll(pick)
    assert pick.state == WaitState.EXPIRED
    assert_nothing_left(pick)
    assert asked(google, GET) == 0
    assert asked(google, DELETE) == 1


def test_the_last_question_comes_when_its_time_is_over_and_not_later(google: Any) -> None:
    pick = begin(google)
    soon = timezone.now() + timedelta(seconds=1)
    PhotoPick.objects.filter(pk=pick.pk).update(expires_at=soon)
    assert poll(pick).next_poll_at <= soon


def test_it_is_asked_about_only_so_often(google: Any) -> None:
    pick = opened(google)
    PhotoPick.objects.filter(pk=pick.pk).update(polls=picking.MOST_POLLS)
    assert poll(pick).state == WaitState.EXPIRED


@pytest.mark.parametrize("clock", [1799, 1801])
def test_the_session_ended_at_google(google: Any, clock: int) -> None:
    pick = opened(google)
    google.shift_clock(clock)
    pick = poll(pick)
    assert pick.state == (WaitState.EXPIRED if clock > 1800 else WaitState.WAITING)


def test_the_session_was_deleted_meanwhile(google: Any) -> None:
    pick = opened(google)
    google.edit(MAYA, "end_choosing")
    pick = poll(pick)
    assert pick.state == WaitState.EXPIRED
    assert_nothing_left(pick)


def test_google_says_to_stop_asking(google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = opened(google)
    over = picking.photos_picker.Choosing("1", "", False, None, 0.0, None)
    monkeypatch.setattr(picking.photos_picker, "look", lambda *given: over)
    assert poll(pick).state == WaitState.EXPIRED


@pytest.mark.parametrize("call", [CREATE, GET, LIST])
@pytest.mark.parametrize(("kind", "why"), [(429, Why.BUSY), (500, Why.GOOGLE_ERROR), ("reset", Why.UNREACHABLE)])
def test_what_passes_is_asked_again(google: Any, call: str, kind: Any, why: Why) -> None:
    pick = begin(google)
    if call != CREATE:
        pick = poll(pick)
        google.edit(MAYA, "choose_photos")
    google.fault(call, kind, first=1)
    pick = poll(pick)
    assert (pick.state, pick.why) == (WaitState.WAITING, why.value)
    assert pick.access_token_sealed is not None
    pick = poll(pick)
    assert pick.why == ""
    assert pick.state == (WaitState.WAITING if call == CREATE else WaitState.DONE)


def test_google_says_how_long_to_wait(google: Any) -> None:
    pick = opened(google)
    google.fault(GET, 429, retry_after=40)
    assert poll(pick).next_poll_at > timezone.now() + timedelta(seconds=30)


@pytest.mark.parametrize("call", [CREATE, GET, LIST])
@pytest.mark.parametrize(
    ("kind", "reason", "why"),
    [
        (401, "", Why.NEEDS_RECONNECTING),
        (403, "insufficientPermissions", Why.UNTICKED),
        (403, "domainPolicy", Why.FORBIDDEN),
        (400, "", Why.OUR_FAULT),
        ("wrong_types", "", Why.UNREADABLE),
        ("list", "", Why.UNREADABLE),
    ],
)
def test_what_does_not_pass_ends_it_and_says_why(google: Any, call: str, kind: Any, reason: str, why: Why) -> None:
    pick = begin(google)
    if call != CREATE:
        pick = poll(pick)
        google.edit(MAYA, "choose_photos")
    google.fault(call, kind, reason)
    pick = poll(pick)
    if (call, kind) == (LIST, "wrong_types"):  # the list was read, and nothing in it
        assert (pick.state, pick.found, pick.why) == (WaitState.DONE, [], why.value)
    else:
        assert (pick.state, pick.why) == (WaitState.FAILED, why.value)
    assert_nothing_left(pick)


def test_the_token_ends_on_the_way(google: Any) -> None:
    pick = opened(google)
    google.revoke(MAYA)
    pick = poll(pick)
    assert (pick.state, pick.why) == (WaitState.FAILED, Why.NEEDS_RECONNECTING.value)
    assert_nothing_left(pick)


def test_the_list_is_not_ready_though_google_said_so(google: Any) -> None:
    pick = opened(google)
    google.edit(MAYA, "choose_photos")
    google.fault(LIST, 400, "failedPrecondition", first=1)
    pick = poll(pick)
    assert (pick.state, pick.why) == (WaitState.WAITING, "")
    assert poll(pick).state == WaitState.DONE


def test_an_account_without_google_photos(google: Any) -> None:
    pick = opened(google, NOOR)
    assert (pick.state, pick.why) == (WaitState.FAILED, Why.NO_SERVICE.value)
    assert_nothing_left(pick)


def test_an_address_that_is_not_googles_is_never_shown(google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picking.photos_picker, "_address", lambda found, root: "")
    pick = opened(google)
    assert (pick.state, pick.why) == (WaitState.FAILED, Why.UNREADABLE.value)
    assert asked(google, DELETE) == 1


def test_that_google_cannot_be_told_of_the_end_changes_nothing(google: Any) -> None:
    pick = opened(google)
    google.edit(MAYA, "choose_photos")
    google.fault(DELETE, 503)
    assert poll(pick).state == WaitState.DONE
    assert asked(google, DELETE) == 1


def test_a_key_that_is_gone_ends_the_round_and_harms_no_other(google: Any) -> None:
    broken, other = begin(google), begin(google, connection=scenes.person_with_connection(MAYA)[1])
    PhotoPick.objects.filter(pk=broken.pk).update(access_token_sealed=b"nothing", next_poll_at=timezone.now())
    due(other)
    picking.poll_due(lambda audit: None)
    broken.refresh_from_db()
    assert (broken.state, broken.why) == (WaitState.FAILED, Why.OUR_FAULT.value)
    assert_nothing_left(broken)
    other.refresh_from_db()
    assert other.session["uri"]


def test_nothing_secret_is_logged(google: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    pick = opened(google)
    secrets = [pick.access_token, pick.session["id"], MAYA]
    google.fault(GET, 403, "domainPolicy")
    google.fault(DELETE, 503)
    poll(pick)
    assert "a round of choosing ended" in caplog.text
    ours = [line for line in caplog.text.splitlines() if "google_sandbox" not in line]
    assert not [line for line in ours for secret in secrets if secret in line]


# --------------------------------------------------------------------------- stopping, beginning again


def test_stopping_deletes_the_round_and_tells_google(google: Any) -> None:
    pick = opened(google)
    assert picking.stop(pick.connection)
    assert not PhotoPick.objects.exists()
    assert asked(google, DELETE) == 1
    assert not picking.stop(pick.connection)


def test_stopping_keeps_what_an_earlier_round_found(google: Any) -> None:
    first = opened(google)
    google.edit(MAYA, "choose_photos", photos=["PXL_kitchen.jpg"])
    poll(first)
    begin(google, connection=first.connection)
    picking.stop(first.connection)
    assert PhotoPick.objects.get().pk == first.pk


def test_a_few_choices_and_the_new_round_are_kept(google: Any, django_capture_on_commit_callbacks: Any) -> None:
    connection = scenes.person_with_connection(MAYA)[1]
    for number in range(picking.MOST_KEPT + 2):
        now = timezone.now()
        state = WaitState.FAILED if number == 0 else WaitState.DONE
        PhotoPick.objects.create(
            person=connection.person,
            connection=connection,
            created_at=now,
            expires_at=now,
            next_poll_at=now,
            picked_at=now,
            state=state,
        )
    poll(begin(google, connection=connection))
    with django_capture_on_commit_callbacks(execute=True):
        begin(google, connection=connection)
    assert asked(google, DELETE) == 1  # the one that still waited
    states = sorted(PhotoPick.objects.values_list("state", flat=True))
    assert states == ["done"] * picking.MOST_KEPT + ["waiting"]


def test_choices_add_up_and_nothing_is_gone_because_another_photo_was_chosen(google: Any) -> None:
    connection = scenes.person_with_connection(MAYA)[1]
    for names in (["IMG_0412.heic", "Screenshot.png"], ["PXL_kitchen.jpg", "Screenshot.png"]):
        pick = poll(begin(google, connection=connection))
        google.edit(MAYA, "choose_photos", photos=names)
        pick = poll(pick)
        picking.poll_due(lambda audit: None)
        run.run(Audit.objects.filter(state="queued").get().pk)
    picked = picked_in(connection)
    assert picked is not None
    assert sorted(one.model for one in picked) == ["", "Pixel 8", "iPhone 14"]
    assert {one.picked_at for one in picked if one.model != "iPhone 14"} == {pick.picked_at}
    assert {fact.model for fact in picking.photos_of(pick)} == {"", "Pixel 8"}
    assert Finding.objects.get(check_id="photo_backup_devices", current=True).item_count == 2
    assert not Change.objects.filter(kind__in=[ChangeKind.NEW, ChangeKind.GONE]).exists()


# --------------------------------------------------------------------------- it becomes a finding


def chosen(google: Any, *names: str) -> PhotoPick:
    pick = opened(google)
    google.edit(MAYA, "choose_photos", photos=list(names))
    return poll(pick)


def test_a_choice_is_followed_by_a_look_at_its_checks(google: Any) -> None:
    pick = chosen(google, "PXL_kitchen.jpg", "IMG_0412.heic")
    assert picking.anything_due()
    picking.poll_due(lambda audit: None)
    audit = Audit.objects.get()
    assert (audit.trigger, set(audit.only_checks)) == (Trigger.RECHECK, set(picking.checks_fed()))
    assert not picking.anything_due()
    run.run(audit.pk)
    assert SourceRun.objects.get(source="photos_picker").fact_count == 2
    finding = Finding.objects.get(check_id="photo_backup_devices", current=True)
    assert (finding.verdict, finding.item_count) == ("could_not_tell", 2)
    signs = Finding.objects.get(check_id="photo_backup", current=True).signs
    assert signs == ["photo_recent"]
    assert set(picking.checks_fed()) == {"photo_backup", "photo_backup_account", "photo_backup_devices"}
    assert pick.connection == finding.connection


def test_another_look_that_is_under_way_is_waited_for(google: Any) -> None:
    pick = opened(google)
    before = work.start(pick.person, trigger=Trigger.PERSON)
    google.edit(MAYA, "choose_photos", photos=["PXL_kitchen.jpg"])
    poll(pick)
    picking.poll_due(lambda audit: None)
    assert Audit.objects.get().pk == before.pk
    work.cancel(before)
    picking.poll_due(lambda audit: None)
    assert Audit.objects.filter(state="queued", trigger=Trigger.RECHECK).count() == 1


def test_a_whole_look_that_came_after_the_choice_is_enough(google: Any) -> None:
    pick = chosen(google, "PXL_kitchen.jpg")
    work.start(pick.person, trigger=Trigger.PERSON)
    assert not picking.anything_due()


def test_a_look_at_something_else_is_not_enough(google: Any) -> None:
    pick = chosen(google, "PXL_kitchen.jpg")
    work.cancel(work.start(pick.person, trigger=Trigger.RECHECK, only_checks=["two_step"]))
    assert picking.anything_due()
