"""What belongs together: two records of one Person, and answers with the account they were about."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.accounts import merging
from audits.accounts.return_codes import BACKEND
from audits.accounts.ways import end_other_sessions
from audits.audit import adopting
from audits.models.loading import connection_of, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def put_together(request: HttpRequest) -> HttpResponse:
    """Offered after both records were proved. Only a yes does anything."""
    person = person_of(request)
    found = merging.offered(request, person)
    if found is None:
        if request.method == "POST":
            messages.info(request, _("Nothing was put together. To try again, connect the account once more."))
        return redirect("account")
    other, account = found
    if request.method != "POST":
        return render(request, "accounts/put_together.html")
    merging.end_offer(request)
    try:
        merging.merge(person, other, account)
    except merging.CannotMerge as stop:
        messages.error(request, _together_full() if stop.full else _("Nothing was put together, and nothing changed."))
        return redirect("account")
    login(request, other, backend=BACKEND)
    end_other_sessions(request, other)
    messages.success(request, _("Both are one record now. You sign in with Google; the return code opens nothing."))
    messages.info(request, _("Wherever else one of them was open, it is closed now."))
    return redirect("overview")


def _together_full() -> str:
    return _(
        "Nothing was put together: both together hold more records or names than fit in one. Delete some that you "
        "do not need, then connect the account once more."
    )


@require_POST
def keep_apart(request: HttpRequest) -> HttpResponse:
    person_of(request)
    merging.end_offer(request)
    messages.info(request, _("Nothing was put together. Both records stay as they are."))
    return redirect("account")


@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    adopting.adopt(person, connection_of(person, request.POST.get("account", "")))
    messages.info(request, _("Kept with this account."))
    return redirect("overview")


@require_POST
def adopt_not(request: HttpRequest) -> HttpResponse:
    adopting.ask_again(person_of(request))
    messages.info(request, _("Those answers no longer count. We ask you again."))
    return redirect("overview")
