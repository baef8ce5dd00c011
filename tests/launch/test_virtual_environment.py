"""How .venv is made, kept up to date, and made anew when it is only half there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from privacy_audit.environment import BASE_DIR
from privacy_audit.launch import virtual_environment


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """Nothing to fetch: these tests stay on this machine."""
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    path = tmp_path / "requirements-dev.txt"
    path.write_text("-r requirements.txt\n")
    return path


def test_made_once_brought_up_to_date_and_made_anew(requirements: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, mark = requirements.parent / ".venv", requirements.parent / ".venv" / "mark"
    base = requirements.with_name("requirements.txt")
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("half built")
    assert virtual_environment.prepare(folder, requirements) is None
    assert "Preparing .venv" in capfd.readouterr().err
    mark.touch()

    assert virtual_environment.prepare(folder, requirements) is None
    assert virtual_environment.prepare(folder, base) is None  # what it includes is there too
    assert capfd.readouterr() == ("", "")

    base.write_text("# other\n")
    assert not up_to_date(folder, base)
    assert virtual_environment.prepare(folder, base) is None
    assert mark.exists()  # in place
    assert up_to_date(folder, base)
    assert not up_to_date(folder, requirements)  # only what was asked for was installed


def up_to_date(folder: Path, requirements: Path) -> bool:
    stamp = folder / f"built-from-{requirements.stem}"
    return virtual_environment.read(stamp) == virtual_environment.fingerprint(requirements)


def test_without_a_stamp_or_a_python_it_does_not_count(tmp_path: Path) -> None:
    assert not virtual_environment.works(tmp_path)
    (tmp_path / "built-from-requirements").write_text("x")
    assert not virtual_environment.works(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to("/nowhere/python3")
    assert not virtual_environment.works(tmp_path)
    (tmp_path / "bin/python").unlink()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    assert virtual_environment.works(tmp_path)


def test_packages_that_cannot_be_had_leave_no_stamp(requirements: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_environment, "works", lambda folder: True)
    folder = requirements.parent
    (folder / "built-from-requirements").write_text("of another time")
    monkeypatch.setattr(virtual_environment, "install", lambda folder, requirements: False)
    assert "could not be installed" in str(virtual_environment.prepare(folder, requirements))
    assert not list(folder.glob("built-from-*"))


def test_a_missing_venv_module_is_one_sentence(requirements: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_environment, "can_make_environments", lambda: False)
    sentence = virtual_environment.prepare(requirements.parent / ".venv", requirements)
    assert sentence == (
        "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv. Then run this again."
    )


def test_make_help_names_every_target() -> None:
    said = subprocess.run(["make", "help"], cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    for target in ("run", "dev", "test", "test-sqlite", "test-postgres", "lint", "bench", "clean"):
        assert f"make {target} " in said


def test_a_machine_without_python_is_told_so(tmp_path: Path) -> None:
    for name in ("make", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = subprocess.run(
        ["/usr/bin/make", "run"], cwd=BASE_DIR, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert done.stderr.startswith("Python 3.11 or newer is missing.")
