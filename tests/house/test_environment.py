"""One table of variables, read in one place, described on one page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacy_audit import environment
from privacy_audit.environment import BASE_DIR, VARIABLES, ConfigurationError

PAGE = (BASE_DIR / "docs" / "configuration.md").read_text(encoding="utf-8")
ROWS = {row[0]: row[1] for row in re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| \S", PAGE, re.MULTILINE)}


def test_the_page_describes_every_variable_and_no_other() -> None:
    assert sorted(ROWS) == sorted(variable.name for variable in VARIABLES)


@pytest.mark.parametrize("variable", [v for v in VARIABLES if v.default], ids=lambda v: v.name)
def test_the_page_tells_the_default(variable: environment.Variable) -> None:
    assert ROWS[variable.name].strip() == f"`{variable.default}`"


def product_files() -> Iterator[Path]:
    for room in ("privacy_audit", "audits", "google_sandbox"):
        yield from (BASE_DIR / room).rglob("*.py")


def reads_environment(path: Path) -> bool:
    """Any use of os.environ or os.getenv; naming Django's settings module with setdefault does not count."""
    text = path.read_text(encoding="utf-8").replace('os.environ.setdefault("DJANGO_SETTINGS_MODULE"', "print(0")
    used = {ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    return bool(used & {"os.environ", "os.getenv", "os.environb"}) or "from os import" in text


def test_nothing_else_reads_the_environment() -> None:
    found = {str(path.relative_to(BASE_DIR)) for path in product_files() if reads_environment(path)}
    assert found == {"privacy_audit/environment.py"}


def test_the_environment_comes_before_a_file_before_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("EXIT_URL", raising=False)
    assert environment.read("EXIT_URL") == "https://www.bbc.com/weather"
    (tmp_path / "secret").write_text("https://example.org/\n")
    monkeypatch.setenv("EXIT_URL_FILE", str(tmp_path / "secret"))
    assert environment.read("EXIT_URL") == "https://example.org/"
    monkeypatch.setenv("EXIT_URL", " https://example.com/ ")
    assert environment.read("EXIT_URL") == "https://example.com/"


def test_a_secret_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/secret")
    with pytest.raises(ConfigurationError, match="SECRET_KEY_FILE names /nowhere/secret, which cannot be read"):
        environment.read("SECRET_KEY")


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "٣", "1e3"])
def test_a_whole_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WEB_WORKERS", value)
    with pytest.raises(ConfigurationError, match="WEB_WORKERS must be a whole number"):
        environment.read_int("WEB_WORKERS")


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf", "-0.1"])
def test_a_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", value)
    with pytest.raises(ConfigurationError, match="GOOGLE_TIMEOUT_SECONDS must be a number"):
        environment.read_float("GOOGLE_TIMEOUT_SECONDS")


@pytest.mark.parametrize(("value", "meant"), [("", False), ("0", False), ("false", False), ("1", True), ("True", True)])
def test_a_flag(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("PRIVACY_AUDIT_DEBUG", value)
    assert environment.read_flag("PRIVACY_AUDIT_DEBUG") is meant


def test_a_flag_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_AUDIT_DEBUG", "perhaps")
    with pytest.raises(ConfigurationError, match="PRIVACY_AUDIT_DEBUG must be 1 or 0"):
        environment.read_flag("PRIVACY_AUDIT_DEBUG")
