"""What to do when the machine lacks something: say it and go on, but never in continuous integration."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def give_up(sentence: str) -> NoReturn:
    """Skip the test with this sentence; under CI=true a missing part is a failure."""
    if in_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
