"""The product's settings on the suite's ground. Only pytest reads this; processes it starts read the real settings."""

from tests.services import ground

ground.lay()

from privacy_audit.settings import *  # noqa: E402, F403
from privacy_audit.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the worker process and the live server read it too.
    DATABASES["default"]["TEST"] = {"NAME": str(ground.FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

# Without a manifest: no test has to gather static files first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
