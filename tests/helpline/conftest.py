"""A helpline with Hana, who helps, Lena, who leads it, and Omar, who operates; and Alice, who may ring."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from audits.models import Helper, Helpline, Person
from tests.audit import scenes
from tests.helpline import cast


@dataclass
class Cast:
    line: Helpline
    hana: Helper
    lena: Helper
    omar: Helper


@pytest.fixture
def crew(db: None) -> Cast:
    line = cast.line()
    return Cast(line, cast.hana(line), cast.lena(line), cast.omar())


@pytest.fixture
def hana_client(crew: Cast) -> Client:
    return cast.desk_client(crew.hana)


@pytest.fixture
def caller(db: None) -> Person:
    return scenes.person_with_connection("alice@shelter.test", "shelter.test")[0]
