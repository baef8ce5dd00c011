"""Google's own mails about the account's security: that one came, when, and what it names. Signs, never proof.

Found by a search over three years, bin and spam included: whoever does not want such a mail to be seen deletes it.
Read are five headers and the line that Google shows in the list of mails; no mail is opened, and no other mail is
asked for. A mail that does not pass the trust gate becomes no fact. It is only counted, for operators.

The next look asks the history of the mailbox whether any mail came since, and only then looks which of them are
Google's. A mail that is gone by then, or was moved into the bin, is no news: what was seen of it stands, with its date,
until everything is read whole again.
https://developers.google.com/workspace/gmail/api/guides/sync
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from audits.facts import SecurityMail, Strength
from audits.sources.google import call, delta, gmail_kinds, gmail_trust, values
from audits.sources.google.batch import MOST_PARTS, fetch_many
from audits.sources.google.documents import GMAIL, JsonObject
from audits.sources.google.errors import GoogleFault, NotFound, TooMany, Unreadable
from audits.sources.google.gmail_mailbox import CALL, history_id, mailbox, read_history_id
from audits.sources.google.gmail_trust import Trust
from audits.sources.google.scopes import GMAIL as SCOPE
from audits.sources.google.source import GoogleSource, Reading, Stamp

QUERY = f"from:{gmail_trust.SENDER} newer_than:3y"
PAGE_SIZE = 500
MOST_MAILS = 500  # read in one audit, the newest; each costs 20 units of 6,000 a minute
MOST_HISTORY_PAGES = 20  # of a mailbox that gets more mail than this, everything is looked through again
_FIELDS = "id,labelIds,internalDate,snippet,payload/headers"


def read(reading: Reading) -> None:
    mark = delta.mark_of(reading.ask)
    if mark is None or not _read_what_came(reading, mark):
        _read_all(reading)


def _read_all(reading: Reading) -> None:
    """The place in the history is taken first: what comes while we read is then read again, not missed."""
    start = history_id(reading)
    _read_mails(reading, _newest(reading))
    delta.keep(reading, delta.Mark(start, reading.stamp["seen_at"]))


def _read_what_came(reading: Reading, mark: delta.Mark) -> bool:
    """False when the history does not reach back that far, or is too long to go through."""
    try:
        came, now = _came_since(reading, mark.token)
    except (NotFound, TooMany):
        return False
    for fact in reading.ask.before:
        if isinstance(fact, SecurityMail):
            reading.put(fact.mail_id, fact)
    if came:
        _read_mails(reading, [mail for mail in _newest(reading) if mail in came])
    delta.keep(reading, delta.Mark(now, mark.whole_at))
    return True


def _came_since(reading: Reading, start: str) -> tuple[set[str], str]:
    """The ids of all mails that came since, whoever sent them, and where the history stands now."""
    asked = {
        "userId": "me",
        "startHistoryId": start,
        "historyTypes": ["messageAdded"],
        "maxResults": PAGE_SIZE,
        "fields": "historyId,nextPageToken,history/messagesAdded/message/id",
    }
    history, came = mailbox(reading).history(), set()
    for page in call.pages(
        reading.session, lambda token: history.list(**asked, pageToken=token), None, most=MOST_HISTORY_PAGES
    ):
        start = read_history_id(page)
        reading.answered = True
        came |= {
            values.identity(values.record(values.record(added).get("message")), "id")
            for entry in _list_or_none(page, "history")
            for added in _list_or_none(values.record(entry), "messagesAdded")
        }
    return came, start


def _list_or_none(found: values.Record, key: str) -> list[object]:
    """Google leaves an empty list out."""
    return values.records(found, key) if key in found else []


def _newest(reading: Reading) -> list[str]:
    mails = list(_listed(reading))
    if len(mails) > MOST_MAILS:
        reading.falls_short(TooMany(f"more than {MOST_MAILS} mails"))
    return mails[:MOST_MAILS]


def _listed(reading: Reading) -> Iterator[str]:
    """Ids of the mails that look like Google's, the newest first."""
    asked = {"userId": "me", "q": QUERY, "includeSpamTrash": True, "maxResults": PAGE_SIZE}
    fields = "messages/id,nextPageToken,resultSizeEstimate"
    messages, count = mailbox(reading).messages(), 0
    for page in call.pages(reading.session, lambda token: messages.list(**asked, pageToken=token, fields=fields), None):
        for item in _mails_of(page):
            yield values.identity(values.record(item), "id")
            count += 1
        reading.answered = True
        if count > MOST_MAILS:
            return


def _mails_of(page: JsonObject) -> list[object]:
    """Without mails the list is left out, and the number of them is there all the same."""
    if "messages" not in page:
        values.whole_number(page, "resultSizeEstimate")
        return []
    return values.records(page, "messages")


def _read_mails(reading: Reading, mails: Sequence[str]) -> None:
    """Those that cannot be had are missing, and said to be. One that was deleted meanwhile is gone, and no fault."""
    doubted = 0
    for start in range(0, len(mails), MOST_PARTS):
        for mail, answer in _fetched(reading, mails[start : start + MOST_PARTS]).items():
            if isinstance(answer, NotFound):
                continue
            if isinstance(answer, GoogleFault):
                reading.falls_short(answer)
                continue
            try:
                doubted += not _take(reading, mail, answer)
            except Unreadable as fault:
                reading.falls_short(fault)
    if doubted and reading.why is None:
        reading.detail = f"{doubted} mails not believed"


def _fetched(reading: Reading, mails: Sequence[str]) -> dict[str, JsonObject | GoogleFault]:
    get = partial(
        mailbox(reading).messages().get,
        userId="me",
        format="metadata",
        metadataHeaders=list(gmail_trust.HEADERS),
        fields=_FIELDS,
    )
    return fetch_many(reading.session, GMAIL, {mail: get(id=mail) for mail in mails}, None)


def _take(reading: Reading, mail: str, message: JsonObject) -> bool:
    """False for a mail that is not believed."""
    if message.get("id") != mail:
        raise Unreadable("another mail than asked for")
    headers = gmail_trust.headers_of(message)
    trust = gmail_trust.trust_of(headers, reading.ask.email)
    if trust is Trust.NOT_BELIEVED:
        return False
    reading.put(mail, _fact(reading, mail, message, headers, trust))
    return True


def _fact(reading: Reading, mail: str, message: JsonObject, headers: gmail_trust.Headers, trust: Trust) -> SecurityMail:
    at = values.epoch(message, "internalDate")
    if at is None:
        raise Unreadable("a mail without a date")
    subject = "".join(headers.get("subject", ()))
    said = (
        gmail_kinds.read_copy(subject)
        if trust is Trust.COPY
        else gmail_kinds.read_mail(gmail_trust.number_of(headers), subject, _snippet(message))
    )
    stamp: Stamp = {**reading.stamp, "strength": Strength.SUGGESTS}
    return SecurityMail(
        **stamp,
        mail_id=mail,
        kind=said.kind,
        at=at,
        name=said.name,
        subject=said.subject,
        by_number=said.by_number,
        binned=not {"TRASH", "SPAM"}.isdisjoint(_labels(message)),
    )


def _snippet(message: values.Record) -> str:
    value = message.get("snippet", "")
    if not isinstance(value, str):
        raise Unreadable("snippet is no text")
    return value


def _labels(message: values.Record) -> set[str]:
    found = _list_or_none(message, "labelIds")
    if not all(isinstance(label, str) for label in found):
        raise Unreadable("labelIds are no texts")
    return {str(label) for label in found}


SOURCE = GoogleSource(
    name="gmail_alerts",
    scopes=(SCOPE,),
    calls=(CALL, "gmail.users.messages.list", "gmail.users.messages.get", "gmail.users.history.list"),
    read=read,
)
