"""Celery: wakes workers. What there is to do stands in the database (audits/audit/work.py)."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacy_audit.settings")

app = Celery("privacy_audit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
