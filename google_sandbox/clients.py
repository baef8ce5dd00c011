"""OAuth clients the sandbox knows. A project may own several; its grants are shared by all of them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

PRACTICE_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "testserver"})


@dataclass(frozen=True)
class Client:
    """`redirect_uris` empty: any address on this machine (or under .test, .localhost) will do.

    `testing` is an app that Google has not published: its refresh tokens die after seven days.
    """

    id: str
    secret: str
    project: str
    name: str = "Privacy Audit"
    redirect_uris: tuple[str, ...] = ()
    testing: bool = False

    def may_redirect_to(self, uri: str) -> bool:
        if self.redirect_uris:
            return uri in self.redirect_uris
        parts = urlsplit(uri)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host in PRACTICE_HOSTS or host.endswith((".test", ".localhost")))


DEFAULT_CLIENTS = (
    Client("privacy-audit.apps.sandbox.test", "sandbox-secret", "privacy-audit"),
    Client("privacy-audit-exports.apps.sandbox.test", "sandbox-exports-secret", "privacy-audit-exports"),
    Client("privacy-audit-admin.apps.sandbox.test", "sandbox-admin-secret", "privacy-audit-admin"),
)


def parse_client(text: str) -> Client:
    """`ID:SECRET:PROJECT`, with `:testing` behind it for an unpublished app. ValueError otherwise."""
    parts = text.split(":")
    if len(parts) not in (3, 4) or not all(parts) or parts[3:] not in ([], ["testing"]):
        raise ValueError("a client is written ID:SECRET:PROJECT or ID:SECRET:PROJECT:testing")
    return Client(parts[0], parts[1], parts[2], testing=len(parts) == 4)
