"""Numbers of an app and passkeys: the first is set before anything else, and the last one stays."""

from __future__ import annotations

import json
import re
import time

import pyotp
import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from fido2.webauthn import AuthenticatorData

from audits.helpline import second_factor, totp
from audits.models import Helper, HelperPasskey
from audits.models.sealing import SealBroken
from tests.accounts.soft_passkey import Device
from tests.helpline import cast

SECOND, FACTOR, ACCOUNT, REMOVE = "/desk/second/", "/desk/factor/", "/desk/account/", "/desk/factor/remove/"
ASK_ONE, ASK_NEW, HOME = "/desk/second/ask/", "/desk/factor/ask/", "/desk/calls/"
STARTS = ("/desk/calls/", "/desk/people/", "/desk/lines/", "/desk/rules/", "/desk/account/")


@pytest.fixture
def new(crew) -> Client:
    """Hana has just set a password, and nothing else."""
    Helper.objects.filter(pk=crew.hana.pk).update(totp_sealed=None)
    return cast.desk_client(crew.hana, second=False)


def seed_on(page: str) -> str:
    return "".join(re.findall(r"<span>([A-Z2-7]{1,4})</span>", page))


def add_passkey(client: Client, device: Device) -> Device:
    answer = client.post(FACTOR, {"passkey": device.make(client.post(ASK_NEW).json())})
    assert answer.status_code == 302
    return device


def show(client: Client, device: Device) -> str:
    return client.post(SECOND, {"passkey": device.show(client.post(ASK_ONE).json())}).headers["Location"]


# --------------------------------------------------------------------------- the first one


def test_until_one_is_set_nothing_else_opens(new: Client) -> None:
    for path in STARTS:
        assert new.get(path).headers["Location"] == SECOND
    assert new.get(SECOND).headers["Location"] == FACTOR
    assert new.post(SECOND, {"number": cast.number()}).headers["Location"] == FACTOR
    assert new.post(ASK_ONE).status_code == 403, "without a list any passkey of this site would be asked for"
    assert new.get(FACTOR).status_code == 200


def test_an_app_is_set_with_a_number_of_it(new: Client, crew) -> None:
    page = new.get(FACTOR).text
    seed = seed_on(page)
    assert len(seed) == 32
    assert seed_on(new.get(FACTOR).text) == seed, "loaded again, it is the same picture"
    wrong = new.post(FACTOR, {"number": "000000"})
    assert (wrong.status_code, seed_on(wrong.text)) == (400, seed)
    assert new.get(HOME).headers["Location"] == SECOND
    number = pyotp.TOTP(seed).now()
    assert new.post(FACTOR, {"number": f" {number[:3]} {number[3:]} "}).headers["Location"] == HOME
    assert new.get(HOME).status_code == 200
    helper = Helper.objects.get(pk=crew.hana.pk)
    assert helper.totp == {"seed": seed}
    again = cast.desk_client(helper, second=False)
    assert again.post(SECOND, {"number": number}).status_code == 400, "the number that set it is used up"


def test_the_picture_holds_the_seed_and_breaks_no_content_policy(new: Client) -> None:
    page = new.get(FACTOR)
    svg = re.search(r"<svg[^>]*class=\"qr\".*?</svg>", page.text, re.DOTALL)
    assert svg is not None
    assert "style" not in svg[0]
    assert "<script" not in svg[0]
    address = pyotp.TOTP(seed_on(page.text)).provisioning_uri(name="Notes", issuer_name="Notes")
    assert "Riverside" not in address
    assert totp.picture(seed_on(page.text)) == svg[0]


def test_neither_session_nor_table_holds_a_seed_that_can_be_read(new: Client, crew) -> None:
    seed = seed_on(new.get(FACTOR).text)
    assert seed not in json.dumps(dict(cast.store_of(new).items()))
    new.post(FACTOR, {"number": pyotp.TOTP(seed).now()})
    assert seed.encode() not in bytes(Helper.objects.get(pk=crew.hana.pk).totp_sealed)


def test_a_seed_that_waits_is_for_one_helper_alone(crew, rf) -> None:
    request = rf.get(FACTOR)
    request.session = {}
    seed = totp.seed_to_set(request, crew.hana)
    assert totp.seed_to_set(request, crew.lena) != seed
    assert not totp.set_up(request, crew.hana, pyotp.TOTP(seed).now())


def test_a_seed_of_another_row_does_not_open(crew) -> None:
    crew.lena.totp_sealed = crew.hana.totp_sealed
    with pytest.raises(SealBroken):
        _ = crew.lena.totp


def test_a_passkey_can_be_the_first_one(new: Client, crew) -> None:
    device = add_passkey(new, Device())
    assert new.get(HOME).status_code == 200
    other = cast.desk_client(Helper.objects.get(pk=crew.hana.pk), second=False)
    assert show(other, device) == HOME
    assert other.get(HOME).status_code == 200
    assert HelperPasskey.objects.get().used_at is not None


# --------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(("ahead", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(crew, monkeypatch, ahead: int, opens: bool) -> None:
    now = int(time.time())
    monkeypatch.setattr(totp.time, "time", lambda: now)
    assert totp.is_right(crew.hana, cast.number(ahead)) is opens


def test_each_number_opens_once_and_no_older_one_after_it(crew) -> None:
    assert totp.is_right(crew.hana, cast.number(1))
    for ahead in (1, 0, -1):
        assert not totp.is_right(crew.hana, cast.number(ahead))


def test_the_same_number_from_two_windows_opens_one(crew) -> None:
    one, two = (Helper.objects.get(pk=crew.hana.pk) for _ in range(2))
    assert [totp.is_right(helper, cast.number()) for helper in (one, two)] == [True, False]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 50, "\x00", "1,2.3 4-5_6"])
def test_what_is_no_number_of_theirs_opens_nothing(crew, typed: str) -> None:
    answer = cast.desk_client(crew.hana, second=False).post(SECOND, {"number": typed})
    assert answer.status_code == 400


def test_digits_of_another_script_are_digits(crew) -> None:
    arabic = cast.number().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert totp.is_right(crew.hana, arabic)


def test_numbers_cannot_be_guessed_and_a_new_link_counts_anew(crew) -> None:
    client = cast.desk_client(crew.hana, second=False)
    for _ in range(second_factor.TRIES["soon"].times):
        assert client.post(SECOND, {"number": "000000"}).status_code == 400
    assert client.post(SECOND, {"number": cast.number()}).status_code == 429
    other_window = cast.desk_client(crew.hana, second=False)
    assert other_window.post(SECOND, {"number": cast.number()}).status_code == 429
    Helper.objects.filter(pk=crew.hana.pk).update(session_round=1)
    fresh = cast.desk_client(Helper.objects.get(pk=crew.hana.pk), second=False)
    assert fresh.post(SECOND, {"number": cast.number()}).status_code == 302


def test_in_a_day_there_are_few_tries(crew, monkeypatch) -> None:
    monkeypatch.setitem(second_factor.TRIES, "a day", second_factor.Limit(2, 86_400))
    found = [second_factor.slowed(crew.hana) > 0 for _ in range(3)]
    assert found == [False, False, True]


# --------------------------------------------------------------------------- passkeys


def test_what_is_not_that_passkey_opens_nothing(crew, caller) -> None:
    client = cast.desk_client(crew.hana)
    mine = add_passkey(client, Device())
    theirs = add_passkey(cast.desk_client(crew.lena), Device())
    fresh = cast.desk_client(Helper.objects.get(pk=crew.hana.pk), second=False)
    stranger = Device()
    stranger.handle = mine.handle
    elsewhere = Device(origin="http://localhost.example", number=mine.number, key=mine.key, handle=mine.handle)
    forged = Device(number=mine.number, handle=mine.handle)
    unpressed = Device(flags=AuthenticatorData.FLAG(0), number=mine.number, key=mine.key, handle=mine.handle)
    for device in (theirs, stranger, elsewhere, forged, unpressed):
        assert show(fresh, device) == SECOND
    for junk in ("", "{}", "null", "x" * 30_000, "[" * 10_000):
        fresh.post(ASK_ONE)
        assert fresh.post(SECOND, {"passkey": junk}).headers["Location"] == SECOND
    assert fresh.get(HOME).headers["Location"] == SECOND


def test_an_answer_opens_one_window_once(crew) -> None:
    client = cast.desk_client(crew.hana)
    mine = add_passkey(client, Device())
    helper = Helper.objects.get(pk=crew.hana.pk)
    asking, thief = (cast.desk_client(helper, second=False) for _ in range(2))
    answer = mine.show(asking.post(ASK_ONE).json())
    thief.post(ASK_ONE)
    assert thief.post(SECOND, {"passkey": answer}).headers["Location"] == SECOND
    assert asking.post(SECOND, {"passkey": answer}).headers["Location"] == HOME
    assert asking.post(SECOND, {"passkey": answer}).headers["Location"] == SECOND


def test_a_passkey_of_the_desk_opens_nobodys_record(crew, client: Client) -> None:
    device = Device()
    asked = cast.desk_client(crew.hana)
    add_passkey(asked, device)
    known = json.loads(asked.post(ASK_NEW).content)["publicKey"]["excludeCredentials"]
    assert len(known) == 1
    sign_in = client.post("/back/key/", {"passkey": device.show(client.post("/back/key/ask/").json())})
    assert sign_in.headers["Location"] == "/back/"


def test_the_question_says_nothing_of_the_helper(crew) -> None:
    asked = cast.desk_client(crew.hana).post(ASK_NEW).json()["publicKey"]
    assert asked["user"]["name"] == asked["user"]["displayName"] == asked["rp"]["name"] == "Notes"


# --------------------------------------------------------------------------- changing


def stale(helper: Helper) -> Client:
    """Signed in, and the second factor shown longer ago than five minutes."""
    client = cast.desk_client(helper)
    store = cast.store_of(client)
    store["desk"] = {**store["desk"], "second_at": int(time.time()) - 301}
    store.save()
    return client


def test_after_five_minutes_a_change_asks_for_the_second_factor_again(crew) -> None:
    client, password = stale(crew.hana), {"password": "another quiet lantern", "again": "another quiet lantern"}
    assert "Keep the new password" not in client.get(ACCOUNT).text
    assert client.post(ACCOUNT, password).headers["Location"] == SECOND
    assert client.get(FACTOR).headers["Location"] == SECOND
    assert client.post(FACTOR, {"number": cast.number()}).headers["Location"] == SECOND
    assert client.post(ASK_NEW).status_code == 403
    assert client.post(REMOVE, {"which": "app"}).headers["Location"] == SECOND
    assert client.post(SECOND, {"number": cast.number()}).headers["Location"] == ACCOUNT
    assert "Keep the new password" in client.get(ACCOUNT).text
    assert client.post(ACCOUNT, password).headers["Location"] == ACCOUNT


def test_who_has_one_and_showed_only_the_password_sets_no_other(crew) -> None:
    """Otherwise a password alone would open the desk after all."""
    half = cast.desk_client(crew.hana, second=False)
    assert half.get(FACTOR).headers["Location"] == SECOND
    assert half.post(ASK_NEW).status_code == 403
    assert half.post(FACTOR, {"passkey": "{}"}).headers["Location"] == SECOND
    assert half.post(REMOVE, {"which": "app"}).headers["Location"] == SECOND


def test_the_last_one_stays_and_another_can_go(crew) -> None:
    client = cast.desk_client(crew.hana)
    client.post(REMOVE, {"which": "app"})
    assert Helper.objects.get(pk=crew.hana.pk).totp_sealed is not None
    device = add_passkey(client, Device())
    other = cast.desk_client(Helper.objects.get(pk=crew.hana.pk))
    for which in ("", "0", "x", "\x00", str(2**70)):
        client.post(REMOVE, {"which": which})
    assert second_factor.factors_of(Helper.objects.get(pk=crew.hana.pk)).several
    client.post(REMOVE, {"which": "app"})
    assert Helper.objects.get(pk=crew.hana.pk).totp_sealed is None
    assert other.get(HOME).headers["Location"] == "/desk/", "other sign-ins ended"
    assert client.get(HOME).status_code == 200
    client.post(REMOVE, {"which": str(HelperPasskey.objects.get().pk)})
    assert HelperPasskey.objects.exists()
    assert show(cast.desk_client(Helper.objects.get(pk=crew.hana.pk), second=False), device) == HOME


def test_nobody_removes_another_helpers_passkey(crew) -> None:
    add_passkey(cast.desk_client(crew.lena), Device())
    add_passkey(client := cast.desk_client(crew.hana), Device())
    client.post(REMOVE, {"which": str(HelperPasskey.objects.get(helper=crew.lena).pk)})
    assert HelperPasskey.objects.count() == 2


def test_no_more_passkeys_than_we_keep(crew, monkeypatch) -> None:
    monkeypatch.setattr(second_factor, "MOST_PASSKEYS", 1)
    client = cast.desk_client(crew.hana)
    asked = client.post(ASK_NEW).json()
    add_passkey(cast.desk_client(Helper.objects.get(pk=crew.hana.pk)), Device())
    Helper.objects.filter(pk=crew.hana.pk).update(session_round=0)
    client.post(FACTOR, {"passkey": Device().make(asked)})
    assert HelperPasskey.objects.count() == 1
    assert client.post(ASK_NEW).status_code == 403
    assert "You have as many passkeys as we keep" in client.get(FACTOR).text


@pytest.mark.parametrize(
    ("password", "again", "status"),
    [
        ("another quiet lantern", "another quiet lantern", 302),
        ("another quiet lantern", "another quiet lanter", 400),
        ("short", "short", 400),
        ("password1234", "password1234", 400),
        ("123456789012", "123456789012", 400),
        (cast.PASSWORD, cast.PASSWORD, 400),
        ("", "", 400),
    ],
)
def test_a_new_password_ends_every_other_sign_in(crew, password: str, again: str, status: int) -> None:
    client, other = cast.desk_client(crew.hana), cast.desk_client(crew.hana)
    answer = client.post(ACCOUNT, {"password": password, "again": again})
    assert answer.status_code == status
    assert (other.get(HOME).status_code == 200) is (status == 400)
    assert client.get(HOME).status_code == 200
    typed = {"name": cast.sign_in_name(crew.hana), "password": "another quiet lantern"}
    assert (Client().post("/desk/", typed).status_code == 302) is (status == 302)


def test_keys_are_changed_with_everything_else(crew, settings) -> None:
    old = settings.DATA_KEYS
    settings.DATA_KEYS = [Fernet.generate_key().decode(), *old]
    call_command("rotate_keys", verbosity=0)
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert Helper.objects.get(pk=crew.hana.pk).totp == {"seed": cast.SEED}
