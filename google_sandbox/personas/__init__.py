"""The people of the sandbox, read from the YAML files beside this one."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from google_sandbox.api.drive.access import Someone
from google_sandbox.api.drive.store import Drive
from google_sandbox.api.gmail.store import Mailbox

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
    """One account and what it holds. The Drive is made when it is first needed.

    `calendars`, `channel` and `activity` stay in the persona's words; the APIs that show them say what those are.
    `photos` is None for who does not use Google Photos; `choosing` holds sessions of the Photos Picker, by id.
    `exports` is None for who may not move data to others; `copies` holds jobs of Data Portability, by id.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.account = Account(**data["account"])
        usual = [{"name": self.account.email, "primary": True}]
        self.calendars: list[Json] | None = copy.deepcopy(data.get("calendars", usual))
        self.channel: Json | None = copy.deepcopy(data.get("channel"))
        self.activity = [_dated(words) for words in data.get("activity", [])]
        mailbox = data.get("mailbox", {})
        self.mailbox = None if mailbox is None else Mailbox(self.account.email, mailbox)
        self.photos: list[Json] | None = copy.deepcopy(data.get("photos"))
        self.choosing: dict[str, Json] = {}
        self.exports: Json | None = copy.deepcopy(data.get("exports"))
        self.copies: dict[str, Json] = {}
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
    """A Workspace: users as Directory resources, by primary address their tokens and app passwords, and the log."""

    name: str
    customer: str
    users: list[Json]
    tokens: dict[str, list[Json]] = field(default_factory=dict)
    asps: dict[str, list[Json]] = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)

    def happened(self, user: str, application: str, name: str, *, at: float, **words: Any) -> None:
        """One more entry of the log. `at` is in seconds since 1970."""
        usual = {"type": "", "ip": "", "parameters": {}}
        fixed = {"user": user, "application": application, "name": name, "at": at, "number": len(self.log) + 1}
        self.log.append({**usual, **words, **fixed})

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


def _dated(words: Json) -> Json:
    """`at` in seconds since 1970: ten o'clock so many days ago, the same all day long."""
    ten = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    return {**words, "at": (ten - timedelta(days=words["days_ago"])).timestamp()}


def load(folder: Path = FOLDER) -> tuple[dict[str, Persona], dict[str, Domain]]:
    """Personas by address and domains by name, from every YAML file of the folder."""
    personas: dict[str, Persona] = {}
    domains: dict[str, Domain] = {}
    for path in sorted(folder.glob("*.yaml")):
        data = _file(path)
        if "domain" in data:
            domain = _domain(copy.deepcopy(data["domain"]))
            domains[domain.name] = domain
        else:
            persona = Persona(data)
            personas[persona.account.email] = persona
    return personas, domains


def _domain(data: Json) -> Domain:
    """The log is written as so many days ago, at an hour: the same all day long, and never too old to be kept."""
    log = data.pop("log", [])
    domain = Domain(**data)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for row in log:
        hours, minutes = row.pop("time").split(":")
        moment = today - timedelta(days=row.pop("days_ago")) + timedelta(hours=int(hours), minutes=int(minutes))
        domain.happened(**row, at=moment.timestamp())
    return domain
