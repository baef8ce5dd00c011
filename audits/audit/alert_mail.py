"""The message of a reminder, which says nothing, and handing it to the mail server.

smtplib itself and not Django's backend: only so it is known how far the talk came when it breaks off, and with that
whether the message may be on its way.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from enum import Enum
from ssl import create_default_context

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from privacy_audit.mail_server import MailServer

PATIENCE = 10.0  # seconds, for each answer of the mail server


class Outcome(Enum):
    TAKEN = "taken"
    REFUSED = "refused"  # this address, or the message to it, for good
    LATER = "later"  # surely not taken, and it may be tried again
    OUT_OF_REACH = "out of reach"  # the same, for every address: the server does not let us begin
    UNSURE = "unsure"  # it broke off after the text was handed over: it may be on its way, and is never sent again


@dataclass(frozen=True)
class Text:
    sender: str
    subject: str
    body: str


def text_in(language: str) -> Text:
    """Exactly what is sent. `language` may be ""."""
    with translation.override(language or settings.LANGUAGE_CODE):
        parts = (render_to_string(f"alerts/{part}.txt").strip() for part in ("sender", "subject", "body"))
        return Text(*parts)


def message(text: Text, sender: str, to: str) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(text.sender, addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = text.subject
    mail["Date"] = timezone.now()
    mail["Message-ID"] = make_msgid(domain=_domain(sender))  # its own would name this machine
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{text.body}\n", cte="quoted-printable")
    return mail


def post(server: MailServer, text: Text, to: str) -> Outcome:
    """Hand it over. Never raises for what the server does; what ends this process ends it here too."""
    content = bytes(message(text, server.sender, to))
    try:
        with _talking(server) as smtp:
            return _handed_over(smtp, server.sender, to, content)
    except OSError:  # smtplib's own errors are of that kind
        return Outcome.OUT_OF_REACH


@contextmanager
def _talking(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Encrypted as was set, or not at all. Raises OSError."""
    smtp = _connected(server)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        else:
            smtp.ehlo_or_helo_if_needed()
        yield smtp
        with suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    """The name of this machine is not given away in a header line: the sender's domain stands there."""
    name, where = _domain(server.sender), (server.host, server.port)
    if server.tls == "tls":
        return smtplib.SMTP_SSL(*where, local_hostname=name, timeout=PATIENCE, context=create_default_context())
    return smtplib.SMTP(*where, local_hostname=name, timeout=PATIENCE)


def _handed_over(smtp: smtplib.SMTP, sender: str, to: str, content: bytes) -> Outcome:
    try:
        if smtp.mail(sender)[0] != 250:
            return Outcome.OUT_OF_REACH  # it is our own address that it does not take
        code = smtp.rcpt(to)[0]
        if code not in (250, 251):
            return _not_taken(code)
        code = smtp.docmd("DATA")[0]
        if code != 354:
            return _not_taken(code)
    except OSError:
        return Outcome.LATER
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        code = smtp.getreply()[0]
    except OSError:
        return Outcome.UNSURE
    return Outcome.TAKEN if 200 <= code < 300 else _not_taken(code, otherwise=Outcome.UNSURE)


def _not_taken(code: int, otherwise: Outcome = Outcome.LATER) -> Outcome:
    if 500 <= code < 600:
        return Outcome.REFUSED
    return Outcome.LATER if 400 <= code < 500 else otherwise


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
