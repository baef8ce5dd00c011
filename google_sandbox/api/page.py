"""One page of a list, and the token that leads to the next."""

from collections.abc import Sequence
from typing import Any

from google_sandbox.errors import invalid_value

from .base import Call

TOKEN_LIVES = 4 * 3600


def page_of(call: Call, rows: Sequence[Any], size: int, token: str | None, about: str) -> tuple[list[Any], str | None]:
    """The rows of this page and the next token, None on the last. `about`: what the list was asked for."""
    bound = f"{call.method.id}\n{call.persona.account.email}\n{about}"
    start = call.world.pages.offset(token, query=bound, now=call.now) if token else 0
    if start is None:
        raise invalid_value("pageToken")
    end = start + size
    if end >= len(rows):
        return list(rows[start:end]), None
    return list(rows[start:end]), call.world.pages.token(offset=end, query=bound, expires=call.now + TOKEN_LIVES)
