"""Published lists of apps that are made to watch somebody. Data of others, loaded by an operator, about nobody here."""

from __future__ import annotations

from django.db import models


class AppList(models.Model):
    """`kind`: stalkerware or watchware. `version` is what the operator named it by: a date or a commit."""

    kind = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=80, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} list"


class ListedApp(models.Model):
    """One thing by which an app is found on a list: its Android package, or its name without anything but letters and
    digits (`name_key`). The other one is "".
    """

    app_list = models.ForeignKey(AppList, on_delete=models.CASCADE, related_name="apps")
    package = models.CharField(max_length=200, blank=True, db_index=True)
    name_key = models.CharField(max_length=200, blank=True, db_index=True)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app_list", "package", "name_key"], name="one_way_a_list")]

    def __str__(self) -> str:
        return self.package or self.name_key
