"""A real mail server on loopback, whose answers can be scripted: what it says to each step, or that it goes silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from privacy_audit.mail_server import MailServer

DROP, SILENT = "drop", "silent"


@dataclass
class Post:
    """`answers`: by step (EHLO, MAIL, RCPT, DATA, END), a line of SMTP, DROP or SILENT. END is after the text.

    `before_end` is called in the server when the text is there and nothing was answered yet.
    """

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    talks: int = 0
    before_end: Callable[[], None] | None = None
    port: int = 0

    @property
    def server(self) -> MailServer:
        return MailServer(host="127.0.0.1", port=self.port, tls="none", sender="notes@example.org")

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for _, _, raw in self.taken]  # type: ignore[misc]

    async def said(self, smtp: SMTP, step: str) -> str | None:
        answer = self.answers.get(step)
        if answer == SILENT:
            await asyncio.sleep(3600)
        if answer == DROP and smtp.transport is not None:
            smtp.transport.abort()
        return answer

    async def handle_EHLO(
        self, smtp: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        self.talks += 1
        self.greeted.append(name)
        answer = await self.said(smtp, "EHLO")
        session.host_name = name
        return [answer] if answer else answers

    async def handle_HELO(self, smtp: SMTP, session: Session, envelope: Envelope, name: str) -> str:
        """Tried where EHLO is refused."""
        session.host_name = name
        return await self.said(smtp, "EHLO") or "250 OK"

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.said(smtp, "MAIL")
        envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.said(smtp, "RCPT")
        envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        if self.before_end is not None:
            self.before_end()
        answer = await self.said(smtp, "END")
        if answer and not answer.startswith("2"):
            return answer
        self.taken.append((envelope.mail_from or "", envelope.rcpt_tos[0], envelope.original_content or b""))
        return answer or "250 OK"


class _Server(SMTP):
    """Answers the word DATA as scripted, before any text."""

    async def smtp_DATA(self, arg: str) -> None:
        answer = await self.event_handler.said(self, "DATA")
        if answer:
            await self.push(answer)
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        """It asks itself whether it is there, at the port that it was told: 0 is none."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(**answers: str) -> Iterator[Post]:
    post = Post(answers=dict(answers))
    controller: Any = _Controller(post, hostname="127.0.0.1", port=0)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop(no_assert=True)
