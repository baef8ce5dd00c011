"""The page behind an invitation: a name and a password, then the second factor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.helpline import door, invitations, sign_in
from audits.helpline.door import for_all
from audits.helpline.sign_in_forms import JoinForm
from audits.models import Helper


@for_all
@require_http_methods(["GET", "HEAD", "POST"])
def desk_invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    try:
        return _join(request, invitation)
    except invitations.NoInvitation:
        return render(request, "desk/no_invitation.html", {"days": invitations.DAYS}, status=404)


def _join(request: HttpRequest, link: str) -> HttpResponse:
    invited = invitations.invited(link)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, invited, form)
    try:
        helper = invitations.accept(link, form.cleaned_data["name"], form.cleaned_data["password"])
    except sign_in.NameTaken:
        form.add_error("name", _("Please take another name. This one is not free."))
        return _page(request, invited, form)
    door.sign_in(request, helper)
    return redirect("desk-factor")


def _page(request: HttpRequest, invited: Helper, form: JoinForm) -> HttpResponse:
    shown = {"form": form, "invited": invited}
    return render(request, "desk/invitation.html", shown, status=400 if form.errors else 200)
