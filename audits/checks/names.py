"""Names that a Person wrote, or that stood on a page: made fit to be shown, and compared.

They are hostile: https://www.unicode.org/reports/tr36/ shows what a name can pretend.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MOST_LETTERS = 200

# What turns the direction of writing, or is there and cannot be seen. The two joiners stay: words need them.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-"
    "\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d]")


def tidy(name: str, most: int = MOST_LETTERS) -> str:
    """One line of at most `most` characters, without what cannot be seen; "" when nothing is left to read."""
    shown = _UNSEEN.sub("", name[: 8 * most])
    shown = "".join(one if unicodedata.category(one) not in ("Cc", "Cs") else " " for one in shown)
    found = " ".join(unicodedata.normalize("NFC", shown).split())[:most].strip()
    return found if alike(found) else ""


@lru_cache(maxsize=4096)
def alike(name: str) -> str:
    """The same for two ways to write one name. Never shown."""
    folded = unicodedata.normalize("NFKC", _JOINERS.sub("", _UNSEEN.sub("", name))).casefold()
    return " ".join(folded.split())
