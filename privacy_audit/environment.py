"""Every environment variable this program reads, in one table.

Nothing else reads os.environ. docs/configuration.md describes each of these; a test fails when one is missing there.
A value may also come from a file named by NAME_FILE (container secrets), and, outside production, from the state
folder that `make run` keeps (keys, the address of its private Redis).
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """The settings do not fit together. The message is one plain sentence for the operator."""


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("PRIVACY_AUDIT_MODE", "demo", "demo (sandbox Google), local (real Google on localhost) or production"),
    Variable("PRIVACY_AUDIT_STATE", "", "folder for keys, database and run files; default: var/ beside manage.py"),
    Variable("PRIVACY_AUDIT_DEBUG", "", "1 turns Django's debug pages on; `make dev` sets it; refused in production"),
    Variable("BASE_URL", "", "address people type, e.g. https://audit.example.org; default http://localhost:PORT"),
    Variable("HOST", "127.0.0.1", "address the web server listens on"),
    Variable("PORT", "8000", "port of the web server"),
    Variable("WEB_WORKERS", "1", "web server processes"),
    Variable("SANDBOX_PORT", "8001", "port of the sandbox Google in demo mode"),
    Variable("TRUSTED_PROXIES", "0", "how many proxies in front set X-Forwarded-For and X-Forwarded-Proto"),
    Variable("SECRET_KEY", "", "signs sessions and forms; at least 50 random characters", secret=True),
    Variable(
        "DATA_KEYS",
        "",
        "keys (32 bytes, URL-safe base64), newest first, comma-separated: encrypt what is kept",
        secret=True,
    ),
    Variable("LOOKUP_KEY", "", "keyed hashes of identities; cannot be changed later", secret=True),
    Variable(
        "DATABASE_URL", "", "e.g. postgres://user:password@host/name; default: SQLite in the state folder", secret=True
    ),
    Variable("REDIS_URL", "", "e.g. redis://host:6379/0; default: the private Redis of `make run`", secret=True),
    Variable("CATALOGUE_DIRS", "", "folders with checks of your own, comma-separated; a later one overrides"),
    Variable("GOOGLE_CLIENT_ID", "", "OAuth client for sign-in and looks"),
    Variable("GOOGLE_CLIENT_SECRET", "", "its secret", secret=True),
    Variable("GOOGLE_ADMIN_CLIENT_ID", "", "own OAuth client for administrator looks; empty: not offered"),
    Variable("GOOGLE_ADMIN_CLIENT_SECRET", "", "its secret", secret=True),
    Variable("GOOGLE_PORTABILITY_CLIENT_ID", "", "own OAuth client for Google's data exports; empty: not offered"),
    Variable("GOOGLE_PORTABILITY_CLIENT_SECRET", "", "its secret", secret=True),
    Variable("GOOGLE_BASE_URL", "", "points everything Google at one server, e.g. the sandbox; empty: real Google"),
    Variable("GOOGLE_AUTHORIZE_URL", "", "overrides the authorize page"),
    Variable("GOOGLE_TOKEN_URL", "", "overrides the token endpoint"),
    Variable("GOOGLE_REVOKE_URL", "", "overrides the revoke endpoint"),
    Variable("GOOGLE_TOKENINFO_URL", "", "overrides tokeninfo"),
    Variable("GOOGLE_CERTS_URL", "", "overrides the certificates of ID tokens"),
    Variable("GOOGLE_USERINFO_URL", "", "overrides userinfo"),
    Variable("GOOGLE_ISSUER", "", "overrides the issuer expected in ID tokens; default https://accounts.google.com"),
    Variable("GOOGLE_DRIVE_URL", "", "overrides the root of the Drive API and its batches"),
    Variable("GOOGLE_DIRECTORY_URL", "", "overrides the root of the Directory and Reports APIs and their batches"),
    Variable("GOOGLE_GMAIL_URL", "", "overrides the root of the Gmail API and its batches"),
    Variable("GOOGLE_CALENDAR_URL", "", "overrides the root of the Calendar API and its batches"),
    Variable("GOOGLE_YOUTUBE_URL", "", "overrides the root of the YouTube Data API"),
    Variable("GOOGLE_DRIVE_ACTIVITY_URL", "", "overrides the root of the Drive Activity API"),
    Variable("GOOGLE_PORTABILITY_URL", "", "overrides the root of the Data Portability API"),
    Variable("GOOGLE_PHOTOS_PICKER_URL", "", "overrides the root of the Photos Picker API"),
    Variable("GOOGLE_RISC_CONFIGURATION_URL", "", "overrides where the keys of security events are described"),
    Variable("GOOGLE_RISC_URL", "", "overrides the root of the API that security events are ordered from"),
    Variable("GOOGLE_TIMEOUT_SECONDS", "20", "longest wait for one answer of Google"),
    Variable("GOOGLE_TRIES", "4", "tries of one call before giving up, the first included"),
    Variable("GOOGLE_BACKOFF_SECONDS", "1", "first wait between tries; doubles, with jitter"),
    Variable("GOOGLE_BACKOFF_MAX_SECONDS", "32", "longest wait between tries"),
    Variable("GOOGLE_QUOTAS", "", "units a minute where Google gave other numbers: API=PROJECT/ACCOUNT,…; off: none"),
    Variable("GOOGLE_QUOTA_WAIT_SECONDS", "60", "longest wait for a turn under the quota before a look gives up"),
    Variable("EXPORT_POLL_SECONDS", "300", "first wait before asking whether a copy made by Google is ready; doubles"),
    Variable("FULL_LOOK_DAYS", "28", "days after which a look reads everything again, not only what changed"),
    Variable("AUDIT_HEARTBEAT_SECONDS", "5", "how often a working audit says that it is alive"),
    Variable("AUDIT_STALE_SECONDS", "30", "silence after which another worker takes an audit over"),
    Variable("AUDIT_ATTEMPTS", "5", "how often an audit is taken over before it counts as failed"),
    Variable("AUDIT_SWEEP_SECONDS", "10", "how often waiting and silent audits are looked for"),
    Variable("LOOK_AGAIN_MINUTES", "15", "minutes until what Google could not answer is asked once more; 0: never"),
    Variable("SCHEDULE_SECONDS", "60", "how often looks that are due by themselves are begun"),
    Variable("SCHEDULE_BATCH", "200", "looks that are begun in one transaction"),
    Variable("SCHEDULE_WAITING", "600", "looks begun by themselves that wait for a worker at most; others stay due"),
    Variable("AUDIT_SOURCES_AT_ONCE", "4", "sources of one audit that run side by side"),
    Variable("WORKER_THREADS", "4", "audits a worker runs at once"),
    Variable("KEEP_AUDITS", "2", "later audits after which the facts of an audit are deleted"),
    Variable("KEEP_HISTORY_DAYS", "365", "days after which old findings and changes go, and numbers by month are left"),
    Variable("KEEP_EVENT_DAYS", "90", "days a security event is known again for; older ones are refused"),
    Variable("EMPTY_RECORD_DAYS", "30", "days after which a record that was begun with a code and stayed empty ends"),
    Variable("HELP_QUIET_MINUTES", "60", "minutes after which a session with a helpline ends if nothing happens"),
    Variable("HELPER_IDLE_MINUTES", "30", "minutes without a page after which a helper’s sign-in ends"),
    Variable("HELPER_SESSION_HOURS", "4", "hours after which a helper’s sign-in ends, however busy"),
    Variable("SESSION_HOURS", "12", "hours after which a sign-in ends by itself"),
    Variable("REVOKE_DAYS", "7", "days a token may wait to be revoked when Google cannot be reached"),
    Variable("EMAIL_HOST", "", "mail server for reminders; empty: e-mail is not offered"),
    Variable("EMAIL_PORT", "", "its port; default 587, with EMAIL_TLS tls 465, with none 25"),
    Variable("EMAIL_USER", "", "name to sign in there; empty: without"),
    Variable("EMAIL_PASSWORD", "", "its password", secret=True),
    Variable("EMAIL_TLS", "starttls", "starttls, tls (from the first byte) or none (only on this machine)"),
    Variable("EMAIL_FROM", "", "address that reminders come from; it must give nothing away"),
    Variable("HOST_NAME", "", "who hosts this installation, shown in the privacy notice"),
    Variable("HOST_CONTACT", "", "how to reach the host, shown in the privacy notice"),
    Variable("EXIT_URL", "https://www.bbc.com/weather", "where quick exit goes"),
    Variable("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
)

_KNOWN: Mapping[str, Variable] = {v.name: v for v in VARIABLES}


def read(name: str) -> str:
    """The value of a declared variable: environment, then NAME_FILE, then the state folder, then the default."""
    variable = _KNOWN[name]
    if name in os.environ:
        return os.environ[name].strip()
    if path := os.environ.get(f"{name}_FILE"):
        return _from_file(name, Path(path))
    return state_values().get(name, variable.default)


def read_int(name: str, *, least: int = 0) -> int:
    value = read(name)
    if not (value.isascii() and value.isdigit() and int(value) >= least):
        raise ConfigurationError(f"{name} must be a whole number, {least} or more.")
    return int(value)


def read_float(name: str) -> float:
    try:
        value = float(read(name))
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise ConfigurationError(f"{name} must be a number, 0 or more.")
    return value


def read_flag(name: str) -> bool:
    value = read(name).lower()
    if value not in ("", "0", "1", "false", "true"):
        raise ConfigurationError(f"{name} must be 1 or 0.")
    return value in ("1", "true")


def read_list(name: str) -> list[str]:
    return [part.strip() for part in read(name).split(",") if part.strip()]


def state_folder() -> Path:
    return Path(os.environ.get("PRIVACY_AUDIT_STATE") or BASE_DIR / "var").absolute()


def for_child(values: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process we start: ours, and these values on top; never another project's settings."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "privacy_audit.settings", **values}


def state_values() -> Mapping[str, str]:
    """What `make run` wrote: keys.json (kept) and run.json (while it runs). Production reads neither."""
    if os.environ.get("PRIVACY_AUDIT_MODE", "") == "production":
        return {}
    values: dict[str, str] = {}
    for path in _state_files(os.environ.get("PRIVACY_AUDIT_STATE", "")):
        values.update(_from_json(path))
    return values


@cache
def _state_files(folder: str) -> tuple[Path, ...]:
    return tuple(state_folder() / name for name in ("keys.json", "run.json"))


def _from_json(path: Path) -> Mapping[str, str]:
    """Read again only when the file is another one: each look at Google asks for some twenty variables."""
    try:
        now = os.stat(path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    return _read_json(path, (now.st_ino, now.st_mtime_ns, now.st_ctime_ns, now.st_size))


@lru_cache(maxsize=8)
def _read_json(path: Path, _version: tuple[int, ...]) -> Mapping[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ConfigurationError(
            f"{path} is damaged. Put back a copy of it, or, if nothing in {path.parent} is worth keeping, "
            "move that folder away and start again."
        )
    return {str(k): str(v) for k, v in found.items() if k in _KNOWN}


def _from_file(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise ConfigurationError(f"{name}_FILE names {path}, which cannot be read.") from None
