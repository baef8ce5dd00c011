"""One sandbox for this room; each test finds it as it was at the start."""

from collections.abc import Iterator

import pytest

from google_sandbox import Sandbox, start
from tests.google_sandbox.caller import Caller


@pytest.fixture(scope="session")
def running_google() -> Iterator[Sandbox]:
    with start() as sandbox:
        yield sandbox


@pytest.fixture
def google(running_google: Sandbox) -> Sandbox:
    running_google.reset()
    return running_google


@pytest.fixture
def call(google: Sandbox) -> Iterator[Caller]:
    with Caller(google) as caller:
        yield caller
