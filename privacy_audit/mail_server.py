"""The mail server that reminders are given to, as the operator set it. None set: e-mail is not offered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from privacy_audit.environment import ConfigurationError, read
from privacy_audit.modes import LOOPBACK

PORTS = {"starttls": 587, "tls": 465, "none": 25}
# A reminder lies in a mailbox that others may look into: its sender gives nothing away.
TELLING = re.compile(r"priva|audit|secur|google|gmail|account|safe|alert|abuse|shelter|watch|spy|track", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """`tls`: starttls, tls (from the first byte) or none. `sender`: the bare address that reminders come from."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    sender: str


def from_environment(mode: str) -> MailServer | None:
    """Raises ConfigurationError when it does not fit together."""
    host, sender = read("EMAIL_HOST"), read("EMAIL_FROM")
    if not host and not sender:
        return None
    if not (host and sender):
        raise ConfigurationError("EMAIL_HOST and EMAIL_FROM belong together: set both, or neither.")
    tls = read("EMAIL_TLS") or "starttls"
    if tls not in PORTS:
        raise ConfigurationError(f"EMAIL_TLS must be one of {', '.join(PORTS)}.")
    if tls == "none" and mode == "production" and host not in LOOPBACK:
        raise ConfigurationError("EMAIL_TLS may be none only for a mail server on this machine.")
    user, password = read("EMAIL_USER"), read("EMAIL_PASSWORD")
    if bool(user) != bool(password):
        raise ConfigurationError("EMAIL_USER and EMAIL_PASSWORD belong together: set both, or neither.")
    return MailServer(host=host, port=_port(tls), user=user, password=password, tls=tls, sender=_neutral(sender))


def _port(tls: str) -> int:
    given = read("EMAIL_PORT")
    if not given:
        return PORTS[tls]
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65_536):
        raise ConfigurationError("EMAIL_PORT must be a port number.")
    return int(given)


def _neutral(sender: str) -> str:
    try:
        validate_email(sender)
    except ValidationError:
        raise ConfigurationError("EMAIL_FROM must be one plain e-mail address, without a name.") from None
    if not sender.isascii() or '"' in sender:
        raise ConfigurationError("EMAIL_FROM must be one plain e-mail address, without a name.")
    if found := TELLING.search(sender):
        raise ConfigurationError(
            f"EMAIL_FROM must give nothing away, and it contains “{found[0]}”: choose an address such as "
            "notes@example.org."
        )
    return sender
