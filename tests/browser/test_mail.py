"""Maya opens the look called Mail: what she reads of her mailbox, and that signs stay signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.journey import Journey

pytestmark = [
    pytest.mark.browser,
    pytest.mark.work,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker", "sandbox"),
]


def test_maya_reads_what_her_mailbox_tells(page: Any, live: str, axe: Callable[[Any], None]) -> None:
    maya = Journey(page, live, "maya@gmail.test")
    maya.sign_in()
    maya.open_look("mail")
    maya.look_now()

    waiting = maya.under("Needs a look")
    for name in ("Mail sent on to other addresses", "Filters that hide Google’s mails", "Other addresses on your mail"):
        assert name in waiting
    maya.open_check("Mail sent on to other addresses")
    assert list(maya.items()) == ["j.marsh@mail.test", "old.work@mail.test"]
    axe(maya.page)
    maya.open_check("Filters that hide Google’s mails")
    assert "from:(accounts.google.com)" in list(maya.items())
    axe(maya.page)

    assert "Google’s mails about your account" in maya.under("Could not tell")
    maya.open_check("Google’s mails about your account")
    assert "2 of them lay in the bin" not in maya.text(), "one of the two is about a copy of data"
    assert "One of them lay in the bin or among spam." in maya.text()
    assert "Old Nokia" in list(maya.items())
    axe(maya.page)
    maya.open_check("Apps connected to your account")
    names = list(maya.items())
    assert "Google <b>Security</b>" in names
    assert not {"Everything App", "Call 0800 to keep your account"} & set(names), "forged, or sent on"
    assert "Whether it still is, we can not see." in maya.text()
