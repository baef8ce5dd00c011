"""The cast of a helpline: Hana helps, Lena leads, Omar operates. Each has a sign-in, a password and a second factor."""

from __future__ import annotations

import time
from importlib import import_module

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone

from audits.audit.helping import codes, sessions
from audits.models import HelpEnd, Helper, HelperRole, Helpline, HelpSession, HelpState, Person
from audits.models.sealing import lookup_key
from privacy_audit.security.spaces import DESK_COOKIE

PASSWORD = "seven quiet lanterns"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def line(name: str = "Riverside Helpline") -> Helpline:
    return Helpline.objects.create(name=name, made_at=timezone.now())


def hana(of: Helpline, name: str = "Hana") -> Helper:
    return _helper(of, name, HelperRole.HELPER)


def lena(of: Helpline, name: str = "Lena") -> Helper:
    return _helper(of, name, HelperRole.LEAD)


def omar(name: str = "Omar") -> Helper:
    return _helper(None, name, HelperRole.OPERATOR)


def _helper(of: Helpline | None, name: str, role: HelperRole) -> Helper:
    """Signs in as e.g. "hana@Riverside Helpline" (an operator: "omar@") with PASSWORD and number()."""
    now = timezone.now()
    helper = Helper(helpline=of, role=role, name=name, invited_at=now, joined_at=now)
    helper.sign_in_key = lookup_key("helper sign-in name", sign_in_name(helper).casefold())
    helper.password = make_password(PASSWORD)
    helper.totp = {"seed": SEED}
    helper.save()
    return helper


def sign_in_name(helper: Helper) -> str:
    return f"{helper.name}@{helper.helpline.name if helper.helpline else ''}"


def number(ahead: int = 0) -> str:
    """What an authenticator app shows, now or so many half minutes ahead."""
    return pyotp.TOTP(SEED).at(int(time.time()) + 30 * ahead)


def desk_client(helper: Helper, *, second: bool = True) -> Client:
    """A browser in which this Helper is signed in."""
    now = int(time.time())
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    kept = {"helper": helper.pk, "round": helper.session_round, "second": second, "since": now, "seen": now}
    store["desk"] = {**kept, "second_at": now} if second else kept
    store.create()
    client = Client()
    client.cookies[DESK_COOKIE] = store.session_key
    return client


def store_of(client: Client) -> SessionBase:
    """What the desk keeps of this browser's sign-in."""
    found: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(client.cookies[DESK_COOKIE].value)
    return found


def session_of(person: Person, helper: Helper, state: HelpState = HelpState.OPEN) -> HelpSession:
    """A session of these two, come about as it does: by the code, and the Person's yes."""
    assert helper.helpline is not None
    code = codes.make(person, helper.helpline)
    session = codes.redeem(helper, code.digits)
    if state != HelpState.ASKED:
        sessions.let_in(session)
    if state == HelpState.PAUSED:
        sessions.pause(session)
    if state == HelpState.ENDED:
        sessions.end(session, HelpEnd.CALLER)
    person.refresh_from_db()
    session.refresh_from_db()
    return session
