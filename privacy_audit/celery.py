"""Celery: wakes workers. What there is to do stands in the database (audits/audit/work.py)."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready
from kombu.transport.redis import QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacy_audit.settings")

# A message only wakes a worker, so nothing that was fetched and not begun is handed back when a connection ends:
# kombu would try it over the dead connection, and the worker would end with it. The sweep finds what was not begun.
QoS.restore_at_shutdown = False

app = Celery("privacy_audit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**_: Any) -> None:
    """Celery would install its own log format, without our scrubbing."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_ready.connect
def look_for_work(**_: Any) -> None:
    """What was queued or left behind while no worker ran starts at once."""
    app.send_task("audits.sweep")
    app.send_task("audits.worker_seen")
