"""The people of the sandbox, read from the YAML files beside this one."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from google_sandbox.api.drive.access import Someone
from google_sandbox.api.drive.store import Drive

Json = dict[str, Any]

FOLDER = Path(__file__).parent


@dataclass
class Account:
    """`amr` None: Google says nothing about how the session was opened, even when asked.

    `place` orders the account chooser.
    """

    email: str
    sub: str
    given_name: str
    family_name: str
    summary: str
    hd: str | None = None
    amr: list[str] | None = None
    signed_in_seconds_ago: int = 3600
    locale: str = "en-GB"
    email_verified: bool = True
    place: int = 100

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def picture(self) -> str:
        return f"https://lh3.googleusercontent.com/a/sandbox-{self.sub}=s96-c"


class Persona:
    """One account and what it holds. The Drive is made when it is first needed."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.account = Account(**data["account"])
        self._drive_data = data["drive"]
        self._drive: Drive | None = None
        self._making = Lock()

    @property
    def drive(self) -> Drive:
        with self._making:
            if self._drive is None:
                self._drive = Drive(Someone(self.account.email, self.account.name), self._drive_data)
            return self._drive


@dataclass
class Domain:
    """A Workspace: users as Directory resources, and by primary address their tokens and app passwords."""

    name: str
    customer: str
    users: list[Json]
    tokens: dict[str, list[Json]] = field(default_factory=dict)
    asps: dict[str, list[Json]] = field(default_factory=dict)

    def user(self, key: str) -> Json | None:
        """By primary address, alias or id."""
        wanted = key.lower()
        for user in self.users:
            if wanted in (user["primaryEmail"], user["id"], *user.get("aliases", ())):
                return user
        return None


@cache
def _file(path: Path) -> Json:
    data: Json = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return data


def load(folder: Path = FOLDER) -> tuple[dict[str, Persona], dict[str, Domain]]:
    """Personas by address and domains by name, from every YAML file of the folder."""
    personas: dict[str, Persona] = {}
    domains: dict[str, Domain] = {}
    for path in sorted(folder.glob("*.yaml")):
        data = _file(path)
        if "domain" in data:
            domain = Domain(**copy.deepcopy(data["domain"]))
            domains[domain.name] = domain
        else:
            persona = Persona(data)
            personas[persona.account.email] = persona
    return personas, domains
