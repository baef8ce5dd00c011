"""When the next look is due: any clock, put forward or back, any month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from audits.audit import next_time
from audits.audit.next_time import first_at, next_after, own_minute, zone_of
from audits.models import Every, Person, Schedule

MONDAY, THURSDAY, SUNDAY = 0, 3, 6
# From -11 to +14 hours.
ZONES = (
    "Pacific/Pago_Pago",
    "America/St_Johns",
    "UTC",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Africa/Cairo",
    "America/Sao_Paulo",
)


def weekly(weekday: int, hour: int) -> Schedule:
    return Schedule(person_id=1, every=Every.WEEK, weekday=weekday, hour=hour)


def monthly(day: int, hour: int) -> Schedule:
    return Schedule(person_id=1, every=Every.MONTH, day=day, hour=hour)


@pytest.fixture
def on_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_time, "own_minute", lambda person_id: 0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.usefixtures("on_the_hour")
@pytest.mark.parametrize(
    ("schedule", "now", "zone", "expected"),
    [
        # an ordinary week
        (weekly(MONDAY, 18), "2026-11-23T12:00+00:00", "UTC", "2026-11-23T18:00+00:00"),
        (weekly(MONDAY, 18), "2026-11-23T18:00+00:00", "UTC", "2026-11-30T18:00+00:00"),
        (weekly(MONDAY, 18), "2026-11-23T17:59:59+00:00", "UTC", "2026-11-23T18:00+00:00"),
        (weekly(SUNDAY, 0), "2026-11-23T12:00+00:00", "UTC", "2026-11-29T00:00+00:00"),
        (weekly(SUNDAY, 23), "2026-12-31T12:00+00:00", "UTC", "2027-01-03T23:00+00:00"),
        # the day of the Person is another one than that of UTC
        (weekly(MONDAY, 1), "2026-11-22T10:30+00:00", "Pacific/Kiritimati", "2026-11-22T11:00+00:00"),
        (weekly(MONDAY, 23), "2026-11-24T09:00+00:00", "Pacific/Pago_Pago", "2026-11-24T10:00+00:00"),
        (weekly(MONDAY, 23), "2026-11-24T10:00+00:00", "Pacific/Pago_Pago", "2026-12-01T10:00+00:00"),
        # the same wall time before and after the clocks change
        (weekly(SUNDAY, 18), "2026-03-22T17:00+00:00", "Europe/Berlin", "2026-03-29T16:00+00:00"),
        (weekly(SUNDAY, 18), "2026-10-18T16:00+00:00", "Europe/Berlin", "2026-10-25T17:00+00:00"),
        # a time that does not exist: the first that does
        (weekly(SUNDAY, 2), "2026-03-28T12:00+00:00", "Europe/Berlin", "2026-03-29T01:00+00:00"),
        (weekly(SUNDAY, 2), "2026-03-07T12:00+00:00", "America/New_York", "2026-03-08T07:00+00:00"),
        (weekly(SUNDAY, 2), "2026-10-03T12:00+00:00", "Australia/Lord_Howe", "2026-10-03T15:30+00:00"),
        (weekly(4, 0), "2026-04-23T12:00+00:00", "Africa/Cairo", "2026-04-23T22:00+00:00"),
        (weekly(SUNDAY, 0), "2018-11-03T12:00+00:00", "America/Sao_Paulo", "2018-11-04T03:00+00:00"),
        # a whole day that does not exist
        (weekly(4, 12), "2011-12-29T12:00+00:00", "Pacific/Apia", "2011-12-30T10:00+00:00"),
        # a time that exists twice: the first
        (weekly(SUNDAY, 2), "2026-10-24T12:00+00:00", "Europe/Berlin", "2026-10-25T00:00+00:00"),
        (weekly(SUNDAY, 2), "2026-10-25T00:30+00:00", "Europe/Berlin", "2026-11-01T01:00+00:00"),
        (weekly(SUNDAY, 1), "2026-10-31T12:00+00:00", "America/New_York", "2026-11-01T05:00+00:00"),
        # short months, leap years, the turn of the year
        (monthly(31, 9), "2026-01-31T09:00+00:00", "UTC", "2026-02-28T09:00+00:00"),
        (monthly(31, 9), "2026-02-28T09:00+00:00", "UTC", "2026-03-31T09:00+00:00"),
        (monthly(31, 9), "2026-04-01T00:00+00:00", "UTC", "2026-04-30T09:00+00:00"),
        (monthly(29, 9), "2027-02-01T00:00+00:00", "UTC", "2027-02-28T09:00+00:00"),
        (monthly(29, 9), "2028-02-01T00:00+00:00", "UTC", "2028-02-29T09:00+00:00"),
        (monthly(30, 9), "2028-02-29T09:00+00:00", "UTC", "2028-03-30T09:00+00:00"),
        (monthly(31, 23), "2026-12-31T23:00+00:00", "UTC", "2027-01-31T23:00+00:00"),
        (monthly(1, 0), "2026-12-31T23:59+00:00", "UTC", "2027-01-01T00:00+00:00"),
        (monthly(1, 0), "2026-11-30T09:00+00:00", "Pacific/Kiritimati", "2026-11-30T10:00+00:00"),
        (monthly(29, 2), "2026-03-20T00:00+00:00", "Europe/Berlin", "2026-03-29T01:00+00:00"),
    ],
)
def test_the_next_moment(schedule: Schedule, now: str, zone: str, expected: str) -> None:
    assert next_after(schedule, at(now), ZoneInfo(zone)) == at(expected)


@pytest.mark.usefixtures("on_the_hour")
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("schedule", [weekly(SUNDAY, 2), weekly(THURSDAY, 0), monthly(31, 23)], ids=str)
def test_three_years_go_by_without_one_too_few_or_too_many(zone: str, schedule: Schedule) -> None:
    place, moment = ZoneInfo(zone), at("2025-12-31T00:00+00:00")
    found = []
    while moment < at("2028-12-31T00:00+00:00"):
        moment = next_after(schedule, moment, place)
        found.append(moment.astimezone(place))
    if schedule.every == Every.MONTH:
        assert len({(one.year, one.month) for one in found}) == len(found)
        assert all((one + timedelta(days=1)).day == 1 for one in found)
    else:
        assert {one.weekday() for one in found} == {schedule.weekday}
        days = [one.date() for one in found]
        assert {late - early for early, late in pairwise(days)} == {timedelta(days=7)}
    assert all(one.hour - schedule.hour in (0, 1) for one in found), "one: where the clock left the hour out"
    assert sum(one.hour != schedule.hour for one in found) <= 3


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("schedule", [weekly(SUNDAY, 23), monthly(1, 0)], ids=str)
def test_it_is_never_in_the_past_and_never_twice_for_one_day(zone: str, schedule: Schedule) -> None:
    """With a minute of its own the due moment may lie behind an hour that has struck."""
    now = at("2026-10-01T00:00+00:00")
    for _ in range(3 * 24 * 40):
        due = next_after(schedule, now, ZoneInfo(zone))
        assert due > now
        assert next_after(schedule, due - timedelta(seconds=1), ZoneInfo(zone)) == due
        now += timedelta(minutes=20)


def test_everybody_has_a_minute_of_their_own_which_stays() -> None:
    minutes = [own_minute(number) for number in range(600)]
    assert minutes == [own_minute(number) for number in range(600)]
    assert set(minutes) == set(range(60))


def test_the_minute_is_within_the_hour() -> None:
    now, zone = at("2026-11-23T00:00+00:00"), ZoneInfo("Asia/Kathmandu")
    for number in range(100):
        local = next_after(Schedule(person_id=number, every=Every.WEEK, weekday=2, hour=7), now, zone).astimezone(zone)
        assert (local.weekday(), local.hour, local.minute) == (2, 7, own_minute(number))


@pytest.mark.parametrize(("kept", "zone"), [("", "UTC"), ("Europe/Berlin", "Europe/Berlin"), ("No/Where", "UTC")])
def test_a_zone_that_nobody_knows_is_utc(kept: str, zone: str) -> None:
    assert zone_of(Person(time_zone=kept)).key == zone


def test_a_gap_that_does_not_begin_on_the_hour() -> None:
    """Pyongyang, 4 May 2018: from 23:30 to midnight."""
    zone = ZoneInfo("Asia/Pyongyang")
    assert first_at(datetime(2018, 5, 4, 23, 45), zone) == datetime(2018, 5, 4, 15, 0, tzinfo=UTC)  # noqa: DTZ001
    assert first_at(datetime(2018, 5, 5, 0, 0), zone) == datetime(2018, 5, 4, 15, 0, tzinfo=UTC)  # noqa: DTZ001
