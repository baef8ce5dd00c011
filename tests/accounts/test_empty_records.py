"""A record that was begun with a code and holds nothing ends after a while; whatever holds something stays."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from audits import tasks
from audits.accounts import return_codes
from audits.audit import expiring
from audits.audit.helping import log, sessions, words
from audits.models import (
    AnswerToCheck,
    Connection,
    HelpEnd,
    HelpState,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    ReturnCode,
    SessionLog,
    SessionNote,
    Situation,
    ToldItem,
)
from tests.helpline import cast

NOW = timezone.now()


def begun(days_ago=31, last_opened=None):
    person = Person.objects.create_user()
    return_codes.make(person)
    opened = None if last_opened is None else NOW - timedelta(days=last_opened)
    Person.objects.filter(pk=person.pk).update(created_at=NOW - timedelta(days=days_ago), last_login=opened)
    return person


HOLDINGS = {
    "answer": lambda p: AnswerToCheck.objects.create(person=p, check_id="x", answered_at=NOW, told_sealed=b""),
    "named thing": lambda p: ToldItem.objects.create(
        person=p, check_id="x", kind="app", rung="told", key="k", named_at=NOW, told_sealed=b""
    ),
    "person": lambda p: NamedPerson.objects.create(person=p, address_key="k"),
    "device": lambda p: NamedDevice.objects.create(person=p, label_key="k", label_sealed=b""),
    "record": lambda p: Record.objects.create(person=p, check_id="x", kept_at=NOW, sha256="0", content_sealed=b""),
    "what stays of a session": lambda p: cast.session_of(p, cast.hana(cast.line()), HelpState.ENDED),
    "account": lambda p: Connection.objects.create(person=p, sub_key=str(p.pk)),
    "Google": lambda p: SocialAccount.objects.create(user=p, provider="google", uid=str(p.pk)),
    "passkey": lambda p: Authenticator.objects.create(user=p, type="webauthn", data={}),
    "no code": lambda p: ReturnCode.objects.filter(person=p).delete(),
}


@pytest.mark.parametrize("what", HOLDINGS)
def test_what_holds_something_stays(db, what):
    HOLDINGS[what](begun())
    assert expiring.end_empty() == 0
    assert Person.objects.exists()


@pytest.mark.parametrize(
    ("days_ago", "last_opened", "ends"),
    [(29, None, False), (31, None, True), (100, 29, False), (100, 31, True), (31, 31, True), (0, 0, False)],
)
def test_it_ends_a_while_after_it_was_last_opened(db, days_ago, last_opened, ends):
    begun(days_ago, last_opened)
    assert expiring.end_empty() == ends


def test_what_somebody_said_at_the_start_alone_holds_nothing(db):
    person = begun()
    Situation.objects.create(person=person, said_at=NOW, said_sealed=b"")
    assert expiring.end_empty() == 1
    assert not ReturnCode.objects.exists()
    assert not Situation.objects.exists()


def test_a_call_back_word_alone_and_a_session_nobody_was_let_into_hold_nothing(db):
    person = begun()
    line = cast.line()
    words.word_of(person, line)
    session = cast.session_of(person, cast.hana(line), HelpState.ASKED)
    assert expiring.end_empty() == 1
    session.refresh_from_db()
    assert (session.person_id, session.state, session.end) == (None, "ended", "deleted")


def test_the_log_of_a_record_that_ends_says_nothing_of_it(db):
    person = begun()
    session = cast.session_of(person, cast.hana(cast.line()))
    log.looked(session, "two_step")
    sessions.end(session, HelpEnd.CALLER)
    SessionNote.objects.all().delete()
    assert expiring.end_empty() == 1
    assert {row.check_id for row in SessionLog.objects.all()} == {""}


def test_they_end_a_few_at_a_time_and_only_they(db, settings):
    settings.EMPTY_RECORD_DAYS = 5
    young = begun(4)
    for _ in range(5):
        begun(6)
    assert expiring.end_empty(most=2) == 2
    tasks.end_empty_records()
    assert Person.objects.get() == young
    tasks.end_empty_records()
    assert Person.objects.get() == young


def test_coming_back_is_a_use(client, db):
    person = begun(100, last_opened=40)
    client.post("/back/", {"code": return_codes.make(person)})
    assert expiring.end_empty() == 0
