"""How the reviewed words may be written. Each finding is one plain sentence for whoever edits the YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

LONGEST_SENTENCE = 32  # words

# Words that promise what nobody can know, frighten, blame or command.
FORBIDDEN = {
    "secure": r"\bsecured?\b|\bsecurely\b|\binsecure\b",
    "clean": r"\bclean(ed)?\b",
    "all clear": r"\ball[ -]clear\b",
    "protected": r"\bprotected\b",
    "guaranteed": r"\bguarantee(s|d)?\b",
    "100 %": r"\b100 ?%",
    "no one else has access": r"\bno ?one else (has|can)\b",
    "hacker": r"\bhack(er|ers|ed)?\b",
    "attacker": r"\battack(er|ers)?\b",
    "abuser": r"\babusers?\b",
    "victim": r"\bvictims?\b",
    "critical": r"\bcritical\b",
    "danger": r"\bdanger(ous)?\b",
    "urgent": r"\burgent(ly)?\b",
    "immediately": r"\bimmediately\b",
    "you must": r"\byou must\b|\byou have to\b",
    "you should": r"\byou should\b|\byou need to\b",
    "you failed": r"\byou failed\b|\byour mistake\b|(?<!not )\byour fault\b",
    "simply": r"\bsimply\b|\bjust (delete|block|click)\b",
}
_FORBIDDEN = {word: re.compile(pattern, re.IGNORECASE) for word, pattern in FORBIDDEN.items()}
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_PLACEHOLDERS = re.compile(r"\{[a-z_]+\}")


def text_problems(text: str) -> Iterator[str]:
    """What is wrong with a piece of text that people read."""
    for word, pattern in _FORBIDDEN.items():
        if pattern.search(text):
            yield f"uses the word {word!r}"
    if "!" in text:
        yield "has an exclamation mark"
    if "<" in text or ">" in text:
        yield "has markup in it"
    if _ADDRESS.search(text):
        yield "has a web address in it; addresses belong in link"
    if "'" in text or '"' in text:
        yield "has straight quotes; use ’ and “ ”"
    if "{" in _PLACEHOLDERS.sub("", text) or "}" in _PLACEHOLDERS.sub("", text):
        yield "has a brace that is no {placeholder}"
    for sentence in sentences(text):
        if len(sentence.split()) > LONGEST_SENTENCE:
            yield f"has a sentence of {len(sentence.split())} words, at most {LONGEST_SENTENCE}"


def title_problems(title: str) -> Iterator[str]:
    """A title states the good state; it does not order anything, and is no sentence."""
    if re.match(r"(ensure|make sure|check|turn|remove|stop|enable|disable)\b", title, re.IGNORECASE):
        yield "gives an order; state the good state instead"
    if title.endswith("."):
        yield "ends with a full stop"


def link_problems(link: str, hosts: frozenset[str]) -> Iterator[str]:
    """An address must be https, on one of these hosts, without user, port or surprises."""
    parts = urlsplit(link)
    if parts.scheme != "https":
        yield "is not https"
    if parts.netloc not in hosts:
        yield f"is on {parts.netloc or 'no host'}, which is not an allowed host of this place"
    if re.search(r"[\s<>\"'\\]", link):
        yield "has characters that do not belong in an address"


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?:;])\s+", text) if part]
