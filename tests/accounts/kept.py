"""All that the database holds, as text: to be searched for what must not be there."""

from __future__ import annotations

from django.apps import apps
from django.contrib.sessions.models import Session


def everything_kept() -> str:
    rows = [
        repr([_plain(value) for value in row]) for model in apps.get_models() for row in model.objects.values_list()
    ]
    sessions = [repr(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join([*rows, *sessions])


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
