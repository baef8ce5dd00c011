"""A real browser: when we look again by ourselves is chosen, and turned off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.models import Schedule
from tests.audit import scenes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_only_what_belongs_to_the_choice_is_asked(
    live: str, page: Any, axe: Callable[[Any], None], sign_in: Callable[[Any, Any], None]
) -> None:
    person, _ = scenes.person_with_connection()
    sign_in(page, person)
    page.goto(f"{live}/again/")
    page.get_by_label("Every week").check()
    page.get_by_label("Day of the week").select_option("Sunday")
    assert not page.get_by_label("Day of the month").is_visible()
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("Every week, on Sunday").wait_for()
    axe(page)
    assert Schedule.objects.get().weekday == 6
    page.get_by_role("button", name="Pause it").click()
    page.get_by_text("Paused, as you chose").wait_for()
    page.get_by_label("Only when I ask").check()
    assert not page.get_by_label("Hour").is_visible()
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("Kept. We look only when you ask.").wait_for()
    assert not Schedule.objects.exists()
