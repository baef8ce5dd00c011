"""Is a port free, and does something answer there?"""

from __future__ import annotations

import contextlib
import http.client
import socket

from privacy_audit import environment
from privacy_audit.environment import ConfigurationError

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


def read_port(variable: str) -> int:
    port = environment.read_int(variable)
    if not 0 < port < 65536:
        raise ConfigurationError(f"{variable} must be a port number between 1 and 65535.")
    return port


def require_free(host: str, variable: str) -> None:
    """One sentence when the port cannot be had. `localhost` counts too: a browser may try [::1] first."""
    port = read_port(variable)
    sentence = f"Port {port} is in use by another program. Stop that program, or choose another: {variable}={port + 10}"
    if not can_listen(host, port) or any(accepts(name, port) for name in ("127.0.0.1", "::1")):
        raise ConfigurationError(f"{sentence} make run")


def can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError:
            raise ConfigurationError(f"Port {port} may only be used by the machine's administrator.") from None
        except socket.gaierror:
            raise ConfigurationError(f"HOST must be an address of this machine; {host} is not.") from None
        except OSError:
            return False
    return True


def accepts(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=0.3):
        return True
    return False


def answers(host: str, port: int, path: str, headers: dict[str, str] | None = None) -> bool:
    """Any HTTP answer below 500 within a second."""
    connection = http.client.HTTPConnection(EVERY_ADDRESS.get(host, host), port, timeout=1)
    try:
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
