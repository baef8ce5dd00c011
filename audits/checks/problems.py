"""What is wrong with any of the reviewed words: file, line and reason, a sentence each."""

from __future__ import annotations

from audits.checks import catalogue, helper_words, myths, sending


def problems() -> list[str]:
    return [*catalogue.problems(), *myths.problems(), *sending.problems(), *helper_words.problems()]
