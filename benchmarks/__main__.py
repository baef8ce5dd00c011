"""`make bench`: every benchmark in a process of its own. The exit code says whether one went over its bound."""

from __future__ import annotations

import subprocess
import sys

ALL = ("big_audit", "dashboard", "help_sessions", "many_people", "schedules")


def main() -> int:
    return max(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode for name in ALL)


if __name__ == "__main__":
    sys.exit(main())
