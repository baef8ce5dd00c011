"""Fixtures of the audit room."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def quiet_heartbeat(settings: Any) -> None:
    """For audits inside a test's own transaction: the heartbeat, in a thread of its own, could not see their row."""
    settings.AUDIT_HEARTBEAT_SECONDS = 3600
