"""Changes to a mailbox while the sandbox runs. What comes and goes also stands in its history."""

from collections.abc import Callable, Mapping
from typing import Any

from .store import Mailbox

Words = Mapping[str, Any]


def edit(mailbox: Mailbox | None, do: str, words: Words) -> str | None:
    """The id of what was touched. LookupError for an unknown mail or filter, and for an account without a mailbox."""
    if mailbox is None:
        raise LookupError("no mailbox")
    return EDITS[do](mailbox, words)


EDITS: dict[str, Callable[[Mailbox, Words], str | None]] = {
    "add_mail": lambda mailbox, words: mailbox.add_mail(words),
    "remove_mail": lambda mailbox, words: mailbox.remove_mail(words["mail"]),
    "forget_history": lambda mailbox, words: mailbox.forget_history(),
    "add_filter": lambda mailbox, words: mailbox.add_filter(words),
    "remove_filter": lambda mailbox, words: mailbox.remove_filter(words["filter"]),
    "change_mailbox": lambda mailbox, words: mailbox.change(words),
}
