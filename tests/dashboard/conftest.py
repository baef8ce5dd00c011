"""Alice with an audit behind her, and Bob, who must not see it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from audits.models import Audit, Connection, Finding, Person
from tests.audit import scenes


@dataclass
class Scene:
    person: Person
    connection: Connection
    audit: Audit
    client: Client

    def finding(self, check: str = "drive_wide_apps") -> Finding:
        return Finding.objects.get(person=self.person, check_id=check, current=True)


@pytest.fixture
def alice(db: None) -> Scene:
    """Two drive-wide apps were seen; nothing else was asked."""
    person, connection = scenes.person_with_connection()
    said = {"drive_apps": [scenes.app("1", "PicPolish"), scenes.app("2", "QuizTown")]}
    audit = scenes.audit_with(person, connection, said)
    return Scene(person, connection, audit, signed_in(person))


@pytest.fixture
def bob(db: None) -> Client:
    return signed_in(scenes.person_with_connection("bob@gmail.test")[0])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
