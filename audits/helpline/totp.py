"""Numbers of an authenticator app (RFC 6238). The seed is sealed; each number opens once."""

from __future__ import annotations

import base64
import re
import time

import pyotp
import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from audits.audit.typed_digits import digits_of
from audits.models import Helper
from audits.models.sealing import SealBroken, seal, unseal

NAME = "Notes"  # what the app shows in its own list
LONGEST_TYPED = 40
STEP_SECONDS = 30
DIGITS = 6
_WAITING = "totp"


def seed_to_set(request: HttpRequest, helper: Helper) -> str:
    """The seed that waits until a number of it was typed: the same one however often the page is loaded."""
    seed = _waiting_seed(request, helper)
    if not seed:
        seed = pyotp.random_base32()
        sealed = seal({"seed": seed}, helper.seal_owner)
        request.session[_WAITING] = base64.b64encode(sealed).decode()
    return seed


def set_up(request: HttpRequest, helper: Helper, typed: str) -> bool:
    """Whether the number is of the seed that waits. It takes the place of the seed before."""
    seed = _waiting_seed(request, helper)
    step = _step_of(seed, typed) if seed else None
    if step is None:
        return False
    helper.totp, helper.totp_counter = {"seed": seed}, step
    helper.save(update_fields=["totp_sealed", "totp_counter"])
    del request.session[_WAITING]
    return True


def is_right(helper: Helper, typed: str) -> bool:
    """Once for each number, from however many windows it comes at the same time."""
    step = _step_of(helper.totp["seed"], typed) if helper.totp_sealed is not None else None
    if step is None:
        return False
    unused = Helper.objects.filter(pk=helper.pk, totp_sealed__isnull=False, totp_counter__lt=step)
    return unused.update(totp_counter=step) == 1


def picture(seed: str) -> SafeString:
    """The QR code as SVG that needs no style of its own: dark on white in every colour scheme, as cameras want it."""
    address = pyotp.TOTP(seed).provisioning_uri(name=NAME, issuer_name=NAME)
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return mark_safe(svg)  # noqa: S308  drawn by us from a seed of ours


def groups(seed: str) -> list[str]:
    """To be typed by hand."""
    return re.findall(".{1,4}", seed)


def _step_of(seed: str, typed: str) -> int | None:
    """Which half minute the number belongs to: this one, or the one before or after, for clocks differ."""
    digits = digits_of(typed, DIGITS, LONGEST_TYPED)
    if not digits:
        return None
    app, now = pyotp.TOTP(seed, digits=DIGITS, interval=STEP_SECONDS), int(time.time()) // STEP_SECONDS
    return next(
        (step for step in (now, now - 1, now + 1) if pyotp.utils.strings_equal(app.generate_otp(step), digits)), None
    )


def _waiting_seed(request: HttpRequest, helper: Helper) -> str:
    sealed = request.session.get(_WAITING)
    if not isinstance(sealed, str):
        return ""
    try:
        return str(unseal(base64.b64decode(sealed), helper.seal_owner)["seed"])
    except SealBroken:
        return ""
