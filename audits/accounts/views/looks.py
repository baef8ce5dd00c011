"""What we may look at: one card a look and account, each opened and closed on its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from audits.accounts.leaving import close_look, reopen
from audits.accounts.looks import Look, LookState, ScopeClass, Words, look_or_404, offered, state_of
from audits.accounts.privacy import class_words, ordered
from audits.accounts.reasons import why_dead
from audits.accounts.trips import Purpose, Trip, set_out
from audits.audit.tell.sentences import day
from audits.checks.catalogue import CHECKS
from audits.models import Connection, ConnectionState, Person
from audits.models.loading import connection_of, person_of


@dataclass(frozen=True)
class LookCard:
    """`page` is the address of a look that has a page of its own, else "". `answers`: what it helps to tell.

    `warns`: what there is more to know stands in view, because the permission reaches far beyond what we do with it.
    """

    look: Look
    icon: str
    state: str
    open: bool
    open_label: str
    warns: bool
    class_words: Words
    answers: tuple[str, ...]
    page: str


@dataclass(frozen=True)
class LookGroup:
    id: str
    title: Words
    note: Words
    cards: tuple[LookCard, ...]


@dataclass(frozen=True)
class Account:
    connection: Connection
    dead: str  # why Google no longer answers us for this account, or ""
    groups: tuple[LookGroup, ...]


_ICONS: Mapping[LookState, str] = {
    LookState.NOT_ASKED: "m-unchecked",
    LookState.OPEN: "i-tick",
    LookState.UNTICKED: "m-left",
    LookState.CLOSED: "m-left",
    LookState.ENDED: "m-unknown",
    LookState.USED: "i-tick",
}
_STATES = {
    LookState.NOT_ASKED: gettext_lazy("Not asked yet"),
    LookState.OPEN: gettext_lazy("Open since %(day)s"),
    LookState.UNTICKED: gettext_lazy("Not ticked by you at Google, %(day)s"),
    LookState.CLOSED: gettext_lazy("Closed by you, %(day)s"),
    LookState.ENDED: gettext_lazy("Ended at Google, noticed on %(day)s"),
    LookState.USED: gettext_lazy("Used once, %(day)s"),
}
_GROUPS = (
    (
        "less",
        gettext_lazy("Smaller looks"),
        gettext_lazy("As far as we know, Google does not count these among its most private permissions."),
    ),
    (
        "more",
        gettext_lazy("Looks that reach further"),
        gettext_lazy("Google counts these among its most private permissions. Take your time."),
    ),
    (
        "once",
        gettext_lazy("For one time only"),
        gettext_lazy("These do not stay open. We throw the permission away when we are done."),
    ),
)


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    accounts = [account_of(connection) for connection in person_of(request).connections.all()]
    shown = {
        "accounts": accounts,
        "several": len(accounts) > 1,
        "keep_audits": settings.KEEP_AUDITS,
        "keep_history_days": settings.KEEP_HISTORY_DAYS,
    }
    return render(request, "accounts/looks.html", shown)


def account_of(connection: Connection) -> Account:
    dead = why_dead(connection.state_why) if connection.state != ConnectionState.WORKING else ""
    return Account(connection, dead, tuple(groups_of(connection)))


def groups_of(connection: Connection) -> Iterator[LookGroup]:
    """From the least to the most private; what is for one time only stands last."""
    looks = ordered(offered(connection))
    for group, title, note in _GROUPS:
        cards = tuple(card_of(look, connection) for look in looks if group_of(look) == group)
        if cards:
            yield LookGroup(group, title, note, cards)


def group_of(look: Look) -> str:
    if not look.standing:
        return "once"
    return "more" if look.scope_class is ScopeClass.RESTRICTED else "less"


def card_of(look: Look, connection: Connection) -> LookCard:
    state = state_of(look, connection)
    at = connection.look_marks.get(look.id, {}).get("at", "")
    when = day(datetime.fromisoformat(at)) if at else _("an unknown day")
    label = _("Open this look at Google")
    if state is LookState.CLOSED and can_reopen(look, connection):
        label = _("Open this look again")
    if look.one_audit:
        label = _("Look once as administrator")
    if look.page:
        label = _("Go to this look")
    return LookCard(
        look=look,
        icon=_ICONS[state],
        state=_STATES[state] % {"day": when},
        open=state is LookState.OPEN,
        open_label=label,
        warns=look.one_audit or look.scope_class is ScopeClass.RESTRICTED,
        class_words=class_words(look),
        answers=answers_of(look),
        page=reverse(look.page, args=[connection.public_id]) if look.page else "",
    )


def answers_of(look: Look) -> tuple[str, ...]:
    """The checks that this look helps to answer, by what they look at."""
    return tuple(_(check.words.short) for check in CHECKS.values() if set(check.sources) & set(look.sources))


def can_reopen(look: Look, connection: Connection) -> bool:
    """Google still allows what was closed here, so nothing need be asked there."""
    return bool(
        connection.state == ConnectionState.WORKING
        and connection.refresh_token
        and frozenset(look.scopes) <= frozenset(connection.granted)
    )


@require_POST
def look_open(request: HttpRequest, look: str) -> HttpResponse:
    wanted, connection = look_or_404(look), account_in(request)
    if wanted not in offered(connection):
        raise Http404
    if wanted.page:
        return redirect(wanted.page, connection.public_id)
    if wanted.one_audit:
        return set_out(request, Trip(Purpose.ADMINISTRATOR, str(connection.public_id), look), connection)
    closed_here = state_of(wanted, connection) is LookState.CLOSED
    if closed_here and can_reopen(wanted, connection) and reopen(connection, wanted):
        messages.info(request, _("Open again: %(look)s. We use it the next time we look.") % {"look": wanted.title})
        return redirect("looks")
    return set_out(request, Trip(Purpose.LOOK, str(connection.public_id), look), connection)


@require_POST
def look_close(request: HttpRequest, look: str) -> HttpResponse:
    wanted, connection = look_or_404(look), account_in(request)
    close_look(connection, wanted)
    messages.info(
        request,
        _("Closed: %(look)s. What came from it is deleted, but for records that you kept.") % {"look": wanted.title},
    )
    return redirect("looks")


def account_in(request: HttpRequest) -> Connection:
    """The account a form names, or the only one. A stranger's account is not found."""
    person = person_of(request)
    if named := request.POST.get("account", ""):
        return connection_of(person, named)
    return only_connection(person)


def only_connection(person: Person) -> Connection:
    found = list(person.connections.all()[:2])
    if len(found) != 1:
        raise Http404
    return found[0]
