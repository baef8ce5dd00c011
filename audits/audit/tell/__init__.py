"""Tell: findings as cards, plain data with finished sentences. Pages lay them out and decide nothing."""

from audits.audit.tell.card import NoSuchCheck, card
from audits.audit.tell.history import timeline
from audits.audit.tell.overview import all_checks, overview
from audits.audit.tell.party import device, named, party
from audits.audit.tell.progress import progress
from audits.audit.tell.progress_over_time import over_time
from audits.audit.tell.rows import reason_sentence
from audits.audit.tell.who import NoSuchGroup, all_of, by_who

__all__ = [
    "NoSuchCheck",
    "NoSuchGroup",
    "all_checks",
    "all_of",
    "by_who",
    "card",
    "device",
    "named",
    "over_time",
    "overview",
    "party",
    "progress",
    "reason_sentence",
    "timeline",
]
