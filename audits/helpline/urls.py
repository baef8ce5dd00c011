"""The Helpers' desk. Closed by default: door.py says who sees what."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from audits.helpline.views import care, home, invitation, lead, operator, second_factor, session, sign_in, ticket

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sign_in.desk_sign_in, name="desk-sign-in"),
    path("x/", sign_in.desk_exit, name="desk-exit"),
    path("out/", sign_in.desk_sign_out, name="desk-sign-out"),
    path("in/<slug:invitation>/", invitation.desk_invitation, name="desk-invitation"),
    path("second/", second_factor.desk_second, name="desk-second"),
    path("second/ask/", second_factor.desk_second_ask, name="desk-second-ask"),
    path("factor/", second_factor.desk_factor, name="desk-factor"),
    path("factor/ask/", second_factor.desk_factor_ask, name="desk-factor-ask"),
    path("factor/remove/", second_factor.desk_factor_remove, name="desk-factor-remove"),
    path("account/", second_factor.desk_account, name="desk-account"),
    path("ticket/", ticket.ticket, name="desk-ticket"),
    path("calls/", home.home, name="desk-home"),
    path("calls/code/", home.code, name="desk-code"),
    path("s/<uuid:session>/", session.session, name="desk-session"),
    path("s/<uuid:session>/c/<slug:place>/", session.card, name="desk-card"),
    path("s/<uuid:session>/k/<uuid:record>/", session.record, name="desk-record"),
    path("s/<uuid:session>/point/", session.point, name="desk-point"),
    path("s/<uuid:session>/point/stop/", session.stop_pointing, name="desk-point-stop"),
    path("s/<uuid:session>/over/", session.offer, name="desk-offer"),
    path("s/<uuid:session>/over/back/", session.offer_back, name="desk-offer-back"),
    path("s/<uuid:session>/leave/", session.leave, name="desk-leave"),
    path("people/", lead.people, name="desk-people"),
    path("people/new/", lead.invite, name="desk-invite"),
    path("people/<uuid:helper>/", lead.person, name="desk-person"),
    path("people/<uuid:helper>/end/", lead.end, name="desk-person-end"),
    path("people/<uuid:helper>/unlock/", lead.unlock, name="desk-person-unlock"),
    path("people/<uuid:helper>/link/", lead.factor, name="desk-person-factor"),
    path("days/", lead.sessions, name="desk-sessions"),
    path("numbers/", lead.numbers, name="desk-numbers"),
    path("line/", lead.line, name="desk-line"),
    path("lines/", operator.lines, name="desk-lines"),
    path("lines/new/", operator.new, name="desk-lines-new"),
    path("lines/<uuid:line>/close/", operator.close, name="desk-lines-close"),
    path("lines/<uuid:line>/lead/", operator.leads, name="desk-lines-lead"),
    path("rules/", care.rules, name="desk-rules"),
    path("hold/", care.hold, name="desk-hold"),
]
