"""What looks after helpers and callers: the rules and words, and a pause."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.checks.helper_words import COMMON_WORDS
from audits.helpline import care
from audits.helpline.answering import see_other
from audits.helpline.door import EVERY_ROLE, for_roles, helper_of


@for_roles(*EVERY_ROLE)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/rules.html", {"common": COMMON_WORDS})


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """`hold`: "yes" begins a pause, anything else ends it."""
    helper = helper_of(request)
    if request.POST.get("hold") == "yes":
        care.hold(helper)
        messages.info(request, _("You take a pause. Nobody is handed over to you until you end it."))
    else:
        care.go_on(helper)
        messages.info(request, _("Your pause is over. A call can be handed over to you again."))
    return see_other("desk-home")
