"""python -m privacy_audit.launch [--end-with PROCESS]

--end-with: stop when this parent process is gone (make gives its own).
"""

from __future__ import annotations

import argparse
import sys

from privacy_audit.environment import ConfigurationError
from privacy_audit.launch import supervisor
from privacy_audit.launch.processes import GaveUp
from privacy_audit.launch.signals import StopAsked


def main() -> str | None:
    """The sentence to end with, or None after an orderly stop."""
    options = argparse.ArgumentParser(prog="python -m privacy_audit.launch", description="Run Privacy Audit here.")
    options.add_argument("--end-with", type=int, metavar="PROCESS", help="stop when this parent process is gone")
    try:
        supervisor.run(options.parse_args().end_with)
    except StopAsked:
        return None
    except (ConfigurationError, GaveUp) as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main())
