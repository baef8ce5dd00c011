"""A page that the Person pasted, or brought as a saved file: its text, and the lines in it that could be a name.

Nobody here has seen the markup of these pages, so the text is read and the markup is not. What comes in is hostile:
every step costs no more than a few passes over it. It is never kept, and what is missing in it means nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from html.parser import HTMLParser
from itertools import islice

from audits.audit.naming import tidied
from audits.checks.names import tidy

MOST_BYTES = 2 * 1024 * 1024
MOST_CANDIDATES = 300
SHORTEST, LONGEST = 2, 80  # letters of what could be a name

_SAMPLE = 64 * 1024
_LINES = 50_000
_HEADERS = 4 * 1024  # longer ones are not read: some are slow to take apart
_PARTS = 100
_ODD = 0.05  # more of what is no text than this, and it is none

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|span|table|ul|ol|li|p|a|h[1-6])[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_CUT_TAG = re.compile(r"\A<[^\n]*")
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,30})", re.IGNORECASE)
_BREAK = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029•]| {3,}")
_BULLET = re.compile(r"^[\s\-*·–—▪◦‣]+(?=\S)")
_SENTENCE_END = (".", "?", "!", "…", "。", "؟")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1b\ufffd]")

# Encodings that pages are saved in. Python knows others, and not all of them are quick or only about text.
_ENCODINGS = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "shift_jis", "euc_jp", "euc_kr", "gbk", "gb2312", "gb18030"}
    | {"big5", "koi8-r", "koi8-u", "tis-620", "cp874", "iso2022_jp", "mac-roman"}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {f"cp{number}" for number in range(1250, 1259)}
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class NoText(Exception):
    """What was brought is no text: a picture, a packed file, a program."""


def candidates(text: str) -> tuple[str, ...]:
    """Lines that could be a name, each once, in the order of the page; at most MOST_CANDIDATES."""
    lines = islice(dict.fromkeys(_BREAK.split(text)), _LINES)
    return tidied((line for line in map(_line, lines) if could_be_name(line)), MOST_CANDIDATES)


def could_be_name(line: str) -> bool:
    """True unless it is too short, too long, holds no letter, or is surely a sentence."""
    if not SHORTEST <= len(line) <= LONGEST or not any(one.isalpha() for one in line):
        return False
    return not (line.endswith(_SENTENCE_END) and len(line.split()) > 6)


def _line(raw: str) -> str:
    return tidy(_BULLET.sub("", raw), LONGEST + 1) if len(raw) <= 8 * LONGEST else ""


# --------------------------------------------------------------------------- from bytes or pasted text to text


def text_of_file(raw: bytes) -> str:
    """The text of a saved page: HTML, MHTML or plain. Raises NoText."""
    raw = raw[:MOST_BYTES]
    parts = list(_parts_of_mhtml(raw))
    if parts:
        return "\n".join(parts)
    return text_of_paste(decoded(raw))


def text_of_paste(text: str) -> str:
    """Pasted text as it is; without its markup, when somebody pasted a page's source."""
    return without_markup(text) if _MARKUP.search(text[:_SAMPLE]) else text


def decoded(raw: bytes, declared: str = "") -> str:
    """Text in the encoding that is named, else in UTF-8; what does not fit becomes a sign for it. Raises NoText."""
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    meta = _META_CHARSET.search(raw[:_HEADERS])
    encoding = encoding or _known(declared) or _known(meta[1].decode("ascii") if meta else "") or "utf-8"
    text = raw.decode(encoding, "replace")
    sample = text[:_SAMPLE]
    if len(_NOT_TEXT.findall(sample)) > _ODD * len(sample):
        raise NoText
    return text


def _known(encoding: str) -> str:
    """Python's name of an encoding that we read, else ""."""
    try:
        name = codecs.lookup(encoding).name if encoding else ""
    except (LookupError, ValueError):
        return ""
    return name if name in _ENCODINGS else ""


def _parts_of_mhtml(raw: bytes) -> Iterator[str]:
    """The texts of a page that a browser saved as one file. Nothing when it is no such file.

    Taken apart here, one level deep: only the headers are given to `email`, which may nest without end.
    """
    whole = _message(raw)
    boundary = whole.get_boundary() if whole is not None and whole.get_content_maintype() == "multipart" else None
    if not boundary:
        return
    for part in raw.split(b"\n--" + boundary.encode("ascii", "ignore"), _PARTS)[1:]:
        message = _message(part.lstrip(b"\r\n"))
        if message is not None and message.get_content_type() in ("text/html", "text/plain"):
            payload = message.get_payload(decode=True)
            text = decoded(payload if isinstance(payload, bytes) else b"", message.get_content_charset() or "")
            yield without_markup(text) if message.get_content_subtype() == "html" else text


def _message(raw: bytes) -> Message | None:
    """Headers, with all that follows them as one payload; None without a short block of headers."""
    ends = [at for at in (raw.find(b"\r\n\r\n", 0, _HEADERS), raw.find(b"\n\n", 0, _HEADERS)) if at > 0]
    if not ends or b":" not in raw[: min(ends)].split(b"\n", 1)[0]:
        return None
    found = message_from_bytes(raw[: min(ends)] + b"\n\n")
    found.set_payload(raw[min(ends) :].lstrip(b"\r\n").decode("latin-1"))
    return found


# --------------------------------------------------------------------------- without markup


def without_markup(text: str) -> str:
    """What stands between the tags, each on a line of its own. Scripts and styles are no text."""
    reader = _Reader()
    reader.feed(text)
    # Fed once and not closed: on broken markup all else is slow. What is left is a tag or comment without an end.
    left = reader.rawdata if not reader.rawdata.startswith("<!--") and not reader.skipping else ""
    return "".join(reader.found) + "\n" + _CUT_TAG.sub("", _TAG.sub("\n", left))


class _Reader(HTMLParser):
    WITHIN_A_LINE = frozenset({"b", "i", "em", "strong", "u", "s", "wbr", "bdi", "bdo", "mark", "small", "sub", "sup"})
    NO_TEXT = frozenset({"script", "style", "template", "svg"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self.NO_TEXT:
            self.skipping += 1
        self._break(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.NO_TEXT and self.skipping:
            self.skipping -= 1
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            # Within markup a line break is a space.
            self.found.append(data.replace("\n", " ").replace("\r", " "))

    def _break(self, tag: str) -> None:
        if tag not in self.WITHIN_A_LINE:
            self.found.append("\n")
