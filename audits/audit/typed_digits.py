"""Digits that somebody typed from paper, from a screen or from the phone."""

from __future__ import annotations

import re
import unicodedata


def digits_of(typed: str, count: int, longest: int) -> str:
    """In groups, with dashes, in the digits of another script: the bare digits.

    "" when there are not just so many, or more than `longest` letters were typed.
    """
    if len(typed) > longest:
        return ""
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", typed))
    if len(bare) != count or not bare.isdecimal():
        return ""
    return "".join(str(unicodedata.decimal(digit)) for digit in bare)
