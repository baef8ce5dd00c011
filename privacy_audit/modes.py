"""The three modes, and what production refuses to start with. Each refusal is one sentence."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from privacy_audit import environment
from privacy_audit.environment import ConfigurationError

MODES = ("demo", "local", "production")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
KEYS = ("SECRET_KEY", "DATA_KEYS", "LOOKUP_KEY")


def mode() -> str:
    found = environment.read("PRIVACY_AUDIT_MODE")
    if found not in MODES:
        raise ConfigurationError(f"PRIVACY_AUDIT_MODE must be one of {', '.join(MODES)}; it is {found!r}.")
    return found


def base_url() -> str:
    return environment.read("BASE_URL").rstrip("/") or f"http://localhost:{environment.read('PORT')}"


def google_base_url() -> str:
    """The one server that stands for Google, or "" for the real one. Demo mode has the sandbox."""
    given = environment.read("GOOGLE_BASE_URL").rstrip("/")
    if given or mode() != "demo":
        return given
    return f"http://127.0.0.1:{environment.read('SANDBOX_PORT')}"


def ensure_keys() -> None:
    """Outside production: write keys.json (0600) on first start, so that nobody has to invent keys.

    A database without its keys, or a file that lacks some of them, is refused: new keys would make what is kept there
    unreadable for good.
    """
    if mode() == "production" or all(environment.read(name) for name in KEYS):
        return
    folder = environment.state_folder()
    path = folder / "keys.json"
    if path.exists() or has_content(folder / "database.sqlite3"):
        raise ConfigurationError(
            f"Keys are missing from {path}. Put back a copy of it, or, if nothing in {folder} is worth keeping, "
            "move that folder away and start again."
        )
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATA_KEYS": Fernet.generate_key().decode(),
        "LOOKUP_KEY": secrets.token_urlsafe(48),
    }
    write_private(path, json.dumps(keys, indent=1), replace=False)


def has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that only its owner can read, whole or not at all.

    With `replace` false a file that somebody else wrote meanwhile stays: two first starts at once agree on one file.
    """
    draft = path.with_suffix(f".{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        if replace:
            draft.replace(path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def check() -> None:
    """Refuse settings that do not fit the mode. Raises ConfigurationError."""
    check_keys()
    check_addresses()
    check_servers()
    if environment.read("LOG_LEVEL").upper() not in LOG_LEVELS:
        raise ConfigurationError(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    if mode() == "production":
        check_production()
    else:
        check_local_address()
    if mode() != "demo" and not google_base_url():
        check_google_clients()


def check_keys() -> None:
    secret = environment.read("SECRET_KEY")
    if len(secret) < 50 or len(set(secret)) < 10 or "insecure" in secret:
        raise ConfigurationError("SECRET_KEY is missing or weak: give it at least 50 random characters.")
    lookup = environment.read("LOOKUP_KEY")
    if len(lookup) < 32 or len(set(lookup)) < 10:
        raise ConfigurationError("LOOKUP_KEY is missing or weak: give it at least 32 random characters.")
    if lookup == secret:
        raise ConfigurationError("LOOKUP_KEY must not be the same as SECRET_KEY.")
    check_data_keys(environment.read_list("DATA_KEYS"))


def check_data_keys(keys: list[str]) -> None:
    if not keys:
        raise ConfigurationError("DATA_KEYS is missing: give it at least one Fernet key.")
    for key in keys:
        try:
            Fernet(key.encode())
        except ValueError:
            raise ConfigurationError("DATA_KEYS holds something that is not a Fernet key.") from None


def check_addresses() -> None:
    for name, address in (("BASE_URL", base_url()), ("EXIT_URL", environment.read("EXIT_URL"))):
        url = urlsplit(address)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ConfigurationError(f"{name} must be a whole address that begins with https:// or http://.")


def check_servers() -> None:
    kinds = {"DATABASE_URL": ("postgres", "postgresql", "sqlite"), "REDIS_URL": ("redis", "rediss", "unix")}
    for name, schemes in kinds.items():
        address = environment.read(name)
        if address and address.partition("://")[0] not in schemes:
            raise ConfigurationError(f"{name} must begin with {'://, '.join(schemes)}://.")


def check_google_clients() -> None:
    for name in ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"):
        if not environment.read(name):
            raise ConfigurationError(f"{name} is missing. docs/google-setup.md says how to get one.")
    for client in ("GOOGLE_ADMIN_CLIENT", "GOOGLE_PORTABILITY_CLIENT"):
        if environment.read(f"{client}_ID") and not environment.read(f"{client}_SECRET"):
            raise ConfigurationError(f"{client}_SECRET is missing: it belongs to {client}_ID.")
    check_project_of_exports()


def check_project_of_exports() -> None:
    """Ending the consent to a copy ends all of its project's permissions for that account, so it needs its own."""
    exports = environment.read("GOOGLE_PORTABILITY_CLIENT_ID")
    for name in ("GOOGLE_CLIENT_ID", "GOOGLE_ADMIN_CLIENT_ID"):
        if exports and project_of(exports) == project_of(environment.read(name)):
            raise ConfigurationError(
                f"GOOGLE_PORTABILITY_CLIENT_ID is of the same Google Cloud project as {name}. It needs one of its own."
            )


def project_of(client_id: str) -> str:
    """Google's client ids begin with the number of their project; of another kind each counts as its own."""
    number = re.match(r"(\d+)-", client_id)
    return number[1] if number else client_id


def check_production() -> None:
    if urlsplit(base_url()).scheme != "https":
        raise ConfigurationError("BASE_URL must begin with https:// in production.")
    if environment.read_flag("PRIVACY_AUDIT_DEBUG"):
        raise ConfigurationError("PRIVACY_AUDIT_DEBUG must not be set in production.")
    for name in google_addresses():
        if environment.read(name) and not is_google(environment.read(name)):
            raise ConfigurationError(f"{name} points at a stand-in for Google, which production does not accept.")
    if not environment.read("HOST_NAME") or not environment.read("HOST_CONTACT"):
        raise ConfigurationError("HOST_NAME and HOST_CONTACT are missing: people must know who keeps their data.")
    if not environment.read("DATABASE_URL"):
        raise ConfigurationError("DATABASE_URL is missing: name the database that production uses.")
    if not environment.read("REDIS_URL"):
        raise ConfigurationError("REDIS_URL is missing: name the Redis that production uses.")


def google_addresses() -> list[str]:
    names = [variable.name for variable in environment.VARIABLES if variable.name.startswith("GOOGLE_")]
    return [name for name in names if name.endswith("_URL") or name == "GOOGLE_ISSUER"]


def is_google(address: str) -> bool:
    url = urlsplit(address)
    return url.scheme == "https" and (url.hostname or "").endswith((".google.com", ".googleapis.com"))


def check_local_address() -> None:
    """Demo and local speak plain http, so the host must be this machine (or a container's own port mapping)."""
    url = urlsplit(base_url())
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise ConfigurationError("BASE_URL may use http only on localhost. Use production mode behind https instead.")
    if mode() == "demo" and not all(is_here(address) for address in [google_base_url(), *overridden_addresses()]):
        raise ConfigurationError("Demo mode speaks only to a sandbox Google on this machine.")


def overridden_addresses() -> list[str]:
    found = [environment.read(name) for name in google_addresses() if name != "GOOGLE_ISSUER"]
    return [address for address in found if address]


def is_here(address: str) -> bool:
    return urlsplit(address).hostname in LOOPBACK
