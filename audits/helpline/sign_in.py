"""How a Helper signs in: a name they made up and a password. Of the name only a keyed hash is kept."""

from __future__ import annotations

import unicodedata

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest

from audits.audit.helping import sessions
from audits.helpline import door
from audits.models import HelpEnd, Helper, HelperRole, LoggedBy
from audits.models.sealing import lookup_key
from privacy_audit.security.limits import Limit, key_for, network_key, over

LONGEST_NAME = 100
LEAST_NAME = 3
LONGEST_PASSWORD = 500
# Tries with one name, whether anybody has it or not. A stranger's tries slow a Helper down, and never for long.
FROM_ONE_PLACE = Limit(10, 600)
FROM_ANYWHERE = Limit(60, 600)
# The page on which a day begins.
HOME = {HelperRole.HELPER: "desk-home", HelperRole.LEAD: "desk-people", HelperRole.OPERATOR: "desk-lines"}


def home_of(helper: Helper) -> str:
    return HOME[HelperRole(helper.role)]


class NameTaken(Exception):
    """Somebody signs in by this name already."""


def name_key(name: str) -> str:
    """Large and small letters are the same name, and so are spaces around it."""
    return lookup_key("helper sign-in name", unicodedata.normalize("NFKC", name).strip().casefold())


def slowed(request: HttpRequest, name: str) -> int:
    """Count one try more with this name. Seconds to wait, or 0."""
    key = name_key(name)
    here = over(key_for("helper name here", f"{key} {network_key(request)}"), FROM_ONE_PLACE)
    return max(here, over(key_for("helper name", key), FROM_ANYWHERE))


def helper_with(name: str, password: str) -> Helper | None:
    """Who signs in like this. One password is hashed in any case, so that time tells nothing of a name."""
    helper = Helper.objects.select_related("helpline").filter(sign_in_key=name_key(name)).first()
    if helper is None:
        make_password(password)
        return None
    return helper if check_password(password, helper.password) and has_access(helper) else None


def has_access(helper: Helper) -> bool:
    return helper.ended_at is None and (helper.helpline is None or helper.helpline.closed_at is None)


def keep_name(helper: Helper, name: str, password: str) -> None:
    """Raises NameTaken."""
    helper.sign_in_key, helper.password = name_key(name), make_password(password)
    try:
        with transaction.atomic():
            helper.save(update_fields=["sign_in_key", "password"])
    except IntegrityError:
        raise NameTaken from None


def change_password(request: HttpRequest, helper: Helper, password: str) -> None:
    """Wherever else this Helper was signed in, they are no longer."""
    Helper.objects.filter(pk=helper.pk).update(password=make_password(password))
    end_other_sign_ins(request, helper)


def end_other_sign_ins(request: HttpRequest, helper: Helper) -> None:
    Helper.objects.filter(pk=helper.pk).update(session_round=F("session_round") + 1)
    helper.refresh_from_db(fields=["session_round"])
    door.keep_up(request, helper)


def leave(request: HttpRequest) -> None:
    """The sign-in ends, and with it what this Helper looks along at."""
    helper = door.signed_in(request)
    session = sessions.session_for(helper) if helper is not None else None
    if session is not None:
        sessions.end(session, HelpEnd.HELPER, LoggedBy.HELPER)
    door.sign_out(request)
