"""What can stand in the way of a session. Each is told in plain words by the page that meets it."""

from __future__ import annotations

from datetime import datetime


class HelpRefused(Exception):
    """What was asked for is not done. Nothing has changed."""


class NotACode(HelpRefused):
    """What was typed has not eight digits: it was no try at all."""


class NoSuchCode(HelpRefused):
    """No such code waits for this helpline: mistyped, used, ended, or another helpline's."""


class CodesLocked(HelpRefused):
    """This Helper typed too many wrong codes. `until` None: until a lead unlocks them."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__("too many wrong codes")
        self.until = until


class NotNow(HelpRefused):
    """The session, the Helper or the Person is not where this can be done: ended, busy, paused, closed."""


class NotForYoung(HelpRefused):
    """The Person said that they are under 18: this stays closed for everybody."""
