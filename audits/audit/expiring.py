"""A record that was begun with a code and holds nothing ends some time after it was last opened."""

from __future__ import annotations

import logging
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audits.audit.helping.sessions import erase
from audits.models import (
    AlertChoice,
    AnswerToCheck,
    AnswerToItem,
    Connection,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    ReturnCode,
    Schedule,
    SessionNote,
    ToldItem,
)

logger = logging.getLogger(__name__)

MANY = 100  # at a time: nobody waits for a large deletion
HOLDS = (
    AlertChoice,
    AnswerToCheck,
    AnswerToItem,
    Connection,
    NamedDevice,
    NamedPerson,
    Record,
    Schedule,
    SessionNote,
    ToldItem,
)
OTHER_WAYS_IN = (Authenticator, SocialAccount)


def end_empty(most: int = MANY) -> int:
    """Delete up to `most` records that hold nothing and were not opened for EMPTY_RECORD_DAYS. Returns how many."""
    with transaction.atomic():
        people = list(empty().select_for_update(of=("self",)).order_by("pk")[:most])
        for person in people:
            erase(person)
        Person.objects.filter(pk__in=[person.pk for person in people]).delete()
    if people:
        logger.info("%s empty records ended", len(people))
    return len(people)


def empty() -> QuerySet[Person]:
    """Opening a record counts as its use; a sign-in ends after hours, so the day it began is near enough.

    What stays of a session with a helpline holds something; that there was one, and a call-back word, do not.
    """
    before = timezone.now() - timedelta(days=settings.EMPTY_RECORD_DAYS)
    found = Person.objects.annotate(opened_at=Coalesce("last_login", "created_at"))
    found = found.filter(Exists(ReturnCode.objects.filter(person=OuterRef("pk"))), opened_at__lt=before)
    for model in HOLDS:
        found = found.filter(~Exists(model.objects.filter(person=OuterRef("pk"))))
    for model in OTHER_WAYS_IN:
        found = found.filter(~Exists(model.objects.filter(user=OuterRef("pk"))))
    return found
