"""Many people, made when somebody asks for them."""

import pytest

from google_sandbox.remote import ControlError
from tests.google_sandbox.caller import Caller


def test_each_has_an_account_of_their_own(call: Caller) -> None:
    first, second = (
        call.files(f"p{number:04d}@crowd.test", fields="nextPageToken,files(id,name)") for number in (0, 1)
    )
    assert [file["name"] for file in first] == [file["name"] for file in second]
    assert not {file["id"] for file in first} & {file["id"] for file in second}
    call.google.add_file("p0001@crowd.test", "Mine alone")
    assert len(call.files("p0000@crowd.test")) == len(first)
    assert len(call.files("p0001@crowd.test")) == len(first) + 1


def test_they_are_not_among_the_accounts_to_choose_from(call: Caller) -> None:
    call.google.token("p0007@crowd.test", ["openid"])
    assert not any("crowd" in account["email"] for account in call.google.state()["accounts"])


@pytest.mark.parametrize("email", ["p2000@crowd.test", "p1@crowd.test", "q0001@crowd.test", "p0001@crowd.test.test"])
def test_nobody_else_is_made(call: Caller, email: str) -> None:
    with pytest.raises(ControlError, match="Not found"):
        call.google.token(email, ["openid"])


def test_a_reset_forgets_what_they_did(call: Caller) -> None:
    call.google.add_file("p0001@crowd.test", "Mine alone")
    call.google.reset()
    again = Caller(call.google)
    assert "Mine alone" not in [file["name"] for file in again.files("p0001@crowd.test", fields="files(name)")]
