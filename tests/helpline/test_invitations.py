"""The link by which somebody comes to the desk: once, for seven days, and nobody else."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from audits.helpline import invitations, sign_in
from audits.helpline.invitations import NoInvitation, NotAName
from audits.models import Helper, HelperRole, Helpline, HelpState
from privacy_audit.security.logs import JsonLines
from tests.accounts.soft_passkey import Device
from tests.helpline import cast
from tests.helpline.test_second_factor import add_passkey, seed_on

CHOSEN = {"name": "Mira at work", "password": "nine slow paper boats", "again": "nine slow paper boats"}
OPENS_NOTHING = "This link opens nothing"


@pytest.fixture
def mira(crew, settings) -> invitations.Invitation:
    made = invitations.invite(crew.line, HelperRole.HELPER, " Mira  B. ")
    assert made.link.startswith(f"{settings.BASE_URL}/desk/in/")
    return invitations.Invitation(made.helper, made.link.removeprefix(settings.BASE_URL))


def test_from_the_link_to_the_desk(mira, client: Client) -> None:
    page = client.get(mira.link).text
    assert "Welcome, Mira B." in page
    assert "Riverside Helpline" in page
    assert client.post(mira.link, CHOSEN).headers["Location"] == "/desk/factor/"
    assert client.get("/desk/calls/").headers["Location"] == "/desk/second/"
    assert seed_on(client.get("/desk/factor/").text)
    helper = Helper.objects.get(pk=mira.helper.pk)
    assert helper.joined_at is not None
    assert check_password(CHOSEN["password"], helper.password)
    assert helper.sign_in_key == sign_in.name_key("MIRA AT WORK ")
    again = Client().post("/desk/", CHOSEN)
    assert again.headers["Location"] == "/desk/second/"


@pytest.mark.parametrize("way", ["used", "old", "ended", "closed", "newer", "foreign"])
def test_a_link_that_opens_nothing_says_one_sentence(mira, crew, way: str) -> None:
    link = mira.link
    if way == "used":
        Client().post(link, CHOSEN)
    if way == "old":
        Helper.objects.update(invitation_ends_at=timezone.now())
    if way == "ended":
        Helper.objects.update(ended_at=timezone.now())
    if way == "closed":
        Helpline.objects.update(closed_at=timezone.now())
    if way == "newer":
        invitations.again(mira.helper)
    if way == "foreign":
        link = "/desk/in/xxxxxxxxxxxxxxxxxxxxxx/"
    before = Helper.objects.get(pk=mira.helper.pk).password
    pages = {Client().get(link).text, Client().get("/desk/in/none/").text}
    assert len(pages) == 1
    assert OPENS_NOTHING in pages.pop()
    answer = Client().post(link, {**CHOSEN, "name": "somebody else"})
    assert answer.status_code == 404
    assert "desk" not in answer.cookies
    assert Helper.objects.get(pk=mira.helper.pk).password == before


def test_it_holds_for_seven_days_and_is_kept_as_a_keyed_hash(mira) -> None:
    row = Helper.objects.get(pk=mira.helper.pk)
    assert timedelta(days=6, hours=23) < row.invitation_ends_at - timezone.now() <= timedelta(days=7)
    secret = mira.link.split("/")[-2]
    assert len(secret) == 22
    assert secret not in str(Helper.objects.values().get(pk=mira.helper.pk))


@pytest.mark.parametrize(
    "other",
    [
        {"name": ""},
        {"name": "ab"},
        {"name": "x" * 101},
        {"name": "nine slow paper boats"},
        {"password": "short", "again": "short"},
        {"again": "nine slow paper boat"},
        {"password": "x" * 501, "again": "x" * 501},
    ],
)
def test_what_does_not_fit_uses_nothing_up(mira, client: Client, other: dict[str, str]) -> None:
    answer = client.post(mira.link, {**CHOSEN, **other})
    assert answer.status_code == 400
    assert CHOSEN["password"] not in answer.text.replace(other.get("name", "-"), "")
    assert client.post(mira.link, CHOSEN).status_code == 302


def test_a_name_that_is_taken_uses_nothing_up(mira, crew, client: Client) -> None:
    taken = client.post(mira.link, {**CHOSEN, "name": cast.sign_in_name(crew.hana).upper()})
    assert (taken.status_code, "not free" in taken.text) == (400, True)
    assert client.post(mira.link, CHOSEN).status_code == 302


def test_a_new_link_ends_all_that_was(crew, caller) -> None:
    """Sign-ins, the password, both kinds of second factor, and the session that is on."""
    client = cast.desk_client(crew.hana)
    add_passkey(client, Device())
    session = cast.session_of(caller, crew.hana)
    invitations.again(crew.hana)
    assert client.get("/desk/calls/").headers["Location"] == "/desk/"
    typed = {"name": cast.sign_in_name(crew.hana), "password": cast.PASSWORD}
    assert Client().post("/desk/", typed).status_code == 400
    helper = Helper.objects.get(pk=crew.hana.pk)
    assert (helper.password, helper.sign_in_key, helper.totp, helper.passkeys.count()) == ("", None, None, 0)
    session.refresh_from_db()
    assert session.state == HelpState.ENDED


def test_whose_access_ended_gets_no_new_link(crew) -> None:
    Helper.objects.update(ended_at=timezone.now())
    with pytest.raises(NoInvitation):
        invitations.again(crew.hana)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "Mi\u202era", "Mi\x00ra", "\u200b"])
def test_a_name_that_callers_could_not_read_is_none(crew, name: str) -> None:
    with pytest.raises(NotAName):
        invitations.invite(crew.line, HelperRole.HELPER, name)


def test_no_log_holds_a_link(mira, client: Client) -> None:
    """Django itself writes the path of what was not taken."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    try:
        client.post(mira.link, {**CHOSEN, "again": "x"})
        client.put(mira.link)
        client.get("/desk/in/0123456789abcdefghij_-/")
    finally:
        logging.getLogger().removeHandler(handler)
    lines = [json.loads(line) for line in heard.getvalue().splitlines()]
    assert any("/desk/in/[hidden]" in line["message"] for line in lines)
    for secret in (mira.link.split("/")[-2], "0123456789abcdefghij_-", CHOSEN["name"], CHOSEN["password"]):
        assert secret not in heard.getvalue()


# --------------------------------------------------------------------------- commands


def said_by(command: str, *words: str) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_helpline_and_its_lead_are_made_by_a_command(client: Client, settings) -> None:
    said = said_by("create_helpline", "  Riverside   Helpline ", "--lead", "Lena")
    link = next(word for word in said.split() if word.startswith(settings.BASE_URL))
    assert "shown only here" in said
    lead = Helper.objects.select_related("helpline").get()
    assert (lead.role, lead.name, lead.helpline.name) == (HelperRole.LEAD, "Lena", "Riverside Helpline")
    assert client.get(link.removeprefix(settings.BASE_URL)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("create_helpline", ["", "--lead", "Lena"]),
        ("create_helpline", ["x" * 81, "--lead", "Lena"]),
        ("create_helpline", ["Hillside Helpline", "--lead", " "]),
        ("create_helpline", ["Hillside\u202e Helpline", "--lead", "Lena"]),
        ("create_helpline", ["riverside helpline", "--lead", "Lena"]),
        ("create_operator", [" "]),
        ("create_operator", ["x" * 61]),
        ("create_operator", ["OMAR"]),
        ("create_operator", ["Nobody", "--again"]),
    ],
)
def test_commands_refuse_what_does_not_fit_and_leave_nothing(crew, command: str, words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command(command, *words)
    assert (Helper.objects.count(), Helpline.objects.count()) == (3, 1)


def test_an_operator_is_made_once_and_gets_a_new_link_on_purpose(crew, client: Client, settings) -> None:
    said = said_by("create_operator", "Olga")
    olga = Helper.objects.get(name="Olga")
    assert (olga.role, olga.helpline) == (HelperRole.OPERATOR, None)
    again = said_by("create_operator", "olga", "--again")
    first, second = (
        next(word for word in text.split() if word.startswith(settings.BASE_URL)).removeprefix(settings.BASE_URL)
        for text in (said, again)
    )
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert Helper.objects.filter(name="Olga").count() == 1
