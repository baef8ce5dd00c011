from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.accounts.dance import Dancer
from audits.models import Connection


@pytest.fixture
def dancer(db: None, sandbox: Any) -> Callable[[str], Dancer]:
    """dancer("maya@gmail.test"): that person's browser, not signed in yet."""
    return Dancer


@pytest.fixture
def maya(dancer: Callable[[str], Dancer]) -> Dancer:
    """Maya, signed in, with no look open."""
    found = dancer("maya@gmail.test")
    assert found.sign_in().status_code == 302
    return found


@pytest.fixture
def connection(maya: Dancer) -> Connection:
    return Connection.objects.get()
