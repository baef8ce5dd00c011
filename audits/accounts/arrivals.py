"""What happens when a Person comes back from Google, by why they went."""

from __future__ import annotations

from collections.abc import Callable

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from audits import tasks
from audits.accounts import merging, removals, step_up
from audits.accounts.confirming import onward
from audits.accounts.grants import Grant, keep_address, mark, new_connection, take_in
from audits.accounts.looks import ADMINISTRATOR, EXPORTS, LOOKS, Look, LookState, offered
from audits.accounts.one_audit import keep_for_one_audit
from audits.accounts.stopped import Stop, page
from audits.accounts.timeline import Happened, note
from audits.accounts.trips import Purpose, Trip, client_for
from audits.accounts.ways import better_way, ways_of
from audits.audit import adopting, exporting, picking, revocations, work
from audits.models import Connection, Person, Trigger
from audits.models.loading import connection_of
from audits.sources.google.oauth import TokenAnswer


def arrive(request: HttpRequest, grant: Grant, trip: Trip, login: SocialLogin) -> HttpResponse | None:
    """Answer the trip. None: it is a sign-in, and allauth goes on with it."""
    if trip.purpose is Purpose.SIGN_IN:
        return sign_in(request, grant, login)
    person = request.user
    if not isinstance(person, Person) or not person.is_authenticated:
        return page(request, Stop.LOST)
    if trip.purpose is Purpose.CONFIRM:
        return confirm(request, person, grant, trip)
    if trip.purpose is Purpose.SECOND_ACCOUNT:
        return second_account(request, person, grant, trip)
    return same_account(request, person, grant, trip)


# --------------------------------------------------------------------------- signing in


def sign_in(request: HttpRequest, grant: Grant, login: SocialLogin) -> HttpResponse | None:
    trip = Trip(Purpose.SIGN_IN)
    if not login.is_existing:
        return page(request, Stop.NOT_FOR_SIGN_IN) if known(grant) else None
    person = login.user
    if not person.is_active:
        return page(request, Stop.INACTIVE)
    with transaction.atomic():
        connection = Connection.objects.select_for_update().filter(person=person, sub_key=grant.sub_key).first()
        if connection is None:
            connect(person, grant, trip)
        else:
            take_in(connection, grant, trip)
        note(person, Happened.SIGNED_IN)
    return None


def first_sign_in(grant: Grant, save: Callable[[], Person]) -> Person | None:
    """A new Person with their first Connection; None when another window was quicker."""
    try:
        with transaction.atomic():
            person = save()
            connect(person, grant, Trip(Purpose.SIGN_IN))
    except IntegrityError:
        return None
    return person


def connect(person: Person, grant: Grant, trip: Trip) -> Connection:
    connection = new_connection(person, grant)
    take_in(connection, grant, trip)
    note(person, Happened.CONNECTED, connection)
    adopting.out_of_sight(person)
    revocations.forget(grant.sub, settings.GOOGLE_CLIENT_ID)
    return connection


def known(grant: Grant) -> bool:
    """Whether anybody here has to do with this Google account."""
    return (
        Connection.objects.filter(sub_key=grant.sub_key).exists()
        or SocialAccount.objects.filter(provider="google", uid=grant.sub_key).exists()
    )


# --------------------------------------------------------------------------- showing once more who it is


def confirm(request: HttpRequest, person: Person, grant: Grant, trip: Trip) -> HttpResponse:
    if not step_up.signs_in_with(person, grant.sub_key):
        return other_account(request, grant, trip)
    connection = Connection.objects.filter(person=person, sub_key=grant.sub_key).first()
    if connection is not None:
        take_in(connection, grant, trip)
    step_up.mark(request, person)
    return onward(trip.then, trip.connection)


# --------------------------------------------------------------------------- one account more


def second_account(request: HttpRequest, person: Person, grant: Grant, trip: Trip) -> HttpResponse:
    if Connection.objects.filter(person=person, sub_key=grant.sub_key).exists():
        messages.info(request, _("This account was already connected. Nothing has changed."))
        return redirect("account")
    if known(grant) and not step_up.signs_in_with(person, grant.sub_key):
        return somebody_elses(request, person, grant, trip)
    by_code = ways_of(person).code is not None
    try:
        with transaction.atomic():
            connect(person, grant, trip)
            if by_code:
                SocialAccount.objects.create(user=person, provider="google", uid=grant.sub_key)
                better_way(request, person, Happened.SIGNS_IN_WITH_GOOGLE)
    except IntegrityError:
        return page(request, Stop.TAKEN, trip)
    if by_code:
        tell_google_opens_it(request)
        return redirect("looks")
    messages.success(request, _("The second account is connected. Nothing of it is open yet but who it is."))
    return redirect("looks")


def somebody_elses(request: HttpRequest, person: Person, grant: Grant, trip: Trip) -> HttpResponse:
    """Who has a code alone may put both records together, now that Google proved the other one. Nobody else may."""
    if merging.other_record(person, grant.sub_key) is None:
        return page(request, Stop.TAKEN, trip)
    merging.offer(request, person, grant.sub_key)
    return redirect("put-together")


def tell_google_opens_it(request: HttpRequest) -> None:
    messages.success(request, _("The account is connected. From now on you sign in with it."))
    messages.info(request, _("The return code no longer opens your record: you can throw your note away."))
    messages.info(request, _("Wherever else this record was open, it is closed now."))


# --------------------------------------------------------------------------- looks and reconnecting


def same_account(request: HttpRequest, person: Person, grant: Grant, trip: Trip) -> HttpResponse:
    """These trips are for one Connection, and only its own Google account may answer them."""
    try:
        connection = connection_of(person, trip.connection)
    except Http404:
        let_go(grant, client_for(trip.purpose))
        return page(request, Stop.GONE, trip)
    if connection.sub_key != grant.sub_key:
        return other_account(request, grant, trip)
    if trip.purpose is Purpose.ADMINISTRATOR:
        return administrator(request, connection, grant)
    if trip.purpose is Purpose.REMOVE_APP:
        return removals.arrive(request, connection, grant, trip)
    if trip.purpose is Purpose.PHOTOS:
        return photos(request, connection, grant)
    changed = open_looks(connection, grant, trip)
    tell(request, changed, trip)
    return redirect("looks")


def open_looks(connection: Connection, grant: Grant, trip: Trip) -> list[tuple[Look, LookState]]:
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        changed = take_in(locked, grant, trip)
        if trip.purpose is Purpose.RECONNECT:
            note(locked.person, Happened.RECONNECTED, locked)
        for look, state in changed:
            note(locked.person, _HAPPENED[state], locked, look.id)
        revocations.forget(grant.sub, settings.GOOGLE_CLIENT_ID)
    return changed


_HAPPENED = {
    LookState.OPEN: Happened.LOOK_OPENED,
    LookState.UNTICKED: Happened.LOOK_UNTICKED,
    LookState.ENDED: Happened.LOOK_ENDED,
}


def tell(request: HttpRequest, changed: list[tuple[Look, LookState]], trip: Trip) -> None:
    sentences = {
        LookState.OPEN: _("Now open: %(look)s. We use it the next time we look."),
        LookState.UNTICKED: _("Not ticked at Google, so not open: %(look)s. That is fine; you can open it any time."),
        LookState.ENDED: _("No longer open at Google: %(look)s."),
    }
    for look, state in changed:
        messages.info(request, sentences[state] % {"look": look.title})
    if trip.purpose is Purpose.RECONNECT and not changed:
        messages.success(request, _("This account is connected again."))


def administrator(request: HttpRequest, connection: Connection, grant: Grant) -> HttpResponse:
    """The token is for one audit, which starts now. It is never part of the Connection."""
    look = LOOKS[ADMINISTRATOR]
    granted = sorted(grant.scopes & frozenset(look.scopes))
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        locked.asked = sorted({*locked.asked, *look.scopes})
        mark(locked, look, LookState.USED if granted else LookState.UNTICKED)
        keep_address(locked, grant)
        locked.save(update_fields=["asked", "look_marks", "email_sealed", "email_key"])
        note(locked.person, Happened.ADMINISTRATOR_LOOK if granted else Happened.LOOK_UNTICKED, locked, look.id)
        if granted:
            # First the audit: it may stop an older one, which takes the permissions that are older than its end along.
            work.start(locked.person, trigger=Trigger.ADMINISTRATOR, wake=tasks.wake)
            keep_for_one_audit(locked, grant, granted)
    if not granted:
        tell(request, [(look, LookState.UNTICKED)], Trip(Purpose.ADMINISTRATOR))
        return redirect("looks")
    messages.info(request, _("We are looking as administrator, once. Afterwards we throw this permission away."))
    return redirect("overview")


def photos(request: HttpRequest, connection: Connection, grant: Grant) -> HttpResponse:
    """The token is for one round of choosing. It is never part of the Connection, which stays as it was."""
    look = LOOKS["photos"]
    if look not in offered(connection):  # somebody has said meanwhile that they are under 18
        return redirect("looks")
    allowed = frozenset(look.scopes) <= grant.scopes
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        mark(locked, look, LookState.USED if allowed else LookState.UNTICKED)
        locked.save(update_fields=["look_marks"])
        note(locked.person, Happened.PHOTOS_LOOK if allowed else Happened.LOOK_UNTICKED, locked, look.id)
        if allowed:
            picking.begin(locked, grant.access_token, grant.expires_at)
            transaction.on_commit(tasks.wake_picks)
    if not allowed:
        tell(request, [(look, LookState.UNTICKED)], Trip(Purpose.PHOTOS))
    return redirect("photos", connection.public_id)


# --------------------------------------------------------------------------- copies that Google makes


def exports(request: HttpRequest, said: TokenAnswer, trip: Trip) -> HttpResponse:
    """Google does not say which account allowed this. It stands for the one that the Person set out from."""
    person = request.user
    if not isinstance(person, Person) or not person.is_authenticated:
        return page(request, Stop.LOST)
    try:
        connection = connection_of(person, trip.connection)
    except Http404:
        revocations.try_one(revocations.begin(_token(said), "", settings.GOOGLE_PORTABILITY_CLIENT_ID))
        return page(request, Stop.GONE, trip)
    look = LOOKS[EXPORTS]
    allowed = not said.scopes.isdisjoint(look.scopes)
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        mark(locked, look, LookState.USED if allowed else LookState.UNTICKED)
        locked.save(update_fields=["look_marks"])
        note(locked.person, Happened.EXPORT_BEGUN if allowed else Happened.LOOK_UNTICKED, locked, look.id)
        if allowed:
            exporting.begin(locked, said)
            transaction.on_commit(tasks.wake_exports)
    if not allowed:
        tell(request, [(look, LookState.UNTICKED)], trip)
    return redirect("exports", connection.public_id)


def _token(said: TokenAnswer) -> str:
    return said.refresh_token or said.access_token


# --------------------------------------------------------------------------- another account by mistake


def other_account(request: HttpRequest, grant: Grant, trip: Trip) -> HttpResponse:
    let_go(grant, client_for(trip.purpose))
    return page(request, Stop.OTHER_ACCOUNT, trip)


def let_go(grant: Grant, client_id: str) -> None:
    """Give back what was granted by mistake, unless that would end what somebody here connected on purpose."""
    if not Connection.objects.filter(sub_key=grant.sub_key).exists():
        revocations.try_one(revocations.begin(grant.refresh_token or grant.access_token, grant.sub, client_id))
