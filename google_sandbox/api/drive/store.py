"""One account's Drive: files, apps, storage, and what changed since the sandbox started."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .access import Someone, direct
from .corpus import Cohort, Corpus
from .resource import Desk, describe, drive_id, file_id, opaque
from .series import series

Json = dict[str, Any]
Entry = Mapping[str, Any]

FIRST_CHANGE = 4_200


@dataclass(frozen=True)
class Change:
    file_id: str
    time: str
    removed: bool


class Drive:
    def __init__(self, me: Someone, data: Mapping[str, Any]) -> None:
        people = {alias: _someone(words) for alias, words in data.get("people", {}).items()}
        self.desk = Desk(me, people, {name: file_id(me.email, name) for name in data.get("folders", ())})
        self.storage: Json = {name: str(size) for name, size in data["storage"].items()}
        self.apps: list[Json] = [_app(app) for app in data.get("apps", ())]
        self.changes: list[Change] = []
        self.incomplete = False
        self.corpus = Corpus(tuple(self._cohorts(data)), me.email)
        self.members = {drive_id(self.desk, str(name)): self._members(who) for name, who in _shared_drives(data)}

    def _members(self, roles: Mapping[str, str]) -> tuple[Json, ...]:
        people = {**self.desk.people, "me": self.desk.me}
        return tuple(direct(people[alias], role) for alias, role in roles.items())

    def _cohorts(self, data: Mapping[str, Any]) -> list[Cohort]:
        folders: list[Entry] = [{"name": name, "type": "folder"} for name in data.get("folders", ())]
        made = [self._file(entry, name, n) for entry in [*folders, *data.get("files", ())] for n, name in _names(entry)]
        return made + [series(entry, self.desk, place) for place, entry in enumerate(data.get("series", ()))]

    def _file(self, entry: Entry, name: str, number: int = 0, known_id: str | None = None) -> Cohort:
        identity = known_id or entry.get("id") or file_id(self.desk.me.email, name)
        resource, everybody = describe(entry, self.desk, name, identity, number)
        return Cohort(resource, everybody, {**entry, "name": name})

    def find(self, reference: str) -> tuple[Cohort, int] | None:
        """By id; or by name among the files that are not generated."""
        found = self.corpus.locate(reference)
        if found:
            return found
        named = (c for c in self.corpus.cohorts if not c.number_of and c.resource["name"] == reference)
        cohort = next(named, None)
        return (cohort, 0) if cohort else None

    def add_file(self, entry: Entry, now: str) -> str:
        cohorts = [self._file(entry, name, n) for n, name in _names(entry)]
        self._swap((*self.corpus.cohorts, *cohorts), [cohort.resource["id"] for cohort in cohorts], now)
        return str(cohorts[0].resource["id"])

    def change_file(self, reference: str, words: Entry, now: str) -> str:
        """`words` are laid over the file's own; a word that is null is taken away. LookupError if unknown."""
        cohort, number = self._must_find(reference)
        old = cohort.file(number)
        merged = {**cohort.entry, "created": old["createdTime"], "modified": now, **words}
        entry = {word: value for word, value in merged.items() if value is not None}
        name = str(words.get("name") or old["name"])
        changed = self._file(entry, name, 0, str(old["id"]))
        self._swap((*self._without(cohort, number), changed), [old["id"]], now)
        return str(old["id"])

    def remove_file(self, reference: str, now: str) -> str:
        cohort, number = self._must_find(reference)
        identity = cohort.file(number)["id"]
        self._swap(self._without(cohort, number), [identity], now, removed=True)
        return str(identity)

    def _must_find(self, reference: str) -> tuple[Cohort, int]:
        found = self.find(reference)
        if not found:
            raise LookupError(f"no file {reference!r}")
        return found

    def _without(self, cohort: Cohort, number: int) -> tuple[Cohort, ...]:
        if not cohort.number_of:
            return tuple(c for c in self.corpus.cohorts if c is not cohort)
        holed = replace(cohort, gone=cohort.gone | {number})
        return tuple(holed if c is cohort else c for c in self.corpus.cohorts)

    def _swap(self, cohorts: tuple[Cohort, ...], touched: list[str], now: str, *, removed: bool = False) -> None:
        self.corpus = Corpus(cohorts, self.desk.me.email)
        self.changes.extend(Change(identity, now, removed) for identity in touched)

    def add_app(self, app: Entry) -> str:
        self.apps = [*self.apps, _app(app)]
        return str(self.apps[-1]["id"])

    def remove_app(self, reference: str) -> None:
        kept = [app for app in self.apps if reference not in (app["id"], app["name"])]
        if len(kept) == len(self.apps):
            raise LookupError(f"no app {reference!r}")
        self.apps = kept


def _shared_drives(data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    """`shared_drives`: the members of each with their roles; `me` is this account."""
    return list(data.get("shared_drives", {}).items())


def _names(entry: Entry) -> list[tuple[int, str]]:
    return list(enumerate(entry["names"] if "names" in entry else [entry["name"]]))


def _someone(words: Entry) -> Someone:
    return Someone(words["email"], words["name"], words.get("type", "user"), bool(words.get("deleted")))


def _app(words: Entry) -> Json:
    """`drive_wide` and `authorized` are the persona's words; everything else is Google's."""
    name = str(words["name"])
    number = str(int.from_bytes(opaque(name).encode()[:5], "big"))
    app: Json = {
        "kind": "drive#app",
        "id": words.get("id", number),
        "name": name,
        "objectType": "file",
        "supportsCreate": False,
        "supportsImport": False,
        "supportsMultiOpen": False,
        "supportsOfflineCreate": False,
        "installed": bool(words.get("installed", True)),
        "authorized": bool(words.get("authorized", True)),
        "hasDriveWideScope": bool(words.get("drive_wide")),
        "useByDefault": bool(words.get("use_by_default")),
        "productId": number,
        "productUrl": f"https://workspace.google.com/marketplace/app/{number}",
        "primaryMimeTypes": list(words.get("mime_types", ())),
        "primaryFileExtensions": list(words.get("extensions", ())),
        "secondaryMimeTypes": [],
        "secondaryFileExtensions": [],
        "icons": [{"category": "application", "size": 16, "iconUrl": f"https://drive-icons.test/{number}.png"}],
    }
    for word in ("shortDescription", "longDescription"):
        if word in words:
            app[word] = words[word]
    return app
