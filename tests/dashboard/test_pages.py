"""What holds for every state of every page."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from audits.dashboard import specimens
from tests.dashboard import samples
from tests.dashboard.pages import CHECK, OVERVIEW, PAGES
from tests.dashboard.rendering import rendered

MOST_BYTES = 100_000
MOST_ELEMENTS = 1500

each_page = pytest.mark.parametrize("name", sorted(PAGES))


@each_page
def test_nothing_in_it_needs_a_wider_content_policy(name: str) -> None:
    text = rendered(PAGES[name])
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", text))
    assert not re.search(r'(src|srcset)="(https?:)?//', text)


@each_page
def test_its_title_says_nothing(name: str) -> None:
    assert "<title>Notes</title>" in rendered(PAGES[name])


@each_page
def test_quick_exit_is_the_first_link(name: str) -> None:
    first = re.search(r"<(a|button|input|select|summary)\b[^>]*>", rendered(PAGES[name]).split("<body>")[1])
    assert first is not None
    assert 'href="/x/"' in first[0]


@each_page
def test_ids_are_unique(name: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', rendered(PAGES[name]))
    assert sorted(set(ids)) == sorted(ids)


@each_page
def test_links_outside_tell_nobody_where_they_come_from(name: str) -> None:
    for link in re.findall(r'<a [^>]*href="https[^>]*>', rendered(PAGES[name])):
        assert "noreferrer" in link


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("hostile")])
def test_hostile_names_stay_text(name: str) -> None:
    text = rendered(PAGES[name])
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_names_from_outside_are_set_apart() -> None:
    text = rendered(PAGES["hostile-check"])
    assert f"<bdi>{samples.REVERSED}</bdi>" in text


@each_page
def test_a_page_weighs_little(name: str) -> None:
    """Everything a first visit fetches, as it goes over the wire, without headers."""
    text = rendered(PAGES[name])
    weight = len(gzip.compress(text.encode(), 6)) + sum(wire_size(path) for path in static_paths(text))
    assert weight <= MOST_BYTES


@each_page
def test_a_page_is_small_to_hold(name: str) -> None:
    assert len(re.findall(r"<[a-z]", rendered(PAGES[name]))) <= MOST_ELEMENTS


def static_paths(text: str) -> set[str]:
    return {path.split("#")[0] for path in re.findall(r'(?:href|src)="/static/([^"]+)"', text)}


def wire_size(path: str) -> int:
    found = finders.find(path)
    assert found, path
    content = Path(found).read_bytes()
    return len(content) if path.endswith(".woff2") else len(gzip.compress(content, 6))


def test_every_drawing_that_is_used_exists() -> None:
    sprite = Path(finders.find("icons.svg") or "").read_text(encoding="utf-8")
    used = {name for page in PAGES.values() for name in re.findall(r"icons\.svg#([a-z-]+)", rendered(page))}
    assert used <= set(re.findall(r'<symbol id="([a-z-]+)"', sprite))


@pytest.mark.parametrize("on", [True, False])
def test_practice_data_is_said_where_it_is_practice_data(settings: Any, on: bool) -> None:
    settings.ON_SANDBOX = on
    assert ("Practice data." in rendered(PAGES["check"])) is on


def test_what_is_settled_is_folded_beyond_a_few() -> None:
    text = rendered(PAGES["who"])
    assert text.index("Show 2 more") < text.index("Backup of your pictures")


def test_what_is_not_in_view_is_folded_by_place_with_its_count() -> None:
    text = rendered(PAGES["overview"])
    folded = text.split('<details class="fold place" id="place-whatsapp">')[1].split("</details>")[0]
    assert "WhatsApp" in folded
    assert "2<span" in folded
    assert "Devices linked to your WhatsApp" in folded
    assert "To read." in folded


def test_an_answer_that_stands_is_one_line_until_it_is_changed() -> None:
    item = rendered((CHECK, {"card": specimens.CARD})).split("<bdi>Backup Buddy</bdi>")[1]
    assert item.index("<details") < item.index("You know this, 3 August") < item.index('type="radio"')


def test_the_words_of_the_overview_never_promise() -> None:
    text = rendered((OVERVIEW, {"overview": specimens.OVERVIEW})).lower()
    for word in ("secure", "all clear", "you failed", "critical", "!</"):
        assert word not in text
