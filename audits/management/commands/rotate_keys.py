"""`manage.py rotate_keys`: seal everything that is kept with the newest of DATA_KEYS.

Put a new key first in DATA_KEYS, restart, run this, then take the old key out. Safe to stop and run again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from audits.models.sealing import SealBroken, owner_of, reseal

BATCH = 500


class Command(BaseCommand):
    help = "Seal everything that is kept with the newest of DATA_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for model in apps.get_app_config("audits").get_models():
            columns = sealed_columns(model)
            if columns:
                done, failed = reseal_model(model, columns)
                broken += failed
                self.stdout.write(f"{model.__name__}: {done} rows")
        if broken:
            raise CommandError(f"{broken} values open with none of DATA_KEYS. Keep the old keys and look for theirs.")


def sealed_columns(model: type[models.Model]) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields if f.attname.endswith("_sealed")]


def reseal_model(model: type[models.Model], columns: list[str]) -> tuple[int, int]:
    """Rows done and values that did not open."""
    done = failed = 0
    for batch in batches(model):
        with transaction.atomic():
            rows = list(model._default_manager.select_for_update().filter(pk__in=batch))
            failed += sum(reseal_row(row, columns) for row in rows)
            model._default_manager.bulk_update(rows, columns)
        done += len(rows)
    return done, failed


def reseal_row(row: models.Model, columns: list[str]) -> int:
    failed = 0
    for column in columns:
        sealed = getattr(row, column)
        if sealed is None:
            continue
        try:
            setattr(row, column, reseal(sealed, owner_of(row)))
        except SealBroken:
            failed += 1
    return failed


def batches(model: type[models.Model]) -> Iterator[list[int]]:
    last = 0
    while True:
        found = list(model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not found:
            return
        yield found
        last = found[-1]
