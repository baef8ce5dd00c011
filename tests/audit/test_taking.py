"""What is taken as data and brought back: answers with their old days, and never an old verdict."""

from __future__ import annotations

import json

import pytest

from audits.audit.taking import content, reading
from tests.audit import scenes

pytestmark = pytest.mark.django_db


def test_the_data_of_a_person_with_something_of_everything_reads_back() -> None:
    person, connection = scenes.person_with_connection()
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1")]})
    data = content.as_json(person)
    print(json.dumps(json.loads(data), indent=1)[:3000])
    reading.read(data)
