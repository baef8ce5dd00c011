"""Every state of every page of the dashboard, by a name: template and what it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audits.audit.tell import cards, sending
from audits.checks.sending import SENDING
from audits.dashboard import specimens
from tests.dashboard import samples

OVERVIEW = "dashboard/overview.html"
WHO = "dashboard/who.html"
CHECK = "dashboard/check.html"

LOST = replace(specimens.ACCOUNT, reconnect=True, state_sentence="Google no longer lets us look.")
LEFT = replace(specimens.GUIDED, left=True, left_text="You left this on 26 October.")


NAMED = replace(
    specimens.GUIDED, items=(specimens.NAMED,), page=specimens.CARD.page, items_title="What you named", machine=False
)


def pasted(*names: str) -> Mapping[str, Any]:
    return {"names": names, "cut": len(names) == 300, "back": "/c/0/", "keep": "/c/0/page/keep/", "title": "Devices"}


SENT = sending.before_sending([tick.id for part in SENDING.steps for tick in part.ticks])


def overview(**changes: Any) -> tuple[str, Mapping[str, Any]]:
    return OVERVIEW, {"overview": replace(specimens.OVERVIEW, **changes)}


def empty(**changes: Any) -> tuple[str, Mapping[str, Any]]:
    return OVERVIEW, {"overview": replace(specimens.EMPTY, **changes)}


PAGES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "overview": overview(),
    "nothing-yet": empty(),
    "no-account": empty(accounts=(), begin=False, first=specimens.FIRST),
    "young": overview(young=True, helps=specimens.FINE.short),
    "all-checks": ("dashboard/all.html", {"places": samples.full_places()}),
    "lost-account": overview(accounts=(LOST,)),
    "queued": empty(progress=specimens.WAITING),
    "waiting-long": empty(progress=specimens.WAITING_LONG),
    "running": overview(progress=specimens.RUNNING),
    "failed": overview(progress=specimens.FAILED),
    "cancelled": overview(progress=specimens.CANCELLED),
    "full": (OVERVIEW, {"overview": samples.full_overview()}),
    "hostile-overview": (OVERVIEW, {"overview": samples.hostile_overview()}),
    "who": (WHO, {"overview": specimens.OVERVIEW, "groups": specimens.WHO.groups, "by_who": True}),
    "who-list": ("dashboard/who_list.html", {"list": samples.hostile_list()}),
    "hostile-who": (WHO, {"overview": specimens.OVERVIEW, "groups": samples.hostile_groups(), "by_who": True}),
    "check": (CHECK, {"card": specimens.CARD}),
    "check-running": (CHECK, {"card": replace(specimens.CARD, progress=specimens.RUNNING)}),
    "guided": (CHECK, {"card": specimens.GUIDED, "guided_first": True}),
    "named": (CHECK, {"card": NAMED, "guided_first": True}),
    "pasted": ("dashboard/pasted.html", pasted("PicPolish", "Windows phone of 2015")),
    "hostile-pasted": ("dashboard/pasted.html", pasted(samples.HOSTILE[:80], samples.REVERSED, "W" * 80)),
    "full-pasted": ("dashboard/pasted.html", pasted(*(f"{number} {'M' * 70}" for number in range(300)))),
    "left": (CHECK, {"card": LEFT, "guided_first": True}),
    "full-check": (CHECK, {"card": samples.full_card()}),
    "hostile-check": (CHECK, {"card": samples.hostile_card()}),
    "party": ("dashboard/party.html", {"card": specimens.PARTY}),
    "named-party": ("dashboard/party.html", {"card": specimens.NAMED_PARTY}),
    "hostile-party": ("dashboard/party.html", {"card": samples.hostile_party()}),
    "record": ("dashboard/record.html", {"record": samples.record()}),
    "record-does-not-fit": ("dashboard/record.html", {"record": samples.record(fits=False)}),
    "record-does-not-open": ("dashboard/record.html", {"record": replace(samples.record(fits=False), card=None)}),
    "hostile-record": ("dashboard/record.html", {"record": samples.hostile_record()}),
    "full-record": ("dashboard/record.html", {"record": samples.full_record()}),
    "records": ("dashboard/records.html", {"records": samples.records(), "most": 200}),
    "timeline": ("dashboard/timeline.html", {"timeline": specimens.TIMELINE}),
    "over-time": ("dashboard/over_time.html", {"over_time": specimens.OVER_TIME}),
    "over-time-nothing": ("dashboard/over_time.html", {"over_time": replace(specimens.OVER_TIME, months=(), older=())}),
    "hostile-timeline": ("dashboard/timeline.html", {"timeline": samples.hostile_timeline()}),
    "beliefs": ("dashboard/myths.html", {"myths": cards.beliefs(["snapchat"])}),
    "before-sending": ("dashboard/before_sending.html", {"card": sending.before_sending()}),
    "before-sending-list": ("dashboard/before_sending.html", {"card": SENT, "asked": True}),
    "before-sending-young": ("dashboard/before_sending_young.html", {"card": sending.under_18()}),
}
