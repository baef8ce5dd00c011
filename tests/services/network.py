"""No test reaches beyond this machine. An attempt is refused, and the test that made it fails even if it hides it."""

from __future__ import annotations

import sys

from tests.services.offline.loopback import refuse_beyond

attempts: list[str] = []


def guard() -> None:
    """Stays for the life of the process: audit hooks cannot be removed."""

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        try:
            refuse_beyond(event, arguments)
        except PermissionError as error:
            attempts.append(str(error))
            raise

    sys.addaudithook(refuse)
