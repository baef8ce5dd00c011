"""Start here: a few questions, each of which may be left out. The answers choose and order the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from audits.accounts import gentle
from audits.accounts.return_codes import start_record
from audits.audit.situation import NOTHING, Said, keep, said, situation_of
from audits.checks.catalogue import COMMON
from audits.models import Person

MOST = 50  # of ticks that are read
UNSAFE = frozenset({"unsure", "seen"})
KINDS = ("app", "device")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    form = request.POST
    if request.method != "POST" or "from_start" in form:
        return questions(request, said_before(request) if request.method != "POST" else said_in(form))
    if form.get("device") in UNSAFE and "anyway" not in form:
        return render(request, "accounts/begin_device.html", {"kept": again(form)})
    return go_on(request, NOTHING if "skip" in form else said_in(form))


def go_on(request: HttpRequest, what: Said) -> HttpResponse:
    person = request.user
    if not isinstance(person, Person):
        keep(start_record(request), what)
        return redirect("return-code")
    if "skip" in request.POST:
        return redirect("overview")
    if "forget" not in request.POST and gentle.would_forget(person, what):
        return render(request, "accounts/begin_young.html", {"kept": again(request.POST)})
    gentle.keep_said(person, what)
    return redirect("overview")


def said_before(request: HttpRequest) -> Said:
    return situation_of(request.user) if isinstance(request.user, Person) else NOTHING


def said_in(form: QueryDict) -> Said:
    """What is not one of our own words is left out."""
    return said(
        uses=form.getlist("uses")[:MOST],
        worries=form.getlist("worries")[:MOST],
        young=form.get("age") == "under",
        danger=form.get("danger") == "keep",
    )


def again(form: QueryDict) -> list[tuple[str, str]]:
    """The same answers as hidden fields of the next page, so that nothing has to be kept in between."""
    what = said_in(form)
    ticks = [("uses", one) for one in sorted(what.uses)] + [("worries", one) for one in sorted(what.worries)]
    single = [("age", "under" if what.young else ""), ("danger", "keep" if what.danger else "")]
    skipped = [("skip", "1")] if "skip" in form else []
    return [*ticks, *((name, value) for name, value in single if value), *skipped]


def questions(request: HttpRequest, before: Said) -> HttpResponse:
    shown: Mapping[str, Any] = {
        "said": before,
        "worries": COMMON.worries.items(),
        "kinds": [(kind, [(key, use) for key, use in COMMON.uses.items() if use.kind == kind]) for kind in KINDS],
    }
    return render(request, "accounts/begin.html", shown)
