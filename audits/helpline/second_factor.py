"""What a Helper shows after the password: a number of an authenticator app, or a passkey. There is always one left."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from audits.models import Helper, HelperPasskey
from privacy_audit.security.limits import Limit, key_for, over

MOST_PASSKEYS = 5
# Three of a million numbers are right at a time: in a day nobody comes near one, and mistyping stops no one for long.
TRIES = {"soon": Limit(10, 600), "a day": Limit(60, 86_400)}


class LastOne(Exception):
    """Without this one nothing would stand behind the password."""


@dataclass(frozen=True)
class Factors:
    app: bool
    passkeys: tuple[HelperPasskey, ...]

    def __bool__(self) -> bool:
        return self.app or bool(self.passkeys)

    @property
    def several(self) -> bool:
        return self.app + len(self.passkeys) > 1

    @property
    def full(self) -> bool:
        return len(self.passkeys) >= MOST_PASSKEYS


def factors_of(helper: Helper) -> Factors:
    """One query."""
    return Factors(helper.totp_sealed is not None, tuple(helper.passkeys.all()[:MOST_PASSKEYS]))


def slowed(helper: Helper) -> int:
    """Count one number more. Seconds to wait, or 0. After a new invitation the count begins anew."""
    who = f"helper {helper.pk} {helper.session_round}"
    return max(over(key_for(f"helper number {name}", who), limit) for name, limit in TRIES.items())


def remove(helper: Helper, which: str) -> bool:
    """`which`: "app", or the number of a passkey. Whether it was there. Raises LastOne."""
    with transaction.atomic():
        row = Helper.objects.select_for_update().get(pk=helper.pk)
        factors = factors_of(row)
        passkey = next((one for one in factors.passkeys if str(one.pk) == which), None)
        if passkey is None and not (which == "app" and factors.app):
            return False
        if not factors.several:
            raise LastOne
        if passkey is not None:
            passkey.delete()
        else:
            row.totp_sealed = None
            row.save(update_fields=["totp_sealed"])
    return True
