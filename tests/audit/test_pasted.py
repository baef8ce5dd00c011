"""Pasted and saved pages, friendly and hostile: lines that could be a name, or a plain no. Nothing is stored here."""

from __future__ import annotations

import quopri
from base64 import b64encode

import pytest

from audits.audit.pasted import (
    MOST_BYTES,
    MOST_CANDIDATES,
    NoText,
    candidates,
    could_be_name,
    text_of_file,
    text_of_paste,
)

PAGE = """<!doctype html><html><head><title>Apps</title><style>.PicPolish { color: red }</style>
<script>var names = "NotAName"; if (a < b) { document.write("<b>Nor this</b>") }</script></head>
<body><nav><a href="/x">Home</a></nav><ul>
<li><span>PicPolish</span><span>Has access to Google&nbsp;Drive</span></li>
<li><div>Quiz&amp;Town</div><div>12 March</div></li>
<li>Br<b>ok</b>en</li></ul>
<!-- a comment with OldName -->
<p>These are the apps and services that you gave access to your account.</p>
</body></html>"""
NAMES = ("Apps", "Home", "PicPolish", "Has access to Google Drive", "Quiz&Town", "12 March", "Broken")


def named(raw: bytes) -> tuple[str, ...]:
    return candidates(text_of_file(raw))


def mhtml(body: bytes, kind: str = "text/html; charset=utf-8", encoding: str = "quoted-printable") -> bytes:
    head = (
        'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--b--"\r\n\r\n'
    )
    part = f"\r\n----b--\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    picture = "\r\n----b--\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    return head.encode() + part.encode() + body + picture.encode() + b"\r\n----b----\r\n"


READ = [
    ("html", PAGE.encode(), NAMES),
    ("html-latin", PAGE.replace("PicPolish", "Café").encode("latin-1"), None),
    ("mhtml-quoted", mhtml(quopri.encodestring(PAGE.encode())), NAMES),
    ("mhtml-base64", mhtml(b64encode(PAGE.encode()), encoding="base64"), NAMES),
    ("mhtml-8bit", mhtml(PAGE.encode(), encoding="8bit"), NAMES),
    ("mhtml-text", mhtml(b"Old phone\r\nTablet", kind="text/plain"), ("Old phone", "Tablet")),
    ("text", b"Old phone\r\nTablet\n", ("Old phone", "Tablet")),
    ("text-utf-16", "Old phone\nTablet".encode("utf-16"), ("Old phone", "Tablet")),
    ("text-bom", "\ufeffOld phone".encode(), ("Old phone",)),
    ("cp1252", b'<html><meta charset="windows-1252"><p>Caf\xe9 phone</p>', ("Café phone",)),
    ("japanese", '<html><meta charset="shift_jis"><p>携帯電話</p>'.encode("shift_jis"), ("携帯電話",)),
    ("unknown-encoding", b'<html><meta charset="x-none"><p>Old phone</p>', ("Old phone",)),
    ("encoding-that-is-none", b'<html><meta charset="unicode_escape"><p>Old \\x41 phone</p>', ("Old \\x41 phone",)),
    ("encoding-that-packs", b'<html><meta charset="zlib"><p>Old phone</p>', ("Old phone",)),
    ("broken-utf-8", b"Old \xff phone of mine, a long enough line\nTablet", None),
    ("nul", b"Old\x00 phone with a rather long name\nTablet", ("Old phone with a rather long name", "Tablet")),
    ("turned", "\u202egpj.exe\nTablet".encode(), ("gpj.exe", "Tablet")),
    ("hidden", "\u200b\u2066\nTab\u00adlet".encode(), ("Tablet",)),
    ("columns", b"Pixel 8\tLondon\t3 May", ("Pixel 8", "London", "3 May")),
    ("bullets", "• Pixel 8\n- Tablet\n* 7 \n— Mac".encode(), ("Pixel 8", "Tablet", "Mac")),
    ("script-in-a-name", b"<script>alert(1)</script>\nTablet", ("<script>alert(1)</script>", "Tablet")),
    ("entities", b"<html><p>&lt;b&gt; &#x202e;x&#0;y &#55296;z</p>", None),
    ("cut", PAGE[: PAGE.index("Town")].encode(), None),
    ("no-end", b"<html><p>Old phone</p><a href='", ("Old phone",)),
    ("comment-without-end", b"<html><p>Old phone</p><!-- Tablet", ("Old phone",)),
    ("script-without-end", b"<html><p>Old phone</p><script>var Tablet", ("Old phone",)),
    ("empty", b"", ()),
    ("spaces", b" \r\n\t\x0b \xc2\xa0\n", ()),
    ("numbers", b"12\n+44 20 7946 0000\n--\n...\n1 / 2", ()),
    ("sentence", b"This page shows you all of your devices.\nDr. Pepper Ltd.", ("Dr. Pepper Ltd.",)),
    ("too-long", b"x" * 81 + b"\n" + b"y" * 80, ("y" * 80,)),
    ("twice", "Tablet\nTABLET\nTab\u200blet".encode(), ("Tablet",)),
]


@pytest.mark.parametrize(("raw", "names"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_the_text_is_read_and_the_markup_is_not(raw: bytes, names: tuple[str, ...] | None) -> None:
    found = named(raw)
    if names is not None:
        assert found == names
    assert all(could_be_name(name) for name in found)
    for hidden in ("NotAName", "Nor this", "OldName", "\x00", "\u202e", ".PicPolish"):
        assert not any(hidden in name for name in found)


JUNK = {
    "zip": b"PK\x03\x04\x14\x00\x08\x00\x08\x00" + bytes(range(256)) * 200,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 200,
    "bad-base64": mhtml(b"\xff*not base64*", encoding="base64"),
    "nothing": b"\x00" * 5000,
    "program": b"\x7fELF" + bytes(range(32)) * 100,
}


@pytest.mark.parametrize("raw", JUNK.values(), ids=JUNK.keys())
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(NoText):
        text_of_file(raw)


# Each of these is slow for a reader that goes back and forth; here a few passes are enough.
FILL = MOST_BYTES // 4
BOMBS = {
    "one-line": "x" * FILL,
    "lines": "ab\n" * (FILL // 3),
    "different-lines": "\n".join(str(n) for n in range(FILL // 8)),
    "brackets": "<html>" + "<" * FILL,
    "tags": "<div>" * (FILL // 5),
    "tags-without-end": "<html>" + "<a " * (FILL // 3),
    "attributes": "<html><a " + "b " * (FILL // 2),
    "quotes": '<html><a b="' + '"b="' * (FILL // 4),
    "comments": "<html>" + "<!--" * (FILL // 4),
    "declarations": "<html>" + "<!x [" * (FILL // 5),
    "sections": "<html>" + "<![CDATA[" * (FILL // 9),
    "instructions": "<html>" + "<?" * (FILL // 2),
    "scripts": "<html>" + "<script>" * (FILL // 8),
    "ends": "<html>" + "</" * (FILL // 2),
    "ampersands": "<html>" + "&#" * (FILL // 2),
    "drawings": "<html>" + "<svg>x" * (FILL // 6),
    "header": 'Content-Type: multipart/x; boundary="' + ";" * FILL + "\n\n",
    "headers": 'Content-Type: multipart/x; boundary="b"\n\n' + ('\n--b\nA: "' + ";" * 3000 + "\n\nx") * 500,
    "nested": "".join(f'Content-Type: multipart/x; boundary="{n}"\n\n--{n}\n' for n in range(20_000)),
    "meta": "<meta " * (FILL // 6),
    "turns": "\u202e" * (FILL // 3),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_page_made_to_be_slow_is_read_in_a_few_passes(text: str) -> None:
    assert len(candidates(text_of_file(text.encode()))) <= MOST_CANDIDATES


def test_more_names_than_a_page_shows_are_cut() -> None:
    lines = [f"Phone {n} of mine" for n in range(2_000)]
    assert candidates("\n".join(lines)) == tuple(lines[:MOST_CANDIDATES])


def test_a_file_longer_than_is_read_is_cut() -> None:
    assert "Tablet" not in named(b"x" * MOST_BYTES + b"\nTablet")


def test_pasted_text_is_left_as_it_is_unless_it_is_a_pages_source() -> None:
    assert text_of_paste("a <b and c\nTablet") == "a <b and c\nTablet"
    assert candidates(text_of_paste(PAGE)) == NAMES
