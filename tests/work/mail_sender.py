"""A process that sends what is due, for tests: `python -m tests.work.mail_sender PORT [FOLDER]`.

With FOLDER it says that it is ready and waits for FOLDER/go, so that several begin together.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import sleep as wait_a_little

import django


def send(port: int, folder: Path | None) -> None:
    from django.conf import settings

    from audits.audit import alert_post
    from privacy_audit.mail_server import MailServer

    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=port, tls="none", sender="notes@example.org")
    if folder is not None:
        (folder / f"ready-{sys.argv[3]}").touch()
        while not (folder / "go").exists():
            wait_a_little(0.01)
    print(alert_post.send_due(), flush=True)


if __name__ == "__main__":
    django.setup()
    send(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
