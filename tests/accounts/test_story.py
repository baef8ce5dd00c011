"""What this app can and cannot see: nothing is missing from it, and it names nothing that does not exist."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from googleapiclient.discovery_cache import get_static_doc

from audits.accounts.looks import LOOKS
from audits.audit.tell import story
from audits.checks.catalogue import CHECKS, COMMON
from audits.checks.language import text_problems
from audits.sources.registry import SOURCES

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client: Any) -> str:
    answer = client.get("/sees/")
    assert answer.status_code == 200
    return html.unescape(str(answer.text))


def test_no_look_no_source_no_call_and_no_check_is_missing(shown: str) -> None:
    for look in LOOKS.values():
        for words in (look.title, look.sees, look.not_sees, look.keeps, look.more, *look.google):
            assert str(words) in shown, look.id
    for source in SOURCES.values():
        assert COMMON.sources[source.name] in shown, source.name
        for call in (*source.calls, *story.ON_OWN_PAGE.get(source.name, ())):
            assert call in shown, call
    for check in CHECKS.values():
        assert check.words.short in shown, check.id


def test_a_source_that_needs_a_look_names_its_calls() -> None:
    for source in SOURCES.values():
        assert bool(source.scope) is bool(story.sources_of([source.name])[0].calls), source.name
    shipped = get_static_doc("dataportability", "v1")
    for call in story.ON_OWN_PAGE["play_apps"]:
        assert f'"{call}"' in shipped


def test_a_look_names_only_sources_that_exist() -> None:
    for look in LOOKS.values():
        assert {one.id for one in story.sources_of(look.sources)} == set(look.sources), look.id


def test_checks_that_no_machine_sees_whole_stand_under_looking_yourself(shown: str) -> None:
    section = shown.split('id="yourself"')[1].split("</section>")[0]
    named = re.findall(r"<li>(.*?)</li>", section)
    assert {check.words.short for check in CHECKS.values() if check.rule is None} <= set(named)
    for short in ("Apps connected to your account", "2-step sign-in"):
        assert short in named
    assert "Apps that can open all your Drive files" not in named
    assert all(CHECKS[one.id].words.told for one in story.checks_by_looking())


def test_each_statement_about_google_has_its_source() -> None:
    found = story.nobody()
    assert len(found) >= 10
    for one in found:
        parts = urlsplit(one.url)
        assert (parts.scheme, parts.hostname) == ("https", "developers.google.com"), one.text
        assert one.title
        for words in (one.text, one.title):
            assert not list(text_problems(words)), words


def test_what_is_kept_comes_from_the_settings(client: Any, settings: Any) -> None:
    settings.KEEP_AUDITS, settings.KEEP_HISTORY_DAYS = 7, 321
    text = client.get("/sees/").text
    assert "next 7 audits" in text
    assert "for 321 days" in text


def test_it_is_for_everybody_and_light(client: Any) -> None:
    assert len(client.get("/sees/").content) < 60_000
    for path in ("/", "/privacy/"):
        assert 'href="/sees/"' in client.get(path).text
