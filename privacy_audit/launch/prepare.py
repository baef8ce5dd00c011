"""Before the first page: the database is of this version, the static files are gathered.

Run as a process of its own by the supervisor, which stays small that way. What it prints on stdout is the one
sentence to refuse with; a second start finds nothing to do.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from privacy_audit.environment import BASE_DIR, ConfigurationError
from privacy_audit.modes import mode
from privacy_audit.reviewed_words import refuse_broken_words

FROM_NEWER_CODE = (
    "The database was last used by a newer version of this program. "
    "Bring the program up to date, or put back a database from before."
)


def main() -> str | None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacy_audit.settings")
    try:
        django.setup()
        refuse_broken_words()
        prepare_database()
        if mode() == "demo":
            load_practice_lists()
        if not settings.DEBUG:
            gather_static_files()
    except ConfigurationError as error:
        return str(error)
    except OperationalError as error:
        return f"The database does not answer: {first_line(error)}"
    except (DatabaseError, InconsistentMigrationHistory) as error:
        return f"The database cannot be used as it is: {first_line(error)}"
    except OSError as error:
        return f"{error.filename or 'A file'} cannot be written: {error.strerror}."
    return None


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def prepare_database() -> None:
    """Migrate when there is something to migrate. Raises ConfigurationError for a database from the future."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - replaced
    if any(app in loader.migrated_apps for app, _ in unknown):
        raise ConfigurationError(FROM_NEWER_CODE)
    loader.check_consistent_history(connection)
    if executor.migration_plan(loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    else:
        rename_checks()  # an alias needs no migration


def rename_checks() -> None:
    from audits.audit import renaming  # models are ready only now

    renaming.rename_checks()


def load_practice_lists() -> None:
    """The demo's lists of made-up watching apps, unless some list is loaded already."""
    if apps.get_model("audits", "AppList").objects.exists():
        return
    lists = sorted((BASE_DIR / "google_sandbox" / "app_lists").glob("*.yaml"))
    call_command(
        "load_app_lists", *map(str, lists), title="A made-up list", list_version="for practice", stdout=io.StringIO()
    )


def gather_static_files() -> None:
    """The stamp is removed first and written last, so that a half-gathered folder is gathered anew."""
    stamp = Path(settings.STATIC_ROOT) / "gathered-from"
    wanted = hashlib.sha256("\n".join(static_sources()).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="utf-8")


def static_sources() -> Iterator[str]:
    yield settings.STORAGES["staticfiles"]["BACKEND"]
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            about = Path(storage.path(name)).stat()
            yield f"{name} {about.st_size} {about.st_mtime_ns}"


if __name__ == "__main__":
    sentence = main()
    if sentence:
        sys.stdout.write(sentence)
        sys.exit(1)
