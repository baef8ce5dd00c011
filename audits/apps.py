from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate

from audits.checks.problems import problems
from audits.sources.google import quota
from privacy_audit.environment import ConfigurationError, read


class AuditsConfig(AppConfig):
    name = "audits"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Privacy Audit"

    def ready(self) -> None:
        checks.register(catalogue_problems)
        checks.register(quota_problems)
        post_migrate.connect(rename_checks, sender=self)


def rename_checks(**options: Any) -> None:
    """After every migration: what was kept under an old name of a check gets the name of today."""
    from audits.audit import renaming  # models are ready only now

    renaming.rename_checks()


def catalogue_problems(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[checks.CheckMessage]:
    """A check with wrong words must not reach anybody: each problem stops the start with its own sentence."""
    return [checks.Error(problem, id="audits.E001") for problem in problems()]


def quota_problems(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[checks.CheckMessage]:
    """Quotas that nobody can read would fail every look."""
    try:
        quota.limits_from(read("GOOGLE_QUOTAS"))
    except ConfigurationError as error:
        return [checks.Error(str(error), id="audits.E002")]
    return []
