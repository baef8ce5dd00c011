"""A record begun with a code gets a Google account: its own, one of another record of the same person, or nobody's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from audits.accounts import merging, return_codes
from audits.accounts.dance import Dancer
from audits.audit import adopting, guided, keeping, name_list, naming, work
from audits.audit.answers import answer_check, answer_items
from audits.audit.helping import after, codes, words
from audits.audit.judge import judge_again
from audits.checks.catalogue import CHECKS
from audits.facts import ItemAnswer, ItemKind, Rung, ToldAnswer
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    Audit,
    CallWord,
    Connection,
    Finding,
    HelpCode,
    HelpSession,
    HelpState,
    Item,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    ReturnCode,
    Schedule,
    SessionNote,
    Situation,
    Summary,
    TimelineEntry,
    ToldItem,
    Trigger,
)
from audits.models.sealing import SealBroken
from tests.accounts.test_other_account import grants
from tests.accounts.test_return_codes import BACK, begun, opens
from tests.accounts.test_ways import forget_step_up, signed_in
from tests.helpline import cast

MORE, BOTH, APART = "/account/more/", "/account/both/", "/account/both/not/"
ADOPT, NOT = "/account/before/", "/account/before/not/"
MAYA = "maya@gmail.test"


def guided_checks(about):
    return [c for c in CHECKS.values() if c.rule is None and c.about == about and c.words.told and c.words.told.items]


MINE, MINE_TOO = guided_checks("person")[:2]
ACCOUNTS = guided_checks("account")[0]


@pytest.fixture
def coded(db, sandbox):
    """Maya's browser with a record that opens with a code; `.code` has the digits."""
    found = Dancer(MAYA)
    found.code = begun(found.client)
    found.client.post("/code/kept/")
    return found


def person_in(dancer):
    return Person.objects.get(pk=dancer.client.session["_auth_user_id"])


def say(person, check, answer=ToldAnswer.AS_IT_SHOULD_BE, names=(), connection=None, days_ago=0):
    """The person answers a check and names things; returns its finding."""
    finding = guided.begin(person, check, connection)
    answer_check(person, finding, answer)
    AnswerToCheck.objects.filter(person=person, check_id=check.id).update(
        answered_at=timezone.now() - timedelta(days=days_ago)
    )
    naming.name_things(finding, ItemKind.APP, naming.tidied(names, 20), Rung.TOLD)
    judge_again(finding)
    return Finding.objects.get(pk=finding.pk)


def answer_thing(person, finding, name, answer):
    item = next(one for one in finding.items.all() if one.content["name"] == name)
    answer_items(person, finding, {item.key: answer})


def things(person):
    """What each named thing is answered with, by check and name."""
    found = {}
    for item in Item.objects.filter(person=person, finding__current=True).select_related("finding"):
        answer = AnswerToItem.objects.filter(person=person, item_key=item.key).first()
        found[item.finding.check_id, item.content["name"]] = answer.answer if answer else None
    return found


# --------------------------------------------------------------------------- an account that nobody has


def test_a_google_account_becomes_theirs_and_ends_the_code(coded):
    other = Client()
    other.post(BACK, {"code": coded.code})
    person = person_in(coded)
    assert coded.go(MORE).headers["Location"] == "/looks/"
    page = coded.client.get("/looks/").text
    assert "you sign in with it" in page
    assert "return code no longer opens" in page
    assert Connection.objects.get().person == person
    assert SocialAccount.objects.get().user == person
    assert not opens(coded.code)
    assert not signed_in(other)
    assert signed_in(coded.client)
    again = Dancer(MAYA)
    again.sign_in()
    assert person_in(again) == person


def test_before_it_the_code_is_asked_once_more(coded):
    forget_step_up(coded.client)
    assert "becomes your way to sign in" in coded.client.get(MORE).text
    assert coded.client.post(MORE).status_code == 403
    right = {"then": "connect", "code": coded.code}
    assert coded.client.post("/account/confirm/", right).headers["Location"] == MORE
    assert coded.go(MORE).headers["Location"] == "/looks/"


@pytest.mark.parametrize("decision", ["deny"])
def test_stopping_at_google_leaves_the_code(coded, decision):
    coded.go(MORE, decision=decision)
    assert not Connection.objects.exists()
    assert opens(coded.code)


def test_an_account_that_is_only_looked_at_by_somebody_else_is_refused(coded, dancer, sandbox):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    alex.go(MORE, account=MAYA)
    assert coded.go(MORE).status_code == 409
    assert opens(coded.code)
    assert MAYA in grants(sandbox)


# --------------------------------------------------------------------------- two records


@pytest.fixture
def both(coded, dancer):
    """Maya signs in with Google to one record, and in `coded` she has another."""
    google = dancer(MAYA)
    google.sign_in()
    return coded, google


def fill(person, days_ago=0):
    finding = say(person, MINE, names=["Shared", f"Only {person.pk}"], days_ago=days_ago)
    for address in ("sam@mail.test", f"p{person.pk}@mail.test"):
        name_list.add_person(person, "", address)
    name_list.add_device(person, "Old phone")
    situation = Situation(person=person, said_at=timezone.now() - timedelta(days=days_ago))
    situation.said = {"uses": [], "worries": [], "young": False, "danger": days_ago == 0}
    situation.save()
    keeping.keep(person, finding)
    return finding


def test_both_records_are_offered_to_be_put_together_and_only_a_yes_does_it(both):
    coded, google = both
    assert coded.go(MORE).headers["Location"] == BOTH
    assert "You have two records" in coded.client.get(BOTH).text
    assert Person.objects.count() == 2
    assert coded.client.post(APART).headers["Location"] == "/account/"
    assert coded.client.get(BOTH).headers["Location"] == "/account/"
    coded.client.post(BOTH)
    assert Person.objects.count() == 2
    assert opens(coded.code)
    assert signed_in(google.client)


def test_everything_comes_along_and_opens_there(both):
    coded, google = both
    source, target = person_in(coded), person_in(google)
    fill(target, days_ago=3)
    finding = fill(source)
    other_finding = say(source, MINE_TOO, ToldAnswer.SOMETHING_ODD, names=["Strange"])
    answer_thing(source, other_finding, "Strange", ItemAnswer.UNKNOWN)
    answer_thing(source, finding, "Shared", ItemAnswer.KNOWN)
    texts = {record.sha256 for record in Record.objects.all()}
    coded.go(MORE)
    assert coded.client.post(BOTH).headers["Location"] == "/overview/"
    assert Person.objects.get() == target
    assert person_in(coded) == target
    assert things(target) == {
        (MINE.id, "Shared"): ItemAnswer.KNOWN,
        (MINE.id, f"Only {source.pk}"): None,
        (MINE.id, f"Only {target.pk}"): None,
        (MINE_TOO.id, "Strange"): ItemAnswer.UNKNOWN,
    }
    assert {one.address for one in NamedPerson.objects.all()} == {
        "sam@mail.test", f"p{source.pk}@mail.test", f"p{target.pk}@mail.test"}  # fmt: skip
    assert [one.label for one in NamedDevice.objects.all()] == ["Old phone"]
    assert Situation.objects.get().said["danger"] is True
    assert {record.sha256 for record in Record.objects.all()} == texts
    assert all(keeping.check(record) for record in Record.objects.all())
    assert all(isinstance(entry.values or {}, dict) for entry in TimelineEntry.objects.all())
    assert not ReturnCode.objects.exists()
    assert naming.name_things(Finding.objects.get(check_id=MINE.id, current=True), ItemKind.APP, ["shared"], Rung.TOLD)
    assert ToldItem.objects.filter(check_id=MINE.id).count() == 3  # the same name is known again under the new keys


def be_helped(person, line):
    """A session that is over, with a log and a note, and a word for the next one."""
    session = cast.session_of(person, cast.hana(line, f"Hana {person.pk}"), HelpState.ENDED)
    note = SessionNote.objects.get(session=session)
    after.write(note, f"note of {person.pk}")
    after.keep_reach(note, {"to": "07700 900123"})
    return words.new_word(person, line)


def test_sessions_with_helplines_come_along_and_what_goes_on_ends(both):
    coded, google = both
    source, target = person_in(coded), person_in(google)
    line, other_line = cast.line(), cast.line("Another line")
    be_helped(target, line)
    newer = be_helped(source, line)
    elsewhere = words.new_word(source, other_line)
    codes.make(target, line)
    on = cast.session_of(source, cast.hana(other_line, "Mira"))
    coded.go(MORE)
    coded.client.post(BOTH)
    assert {session.person_id for session in HelpSession.objects.all()} == {target.pk}
    on.refresh_from_db()
    assert on.state == "ended"
    assert not HelpCode.objects.exists()
    assert {word.helpline.name: word.word for word in CallWord.objects.all()} == {
        line.name: newer, other_line.name: elsewhere}  # fmt: skip
    kept = {note.content["note"] for note in SessionNote.objects.filter(person=target)}
    assert kept == {f"note of {source.pk}", f"note of {target.pk}", ""}
    session = HelpSession.objects.exclude(pk=on.pk).first()
    assert "You let Hana" in coded.client.get(f"/help/log/{session.public_id}/").text
    assert "07700 900123" in coded.client.get(f"/help/after/{session.public_id}/").text


def sealed_rows():
    for model in apps.get_app_config("audits").get_models():
        names = [name for name, one in vars(model).items() if type(one).__name__ == "Sealed"]
        for row in model.objects.all():
            yield from ((row, name) for name in names)


def test_nothing_sealed_is_left_that_does_not_open(both):
    coded, google = both
    fill(person_in(google))
    fill(person_in(coded))
    coded.go(MORE)
    coded.client.post(BOTH)
    for row, name in sealed_rows():
        try:
            getattr(row, name)
        except SealBroken:
            pytest.fail(f"{row} {name}")


@pytest.mark.parametrize(("source_days", "target_days"), [(0, 3), (3, 0)])
def test_the_newer_answer_counts(both, source_days, target_days):
    coded, google = both
    source, target = person_in(coded), person_in(google)
    for person, days, answer, item in (
        (source, source_days, ToldAnswer.SOMETHING_ODD, ItemAnswer.UNKNOWN),
        (target, target_days, ToldAnswer.AS_IT_SHOULD_BE, ItemAnswer.KNOWN),
    ):
        finding = say(person, MINE, answer, names=["Shared"], days_ago=days)
        answer_thing(person, finding, "Shared", item)
        AnswerToItem.objects.filter(person=person).update(answered_at=timezone.now() - timedelta(days=days))
    coded.go(MORE)
    coded.client.post(BOTH)
    newest = AnswerToCheck.objects.filter(check_id=MINE.id).first()
    expected = (ToldAnswer.SOMETHING_ODD, ItemAnswer.UNKNOWN) if source_days == 0 else (
        ToldAnswer.AS_IT_SHOULD_BE, ItemAnswer.KNOWN)  # fmt: skip
    assert (newest.answer, things(target)[MINE.id, "Shared"]) == expected
    assert AnswerToCheck.objects.filter(check_id=MINE.id).count() == 2


def test_a_crash_half_way_leaves_both_as_they_were(both, monkeypatch):
    coded, google = both
    source, target = person_in(coded), person_in(google)
    fill(source)
    fill(target)
    before = {
        model: sorted(map(repr, model.objects.values_list())) for model in (AnswerToCheck, ToldItem, Item, Record)
    }
    coded.go(MORE)
    coded.client.raise_request_exception = False
    monkeypatch.setattr(merging, "end_sessions", lambda person_id: 1 / 0)
    assert coded.client.post(BOTH).status_code == 500
    for model, rows in before.items():
        assert sorted(map(repr, model.objects.values_list())) == rows, model
    assert opens(coded.code)


def test_every_window_of_both_is_closed_but_this_one(both):
    coded, google = both
    window = Client()
    window.post(BACK, {"code": coded.code})
    coded.go(MORE)
    coded.client.post(BOTH)
    assert signed_in(coded.client)
    assert not signed_in(google.client)
    assert not signed_in(window)


def test_a_second_yes_finds_nothing_to_do(both):
    coded, google = both
    source, target = person_in(coded), person_in(google)
    coded.go(MORE)
    coded.client.post(BOTH)
    with pytest.raises(merging.CannotMerge):
        merging.merge(source, target, SocialAccount.objects.get().uid)
    assert coded.client.post(BOTH).headers["Location"] == "/account/"
    assert Person.objects.count() == 1


@pytest.mark.parametrize("then", ["late", "other person", "junk", "inactive", "account gone", "better way"])
def test_an_offer_holds_only_while_it_is_true(both, then):
    coded, google = both
    coded.go(MORE)
    session = coded.client.session
    if then == "late":
        session["put_together"] = {**session["put_together"], "until": 0}
    if then == "other person":
        session["put_together"] = {**session["put_together"], "from": person_in(google).pk}
    if then == "junk":
        session["put_together"] = "yes"
    session.save()
    if then == "inactive":
        Person.objects.filter(pk=person_in(google).pk).update(is_active=False)
    if then == "account gone":
        SocialAccount.objects.all().delete()
    if then == "better way":
        words = "seven quiet rivers"
        coded.client.post("/account/ways/name/", {"name": "heron", "password": words, "again": words})
    assert coded.client.get(BOTH).headers["Location"] == "/account/"
    coded.client.post(BOTH)
    assert Person.objects.count() == 2


def test_who_has_a_password_or_google_is_never_offered_the_record_of_another(coded, dancer):
    dancer(MAYA).sign_in()
    words = "seven quiet rivers"
    coded.client.post("/account/ways/name/", {"name": "heron", "password": words, "again": words})
    assert coded.go(MORE).status_code == 409


def test_what_would_not_fit_together_is_not_put_together(both, monkeypatch):
    coded, google = both
    fill(person_in(coded))
    fill(person_in(google))
    monkeypatch.setattr(merging, "_MOST", ((Record, 1),))
    coded.go(MORE)
    coded.client.post(BOTH)
    assert "hold more records or names" in coded.client.get("/account/").text
    assert Person.objects.count() == 2


def test_audits_of_both_may_be_running(both):
    coded, google = both
    source, target = person_in(coded), person_in(google)
    fill(source)
    mine, theirs = (work.start(one, trigger=Trigger.PERSON) for one in (source, target))
    held = work.claim(mine.pk)
    coded.go(MORE)
    coded.client.post(BOTH)
    assert not held.held()
    assert [audit.pk for audit in Audit.objects.all()] == [theirs.pk]
    assert work.claim(theirs.pk) is not None


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_say_yes_at_once_do_it_once(sandbox):
    target = google_person()
    source = code_person()
    say(source, MINE, names=["Shared"])
    assert sorted(at_once([(source, target)] * 2)) == ["done", "no"]
    assert Person.objects.get() == target
    assert things(target) == {(MINE.id, "Shared"): None}


@pytest.mark.django_db(transaction=True)
def test_two_records_that_go_into_the_same_one_at_once_both_arrive(sandbox):
    target = google_person()
    sources = [code_person(), code_person()]
    for source in sources:
        say(source, MINE, names=["Shared", f"Only {source.pk}"])
    assert at_once([(source, target) for source in sources]) == ["done", "done"]
    assert len(things(target)) == 3


def google_person():
    person = Person.objects.create_user()
    SocialAccount.objects.create(user=person, provider="google", uid="maya")
    return person


def code_person():
    person = Person.objects.create_user()
    return_codes.make(person)
    return person


def at_once(pairs):
    """Each pair is put together in a thread of its own, all at the same moment; how each went."""
    start = threading.Barrier(len(pairs))

    def one(pair):
        try:
            start.wait(timeout=10)
            merging.merge(*(Person.objects.get(pk=person.pk) for person in pair), "maya")
        except (merging.CannotMerge, Person.DoesNotExist):
            return "no"
        else:
            return "done"
        finally:
            database.close()

    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(one, pairs))


def test_every_table_that_knows_people_is_thought_of():
    """A new table about a Person must be taken along here, or end with the record on purpose."""
    taken = {AnswerToCheck, AnswerToItem, NamedDevice, NamedPerson, Record, Schedule, Situation, Summary,
             TimelineEntry, ToldItem, HelpSession, SessionNote, CallWord}  # fmt: skip
    ended = {"AdministratorLook", "Audit", "Change", "Connection", "Export", "Finding", "Item", "Party", "PhotoPick",
             "ReceivedEvent", "ReturnCode", "SourceRun", "AlertChoice", "Alert", "HelpCode"}  # fmt: skip
    about = {
        model
        for model in apps.get_app_config("audits").get_models()
        if any(field.related_model is Person for field in model._meta.concrete_fields)
    }
    assert {model.__name__ for model in about - taken} == ended


# --------------------------------------------------------------------------- answers given before


@pytest.fixture
def answered(coded):
    say(person_in(coded), ACCOUNTS, names=["Strange app"])
    say(person_in(coded), MINE)
    coded.go(MORE)
    return coded


def test_answers_about_an_account_wait_until_the_person_says_which(answered):
    person = person_in(answered)
    found = adopting.offer(person)
    assert (found.count, [one.email for one in found.accounts]) == (1, [MAYA])
    assert not Finding.objects.filter(person=person, check_id=ACCOUNTS.id, current=True).exists()
    assert Finding.objects.filter(person=person, check_id=MINE.id, current=True).exists()


def test_yes_keeps_them_with_the_account(answered):
    person, account = person_in(answered), Connection.objects.get()
    answered.client.post(ADOPT, {"account": account.public_id})
    finding = Finding.objects.get(person=person, check_id=ACCOUNTS.id, current=True)
    assert finding.connection == account
    assert [item.content["name"] for item in finding.items.all()] == ["Strange app"]
    assert AnswerToCheck.objects.get(check_id=ACCOUNTS.id).connection == account
    assert AnswerToCheck.objects.get(check_id=MINE.id).connection is None
    assert adopting.offer(person) is None


def test_no_ends_them(answered):
    person = person_in(answered)
    answered.client.post(NOT)
    assert adopting.offer(person) is None
    assert not Finding.objects.filter(person=person, check_id=ACCOUNTS.id, current=True).exists()
    assert not ToldItem.objects.filter(check_id=ACCOUNTS.id).exists()
    assert AnswerToCheck.objects.get(check_id=ACCOUNTS.id).overtaken


def test_a_thing_named_in_both_places_is_kept_once(answered):
    person, account = person_in(answered), Connection.objects.get()
    say(person, ACCOUNTS, names=["strange APP"], connection=account)
    answered.client.post(ADOPT, {"account": account.public_id})
    assert ToldItem.objects.filter(check_id=ACCOUNTS.id).count() == 1


def test_an_account_of_somebody_else_is_not_theirs_to_name(answered, dancer):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    account = Connection.objects.exclude(person=person_in(answered)).get()
    assert answered.client.post(ADOPT, {"account": account.public_id}).status_code == 404
    assert answered.client.post(ADOPT).status_code == 404
    assert adopting.offer(person_in(answered)) is not None


def test_the_overview_asks_once(answered):
    text = answered.client.get("/overview/").text
    assert "You answered 1 question about your Google account before." in text
    answered.client.post(NOT)
    assert "about your Google account before" not in answered.client.get("/overview/").text


def test_without_an_account_nothing_is_asked(coded, django_assert_num_queries):
    person = person_in(coded)
    with django_assert_num_queries(1):
        assert adopting.offer(person) is None
    say(person, ACCOUNTS)
    assert adopting.offer(person) is None
