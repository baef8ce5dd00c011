"""The one call that changes something at Google: end one app's access to the account that asks (tokens.delete).

https://developers.google.com/workspace/admin/directory/reference/rest/v1/tokens/delete
It may be asked twice without harm. A person waits for the page meanwhile, so it gives up soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from audits.sources.contract import Credentials
from audits.sources.google import call
from audits.sources.google.documents import DIRECTORY, service
from audits.sources.google.errors import Forbidden, NotAdministrator, NotFound
from audits.sources.google.http import Answer, Http
from audits.sources.google.retry import Patience
from audits.sources.google.session import Session
from privacy_audit.environment import read_float

CALL = "directory.tokens.delete"
LONGEST_ANSWER = 10.0  # seconds
LONGEST_WAIT = 25.0  # seconds, with every try
PATIENCE = Patience(tries=3, first=0.5, longest=4.0)


def remove(credentials: Credentials, own_address: str, client_id: str, now: Callable[[], datetime]) -> None:
    """`own_address` is the account that gave these credentials, and `client_id` an app on its list.

    Raises GoogleFault; NotFound means that there was nothing to remove.
    """
    if "@" not in own_address or not client_id:
        raise NotFound("no address of our own, or no app")
    until = time.monotonic() + LONGEST_WAIT
    timeout = min(read_float("GOOGLE_TIMEOUT_SECONDS"), LONGEST_ANSWER)
    http = Http(timeout=timeout)
    with Session(
        credentials, now=now, stopped=lambda: time.monotonic() > until, http=http, patience=PATIENCE
    ) as session:
        tokens = service(DIRECTORY, session.root(DIRECTORY)).tokens()
        try:
            session.ask(call.question(tokens.delete(userKey=own_address, clientId=client_id)), _believe)
        except Forbidden as fault:
            if fault.reason == "forbidden":
                raise NotAdministrator(fault.detail, reason=fault.reason) from fault
            raise
        finally:
            http.close()


def _believe(answer: Answer) -> None:
    """204, or an empty object, as Google's page has it. A 200 without a byte is neither."""
    if answer.status != 204:
        call.believe(answer, None)
