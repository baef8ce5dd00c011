"""Make .venv, or bring it up to date. Runs before anything is installed, so it needs only the standard library.

    python3 privacy_audit/launch/virtual_environment.py requirements.txt [--fetch]

A stamp inside .venv names the requirements it was built from and is written last: without a stamp the folder is half
built and is made anew; with an older stamp the packages are brought up to date in place. `--fetch` lets root install
a missing python3-venv.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> str | None:
    """Returns the sentence to stop with, or None when .venv is ready."""
    names = [name for name in arguments if not name.startswith("--")]
    with one_at_a_time(ROOT):
        return prepare(ROOT / ".venv", ROOT / names[0], may_fetch="--fetch" in arguments)


def prepare(folder: Path, requirements: Path, *, may_fetch: bool = False) -> str | None:
    wanted = fingerprint(requirements)
    stamp = folder / f"built-from-{requirements.stem}"
    if not works(folder):
        if sentence := missing_parts(may_fetch=may_fetch):
            return sentence
        build(folder)
    elif read(stamp) == wanted:
        return None
    for old in folder.glob("built-from-*"):
        old.unlink()
    if not install(folder, requirements):
        return "The packages could not be installed. Is there a network connection? Then run the same command again."
    for name, value in fingerprints_within(requirements).items():
        (folder / f"built-from-{name}").write_text(value, encoding="utf-8")
    return None


def fingerprint(requirements: Path) -> str:
    """A hash of the file, of the files it includes, and of the Python that runs."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in included(requirements):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def fingerprints_within(requirements: Path) -> dict[str, str]:
    """What was just installed: the file itself, and each file it includes, by name."""
    return {path.stem: fingerprint(path) for path in included(requirements)}


def included(requirements: Path) -> Iterator[Path]:
    yield requirements
    for name in re.findall(r"^-r +(\S+)", requirements.read_text(encoding="utf-8"), re.MULTILINE):
        yield from included(requirements.parent / name)


def works(folder: Path) -> bool:
    """Built to the end by this very Python version, and its interpreter still runs."""
    if not any(folder.glob("built-from-*")):
        return False
    say_version = "import sys; print(*sys.version_info[:2])"
    try:
        said = subprocess.run([folder / "bin/python", "-c", say_version], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return said.stdout.split() == [str(part) for part in sys.version_info[:2]]


def missing_parts(*, may_fetch: bool) -> str | None:
    """The sentence that says what to install first, or None when Python is whole. Debian splits it in two."""
    if can_make_environments():
        return None
    if may_fetch and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "-q", "update"], stdout=sys.stderr, check=False)
        subprocess.run(["apt-get", "-qy", "install", "python3-venv"], stdout=sys.stderr, check=False)
        if can_make_environments():
            return None
    return "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv. Then run this again."


def can_make_environments() -> bool:
    asked = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(asked, stderr=subprocess.DEVNULL, check=False).returncode == 0


def build(folder: Path) -> None:
    print("Preparing .venv: this happens once and takes about a minute.", file=sys.stderr, flush=True)
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)


def install(folder: Path, requirements: Path) -> bool:
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    return subprocess.run([*pip, "--requirement", str(requirements)], stdout=sys.stderr, check=False).returncode == 0


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Two `make` at once must not build into the same folder; the lock goes with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f".venv could not be made: {error}")
