"""How hard a text is to read: the Flesch-Kincaid grade, with syllables counted by groups of vowels."""

from __future__ import annotations

import re


def grade(text: str) -> float:
    """About the year of school in which a text is easy (6 to 7: age 12)."""
    sentences = [part for part in re.split(r"[.?:;]+(?:\s|$)", text) if part.strip()]
    words = re.findall(r"[A-Za-z’]+", text)
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)
