"""By who, beyond files: the calendars an address can see, the drives it belongs to, and the files it opened to you."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.audit import name_list, naming, tell, work
from audits.audit.evidence import facts_of
from audits.audit.guided import begin
from audits.audit.judge import judge_again
from audits.audit.named import holds, named_by, one_of
from audits.audit.parties import party_key
from audits.audit.situation import keep, said
from audits.audit.tell.shapes import PartyCard, PartyRow, Way
from audits.checks.catalogue import CHECKS
from audits.checks.names import alike
from audits.facts import (
    AskedAbout,
    CalendarAccess,
    DriveMember,
    Fact,
    IncomingFile,
    ItemKind,
    MailForwarding,
    Rung,
    SendAs,
    SharedFile,
    Strength,
    Why,
)
from audits.models import Connection, Finding, NamedPerson, Party, Person, SourceRun, Trigger
from tests.audit.scenes import audit_with, file, person_with_connection, play_device
from tests.dashboard.test_large import another_connection

pytestmark = pytest.mark.django_db

EX, AUNT = "ex@x.test", "aunt@x.test"


def base(source: str) -> dict[str, Any]:
    return {
        "connection": "",
        "source": source,
        "seen_at": timezone.now(),
        "rung": Rung.LIVE,
        "strength": Strength.PROVES,
    }


def calendar(number: int, who: str, *, named: bool = False, kind: str = "user", role: str = "reader") -> Fact:
    return CalendarAccess(
        **base("calendar_sharing"),
        calendar_id=f"c{number}",
        calendar=f"Calendar {number}",
        kind=kind,
        role=role,
        address=who,
        named=named,
    )


def lent(number: int, owner: str) -> Fact:
    more: dict[str, Any] = {
        "name": f"Lent {number}",
        "mime_type": "text/plain",
        "link": "https://drive.google.com/x",
        "role": "writer",
    }
    return IncomingFile(**base("drive_incoming"), file_id=f"l{number}", owner=owner, named=owner.upper(), **more)


def member(who: str) -> Fact:
    return DriveMember(
        **base("drive_shared_drives"), drive_id="d", holds="Plan", kind="user", role="reader", address=who
    )


def asked(address: str, source: str = "drive_named") -> Fact:
    return AskedAbout(**base(source), address=address)


def forwarding(address: str, way: str = "all", **more: Any) -> Fact:
    return MailForwarding(**base("gmail_settings"), address=address, way=way, **more)


def send_as(address: str, reply_to: str, *, primary: bool = False) -> Fact:
    return SendAs(
        **base("gmail_settings"), address=address, name="", primary=primary, reply_to=reply_to, confirmed=True
    )


def rows(person: Person, group_id: str) -> list[PartyRow]:
    return [row for group in tell.by_who(person).groups if group.id == group_id for row in group.rows]


def people(person: Person) -> dict[str, str]:
    return {row.name: row.text for row in rows(person, "people")}


def listed(person: Person) -> dict[str, str]:
    return {row.name: row.text for row in rows(person, "named")}


def page_of(person: Person, name: str, number: int = 1) -> PartyCard:
    return tell.named(person, next(one for one in named_by(person) if one.name == name), number)


def way(card: PartyCard, which: str) -> Way:
    return next(one for one in card.ways if one.id == which)


def names(shown: Way) -> list[str]:
    return [item.name for item in shown.items]


def tell_of(person: Person, check: str, kind: ItemKind, *things: str, connection: Connection | None = None) -> None:
    finding = begin(person, CHECKS[check], connection)
    naming.name_things(finding, kind, things, Rung.TOLD)
    judge_again(finding)


def test_each_way_of_reaching_is_counted_and_the_furthest_comes_first() -> None:
    person, connection = person_with_connection(hosted_domain="x.test")
    said: dict[str, list[Fact]] = {
        "drive_outsiders": [file(str(n), source="drive_outsiders", people=[AUNT]) for n in range(9)],
        "calendar_sharing": [calendar(1, EX, named=True), calendar(2, EX), calendar(2, AUNT), calendar(3, "")],
        "drive_incoming": [lent(1, EX), lent(2, EX)],
        "drive_shared_drives": [member("out@y.test")],
    }
    audit_with(person, connection, said)
    assert list(people(person).items()) == [
        (EX, "Can see 2 calendars of yours. Owns 2 files that you can open."),
        (AUNT, "Can open 9 files. Can see 1 calendar of yours."),
        ("out@y.test", "Belongs to 1 shared drive of yours."),
    ]
    name_list.add_person(person, "", EX)
    assert list(people(person)) == [AUNT, "out@y.test"], "who is in the list stands above, and not twice"
    assert listed(person)[EX].startswith("Can see 2 calendars of yours. Owns 2 files that you can open. There may be")


def test_the_same_address_as_a_group_is_another_party() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"calendar_sharing": [calendar(1, AUNT), calendar(1, AUNT, kind="group")]})
    assert Party.objects.filter(person=person).count() == 2


def test_the_page_of_an_address_shows_calendars_and_files_of_its_own_and_where_to_look() -> None:
    person, connection = person_with_connection()
    calendars = [calendar(1, EX, role="owner"), calendar(2, EX, role="writer"), calendar(3, AUNT)]
    audit_with(person, connection, {"calendar_sharing": calendars, "drive_incoming": [lent(1, EX)]})
    card = tell.party(person, Party.objects.filter(person=person).first())  # type: ignore[arg-type]
    assert (card.name, card.named, [one.id for one in card.ways]) == (EX, True, ["calendars", "lends"])
    assert [(one.name, one.says) for one in way(card, "calendars").items] == [
        ("Calendar 1", "They see and change it, and decide who else can see it."),
        ("Calendar 2", "They see and change what is in it."),
    ]
    assert [(one.name, one.says) for one in way(card, "lends").items] == [("Lent 1", "You can open it and change it.")]
    assert all(one.how.startswith("Seen live, ") for one in card.ways)
    assert {"calendar_sharing", "files_from_person"} == {row.check_id for row in card.findings}


def test_a_calendar_that_is_open_to_everyone_stays_in_view() -> None:
    """No address stands for it, so it stands among what is not sorted by who."""
    person, connection = person_with_connection()
    audit_with(person, connection, {"calendar_sharing": [calendar(1, "", kind="public")]})
    look = next(group for group in tell.by_who(person).overview.groups if group.id == "look")
    assert [row.check_id for kind in look.kinds for row in kind.rows] == ["calendar_sharing"]


# ------------------------------------------------------------------- mail that goes on


def test_an_address_that_mail_goes_on_to_is_a_party_once_however_it_is_written() -> None:
    person, connection = person_with_connection("alice@gmail.test")
    said = [
        forwarding("Ex@X.test", "allowed"),
        forwarding(EX, "filter", matches="from:bank"),
        forwarding(EX, "all"),
        forwarding(AUNT, "allowed"),
        forwarding("other@x.test", "filter"),
        send_as("alice@gmail.test", "", primary=True),
        send_as("me@work.test", "Boss@work.test"),
        send_as("second@work.test", "alice@gmail.test"),
        send_as("third@work.test", "third@work.test"),
    ]
    audit_with(person, connection, {"gmail_settings": said})
    assert people(person) == {
        EX: "Your new mail goes on to this address.",
        "other@x.test": "Your new mail goes on to this address.",
        AUNT: "Your mail is allowed to go on to this address. We saw no mail that goes there now.",
        "boss@work.test": "Answers to your mail go to this address.",
    }
    assert list(people(person))[2] == AUNT, "what goes out day by day comes first"
    found = Party.objects.get(person=person, key=party_key(person.pk, "user", EX))
    card = tell.party(person, found)
    assert [row.check_id for row in card.findings] == ["mail_forwarding"]
    assert {item.says for item in way(card, "mail").items} == {
        "Mail may be sent on there. None goes there by this now.",
        "Some new mail goes there, by a filter.",
        "All new mail goes there.",
    }


def test_one_address_in_two_accounts_is_one_row_that_tells_the_accounts_apart() -> None:
    person, first = person_with_connection("alice@gmail.test")
    second = another_connection(person, "work@gmail.test")
    audit_with(person, first, {"drive_outsiders": [file("1", source="drive_outsiders", people=[EX])]})
    audit_with(person, second, {"drive_outsiders": [file(n, source="drive_outsiders", people=[EX]) for n in "23"]})
    (row,) = rows(person, "people")
    plain = row.text.replace("\u2068", "").replace("\u2069", "")
    assert plain == "work@gmail.test: Can open 2 files. alice@gmail.test: Can open 1 file."
    assert [one.name for one in tell.all_of(person, "people", 1).rows] == [EX]
    card = tell.party(person, Party.objects.filter(person=person, connection=second).get())
    assert names(way(card, "files")) == ["file 1", "file 2", "file 3"], "every account's"


# ------------------------------------------------------------------- people in the list


def test_nothing_seen_is_said_only_of_an_address_that_was_asked_about_in_every_account() -> None:
    person, first = person_with_connection()
    name_list.add_person(person, "J.", EX)
    closed = "You have not opened this look to us. You can open it whenever you like, or not at all."
    assert listed(person) == {"J.": f"We could not look. {closed}"}
    audit_with(person, first, {"drive_named": [asked(EX)]})
    nothing = "We saw nothing that this person can open, in what we could look at."
    assert listed(person) == {"J.": nothing}
    name_list.add_person(person, "J.", AUNT)
    since = "We could not look. You named an address after we last looked. We ask about it the next time we look."
    assert listed(person) == {"J.": since}
    audit_with(person, first, {"drive_named": [asked(EX), asked(AUNT)]})
    assert listed(person) == {"J.": nothing}
    another_connection(person, "second@gmail.test")
    assert listed(person)["J."].startswith("We could not look.")


@pytest.mark.parametrize("why", [one for one in Why if one is not Why.NAMED_SINCE])
def test_no_reason_for_not_looking_becomes_nothing_seen(why: Why) -> None:
    person, connection = person_with_connection()
    name_list.add_person(person, "", EX)
    audit_with(person, connection, {"drive_named": why, "calendar_sharing": why, "gmail_settings": why})
    assert listed(person)[EX].startswith("We could not look. ")
    for shown in page_of(person, EX).ways:
        assert (shown.none != "") is (shown.id == "told")
        assert shown.missing.startswith("We could not look. ") is (shown.id != "told")


def test_an_answer_that_was_not_whole_for_one_address_is_no_answer_for_it() -> None:
    person, connection = person_with_connection()
    name_list.add_person(person, "", EX)
    name_list.add_person(person, "", AUNT)
    audit_with(person, connection, {"drive_named": (Why.BUSY, [asked(AUNT)])})
    assert listed(person)[AUNT].startswith("We saw nothing")
    assert listed(person)[EX].startswith("We could not look. Google asked us to slow down")


def test_without_an_account_nobody_could_be_asked() -> None:
    person = Person.objects.create_user()
    name_list.add_person(person, "", EX)
    assert listed(person)[EX] == "We could not look. No Google account is connected, so there was nobody to ask."
    assert page_of(person, EX).offline


def test_a_label_without_an_address_is_asked_nowhere_and_says_so() -> None:
    person, connection = person_with_connection()
    name_list.add_person(person, "J.", "")
    audit_with(person, connection, {"drive_named": Why.NOBODY_NAMED})
    assert listed(person) == {"J.": "You gave no address, so we asked nobody."}
    assert [one.id for one in page_of(person, "J.").ways] == ["told"]


def test_the_page_of_a_named_person_gathers_over_all_addresses_and_accounts() -> None:
    person, first = person_with_connection("alice@gmail.test")
    second = another_connection(person, "work@gmail.test")
    for address in (EX, AUNT):
        name_list.add_person(person, "J.", address)
    whole = [asked(EX), asked(AUNT)]
    audit_with(
        person,
        first,
        {
            "drive_named": [*whole, *(file(f"a{n}", source="drive_named", people=[EX], named=[EX]) for n in range(30))],
            "drive_incoming": [asked(EX, "drive_incoming"), asked(AUNT, "drive_incoming"), lent(1, EX)],
            "calendar_sharing": [calendar(1, AUNT), calendar(2, EX, kind="group"), calendar(3, "x@y.test")],
            "gmail_settings": [forwarding(AUNT.upper())],
            "drive_shared_drives": [member(EX)],
        },
    )
    audit_with(person, second, {"drive_named": [*whole, file("b", source="drive_named", named=[AUNT.upper()])]})
    tell_of(person, "apple_family", ItemKind.PERSON, "J. Marsh", "Aunt")
    card = page_of(person, "J.", 2)
    assert [one.id for one in card.ways] == ["mail", "files", "calendars", "drives", "lends", "told"]
    page = way(card, "files").page
    assert page is not None
    assert (page.number, page.count, page.total) == (2, 2, 31)
    assert names(way(card, "calendars")) == ["Calendar 1", "Calendar 2"]
    assert names(way(card, "lends")) == ["Lent 1"]
    assert names(way(card, "told")) == ["J. Marsh"]
    (told,) = way(card, "told").items
    assert told.row is not None
    assert told.row.check_id == "apple_family"
    assert told.says.startswith("You named this on ")
    assert way(card, "mail").row is not None
    assert not way(card, "files").missing
    assert "work@gmail.test" in way(card, "lends").missing, "that account was not asked"
    text = listed(person)["J."]
    assert text.endswith("You named them in 1 check.")
    assert "Can open 30 files." in text
    assert "Your new mail goes on to this address." in text


def test_under_18_the_page_says_that_files_are_not_looked_at() -> None:
    person, connection = person_with_connection()
    keep(person, said(uses=(), worries=(), young=True, danger=False))
    name_list.add_person(person, "", EX)
    young = (
        "You told us that you are under 18. So we do not look at your pictures or files, and we keep nothing of them."
    )
    assert listed(person)[EX] == f"We could not look. {young}"
    audit_with(
        person, connection, {"drive_named": Why.UNDER_18, "drive_incoming": Why.UNDER_18, "calendar_sharing": []}
    )
    card = page_of(person, EX)
    assert way(card, "files").missing == way(card, "lends").missing == f"We could not look. {young}"
    assert way(card, "calendars").none.startswith("We looked on ")


def test_taking_a_name_away_takes_what_was_found_by_asking_about_it_at_once() -> None:
    person, connection = person_with_connection()
    for address in (EX, AUNT):
        name_list.add_person(person, "", address)
    both = file("2", source="drive_named", people=[EX, AUNT], named=[EX, AUNT])
    found = [file("1", source="drive_named", people=[EX], named=[EX]), both, asked(EX), asked(AUNT)]
    incoming = [lent(1, EX), asked(EX, "drive_incoming"), asked(AUNT, "drive_incoming")]
    audit_with(person, connection, {"drive_named": found, "drive_incoming": incoming})
    name_list.take_person(person, NamedPerson.objects.get(pk=named_row(person, EX).pk))
    kept = [fact for run in SourceRun.objects.all() for fact in facts_of(run)]
    assert [fact.named for fact in kept if isinstance(fact, SharedFile)] == [(AUNT,)]
    assert {fact.address for fact in kept if isinstance(fact, AskedAbout)} == {AUNT}
    assert not [fact for fact in kept if isinstance(fact, IncomingFile)]
    check = finding_of(person, "files_one_person")
    assert [item.content["values"]["person"] for item in check.items.all()] == [AUNT]
    assert finding_of(person, "files_from_person").reason == "none"
    assert list(people(person)) == [EX], "what is shared is still shared, and is seen without asking about anybody"
    name_list.take_person(person, named_row(person, AUNT))
    check = finding_of(person, "files_one_person")
    assert (check.reason, check.item_count, check.items.count()) == ("nobody_named", 0, 0)


def test_a_look_that_goes_on_is_stopped_when_it_still_knows_an_address_that_was_taken_away() -> None:
    person, _ = person_with_connection()
    name_list.add_person(person, "J.", "")
    name_list.add_person(person, "", EX)
    audit = work.start(person, trigger=Trigger.PERSON)
    assert not name_list.take_person(person, NamedPerson.objects.get(address_sealed=None))
    audit.refresh_from_db()
    assert audit.active, "a label is asked nowhere"
    assert name_list.take_person(person, named_row(person, EX))
    audit.refresh_from_db()
    assert not audit.active


def test_an_address_named_after_a_look_is_never_part_of_what_it_found() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_named": Why.NOBODY_NAMED})
    name_list.add_person(person, "", EX)
    assert finding_of(person, "files_one_person").reason == Why.NAMED_SINCE
    audit_with(person, connection, {"drive_named": [asked(EX)]})
    assert finding_of(person, "files_one_person").reason == "none"
    name_list.add_person(person, "", AUNT)
    check = finding_of(person, "files_one_person")
    assert (check.verdict, check.reason) == ("not_checked", Why.NAMED_SINCE)
    name_list.take_person(person, named_row(person, AUNT))
    assert finding_of(person, "files_one_person").reason == "none", "everybody in the list was asked about"


def test_files_of_somebody_who_was_named_since_are_no_news() -> None:
    """They may have been open for years: nobody had asked."""
    person, connection = person_with_connection()
    name_list.add_person(person, "", AUNT)
    audit_with(person, connection, {"drive_named": [asked(AUNT)]})
    name_list.add_person(person, "", EX)
    shared = file("1", source="drive_named", people=[EX], named=[EX])
    audit_with(person, connection, {"drive_named": [asked(AUNT), asked(EX), shared]})
    assert finding_of(person, "files_one_person").new_count == 0


# ------------------------------------------------------------------- devices


@pytest.mark.parametrize(
    ("name", "label", "does"),
    [
        ("Galaxy Tab A8", "galaxy tab", True),
        ("GALAXY  tab", "Galaxy Tab", True),
        ("Galaxy Tablet", "Galaxy Tab", False),
        ("Tab Galaxy", "Galaxy Tab", False),
        ("J. Marsh (j.marsh@mail.test)", "j.marsh@mail.test", True),
        ("J. Marsh", "J.", True),
        ("Jo Marsh", "J.", False),
        ("Пиксель 6", "пиксель", True),
        ("旧的平板电脑", "平板", True),
        ("Pixel", "", False),
        ("Pixel ❤", "❤", False),
        ("❤", "❤", True),
    ],
)
def test_a_name_holds_a_label_as_whole_words(name: str, label: str, does: bool) -> None:
    assert holds(name, label) is does


def test_devices_stand_once_by_their_name_whoever_saw_or_named_them() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"play_devices": [play_device("Pixel 6a"), play_device("Galaxy Tab")]})
    tell_of(person, "whatsapp_linked_devices", ItemKind.DEVICE, "PIXEL 6A", "Old laptop")
    tell_of(person, "signed_in_devices", ItemKind.DEVICE, "pixel  6a", connection=connection)
    found = rows(person, "devices")
    assert [alike(row.name) for row in found] == ["pixel 6a", "galaxy tab", "old laptop"], "most places first"
    card = tell.device(person, found[0].key)
    assert card is not None
    (where,) = card.ways
    checks = {item.row.check_id: item for item in where.items if item.row}
    assert checks.keys() == {"phone_devices", "whatsapp_linked_devices", "signed_in_devices"}
    assert checks["phone_devices"].how
    assert checks["whatsapp_linked_devices"].says.startswith("You named this on ")
    assert tell.device(person, "f" * 32) is None
    assert tell.device(Person.objects.create_user(), found[0].key) is None


def test_a_named_device_gathers_what_holds_its_name_and_makes_no_verdict_of_nothing() -> None:
    person, connection = person_with_connection()
    for label in ("pixel", "the old tablet"):
        name_list.add_device(person, label)
    audit_with(person, connection, {"play_devices": [play_device("Pixel 6a"), play_device("Galaxy Tab")]})
    assert listed(person) == {
        "pixel": "Phones and tablets with your Google Play",
        "the old tablet": "No device of this name was seen or named so far. No app can see all devices.",
    }
    assert [row.name for row in rows(person, "devices")] == ["Galaxy Tab"], "the other one stands above"
    assert names(way(page_of(person, "pixel"), "things")) == ["Pixel 6a"]
    empty = page_of(person, "the old tablet")
    assert way(empty, "things").none == "None so far."
    assert "no app can see all devices" in empty.rule


# ------------------------------------------------------------------- many


def test_long_lists_are_paged() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"play_devices": [play_device(f"Phone {n}") for n in range(60)]})
    for n in range(20):
        name_list.add_person(person, f"Name {n}", "")
        name_list.add_device(person, f"Thing {n}")
    for group, total in (("devices", 60), ("named", 40)):
        pages = [tell.all_of(person, group, number) for number in (1, 2, 3, 9)]
        assert {one.page.total for one in pages} == {total}
        assert len({row.key for one in pages for row in one.rows}) == total
        shown = next(one for one in tell.by_who(person).groups if one.id == group)
        assert (len(shown.rows), shown.total) == (12, total)


def test_what_is_counted_costs_no_more_queries() -> None:
    person, connection = person_with_connection()
    name_list.add_person(person, "J.", EX)
    audit_with(person, connection, {"drive_outsiders": [file("1", source="drive_outsiders", people=[EX, AUNT])]})
    few = queries(person)
    said: dict[str, list[Fact]] = {
        "drive_outsiders": [file(str(n), source="drive_outsiders", people=[EX, f"p{n}@x.test"]) for n in range(40)],
        "calendar_sharing": [calendar(n, EX) for n in range(40)],
        "drive_incoming": [lent(n, EX) for n in range(40)],
        "play_devices": [play_device(f"Phone {n}") for n in range(40)],
    }
    audit_with(person, connection, said)
    for n in range(15):
        name_list.add_person(person, f"Name {n}", f"p{n}@x.test")
        name_list.add_device(person, f"Phone {n}")
    assert queries(person) == few
    card = tell.party(person, Party.objects.filter(person=person).first())  # type: ignore[arg-type]
    assert [(len(one.items), one.more) for one in card.ways] == [(25, 0), (25, 15), (25, 15)]


def queries(person: Person) -> tuple[int, ...]:
    found = Party.objects.filter(person=person).first()
    assert found is not None
    counts = []
    for look in (
        lambda: tell.by_who(person),
        lambda: tell.party(person, found),
        lambda: tell.named(person, one_of(person, named_row(person, EX).public_id)),
        lambda: tell.all_of(person, "people", 1),
        lambda: tell.all_of(person, "named", 1),
    ):
        with CaptureQueriesContext(database) as asked_for:
            look()
        counts.append(len(asked_for))
    return tuple(counts)


def named_row(person: Person, address: str) -> NamedPerson:
    rows = NamedPerson.objects.filter(person=person, address_sealed__isnull=False)
    return next(one for one in rows if one.address == address)


def finding_of(person: Person, check: str) -> Finding:
    return Finding.objects.get(person=person, check_id=check, current=True)
