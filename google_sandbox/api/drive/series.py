"""Many generated files from one entry of a persona: `series`. Nothing is made before it is asked for."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from .corpus import Cohort, Fill, slot
from .kinds import KINDS
from .resource import Desk, describe

FIRST_DAY = date(2012, 1, 1)
DAYS = 5_400
ID_TAIL = "xQm7Lk2VbR9sTz4WnY8Cd1Ef"


def series(entry: Mapping[str, Any], desk: Desk, place: int) -> Cohort:
    """`entry` is a file entry with `count` and a `name` that holds one `%d`, for instance `IMG_%05d.jpg`."""
    resource, everybody = describe(entry, desk, slot("name"), slot("id"))
    resource["createdTime"] = resource["viewedByMeTime"] = resource["modifiedTime"] = slot("time")
    if "imageMediaMetadata" in resource and "time" in resource["imageMediaMetadata"]:
        resource["imageMediaMetadata"]["time"] = slot("taken")
    for name in ("md5Checksum", "headRevisionId"):
        if name in resource:
            resource[name] = slot("digest")
    if not KINDS[entry["type"]].native:
        resource["size"] = resource["quotaBytesUsed"] = slot("size")
    return Cohort(
        resource,
        everybody,
        entry=entry,
        count=entry["count"],
        fills=_fills(entry["name"], place, KINDS[entry["type"]].size),
        number_of=_number_of(place, entry["count"]),
    )


def _fills(name: str, place: int, size: int) -> dict[str, Fill]:
    head = f"1S{place:02d}-"
    return {
        "id": lambda n: f"{head}{n:07d}{ID_TAIL}",
        "name": lambda n: name % n,
        "time": lambda n: _days()[(n * 7 + place * 31) % DAYS] + _minutes()[n % 1440],
        "taken": lambda n: _days()[(n * 7 + place * 31) % DAYS].replace("-", ":") + " 09:30:00",
        "digest": lambda n: f"{(n * 2654435761 + place) % 2**64:032x}",
        "size": lambda n: str(size + n * 37 % 900_000),
    }


def _number_of(place: int, count: int) -> Callable[[str], int | None]:
    pattern = re.compile(rf"1S{place:02d}-(\d{{7}}){ID_TAIL}")

    def number_of(file_id: str) -> int | None:
        found = pattern.fullmatch(file_id)
        return int(found[1]) if found and int(found[1]) < count else None

    return number_of


@cache
def _days() -> list[str]:
    return [(FIRST_DAY + timedelta(days=n)).isoformat() for n in range(DAYS)]


@cache
def _minutes() -> list[str]:
    return [f"T{minute // 60:02d}:{minute % 60:02d}:00.000Z" for minute in range(1440)]
