"""What was read from copies that Google made (Data Portability). No call is made here: the copies were read earlier.

Google does not say which account allowed a copy. The facts stand for the Connection that the Person set out from.
"""

from __future__ import annotations

from dataclasses import dataclass

from audits.facts import Coverage, CoverageState, Why
from audits.sources.contract import Ask, Exported, Seen
from audits.sources.google import scopes
from audits.sources.google.source import without_asking


@dataclass(frozen=True)
class ExportSource:
    """A Source over one resource of the Data Portability API."""

    name: str
    resource: str
    scope: str
    calls: tuple[str, ...] = ()

    def asks_google(self, ask: Ask) -> bool:
        return False

    def look(self, ask: Ask) -> Seen:
        if not ask.connection:
            return without_asking(self.name, ask, Why.NOT_CONNECTED)
        found = next((one for one in ask.exported if one.resource == self.resource), None)
        if found is not None and (found.facts or found.why is None):
            return self._seen(ask, found)
        if found is not None and found.why is not None:
            return without_asking(self.name, ask, found.why)
        return without_asking(self.name, ask, Why.NOT_ELIGIBLE if ask.hosted_domain else Why.NOT_ASKED)

    def _seen(self, ask: Ask, found: Exported) -> Seen:
        coverage = Coverage(
            connection=ask.connection,
            source=self.name,
            state=CoverageState.COMPLETE if found.why is None else CoverageState.PARTIAL,
            why=found.why,
            seen_at=found.read_at,
        )
        return Seen(facts=found.facts, coverage=coverage)


APPS = ExportSource("play_apps", "play.installs", scopes.PLAY_INSTALLS)
DEVICES = ExportSource("play_devices", "play.devices", scopes.PLAY_DEVICES)
EXTENSIONS = ExportSource("chrome_extensions", "chrome.extensions", scopes.CHROME_EXTENSIONS)
BY_RESOURCE = {source.resource: source for source in (APPS, DEVICES, EXTENSIONS)}
