"""The Person's pages. Addresses stay in the browser's history, so they say nothing."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from audits.dashboard.views import (
    again,
    alerts,
    blank,
    cards,
    check,
    looking,
    overview,
    party,
    pasting,
    records,
    styleguide,
    timeline,
)

urlpatterns = [
    path("overview/", overview.by_what, name="overview"),
    path("overview/who/", overview.by_who, name="overview-who"),
    path("overview/who/list/", overview.all_of, name="who-list"),
    path("all/", overview.all_checks, name="all-checks"),
    path("c/<slug:place>/", blank.check, name="blank-check"),
    path("c/<slug:place>/told/", blank.answer_check, name="blank-answer-check"),
    path("c/<slug:place>/leave/", blank.leave, name="blank-leave-check"),
    path("c/<slug:place>/page/", pasting.blank_paste, name="blank-paste"),
    path("c/<slug:place>/page/keep/", pasting.blank_keep_pasted, name="blank-keep-pasted"),
    path("n/<uuid:finding>/", check.check, name="check"),
    path("n/<uuid:finding>/items/", check.answer_items, name="answer-items"),
    path("n/<uuid:finding>/told/", check.answer_check, name="answer-check"),
    path("n/<uuid:finding>/leave/", check.leave, name="leave-check"),
    path("n/<uuid:finding>/page/", pasting.paste, name="paste"),
    path("n/<uuid:finding>/page/keep/", pasting.keep_pasted, name="keep-pasted"),
    path("t/<uuid:told_item>/out/", check.take_out, name="take-out"),
    path("n/<uuid:finding>/again/", looking.look_again, name="look-again"),
    path("n/<uuid:finding>/keep/", records.keep, name="record-keep"),
    path("w/<slug:key>/", party.party, name="party"),
    path("w/d/<slug:device>/", party.device, name="device-party"),
    path("w/p/<uuid:named_person>/", party.named_person, name="named-person"),
    path("w/t/<uuid:named_device>/", party.named_device, name="named-device"),
    path("look/", looking.start, name="audit-start"),
    path("look/progress/", looking.progress, name="audit-progress"),
    path("look/stop/", looking.cancel, name="audit-cancel"),
    path("kept/", records.list_of_records, name="records"),
    path("kept/until/", records.until, name="kept-until"),
    path("kept/all/", records.sheet, name="records-sheet"),
    path("kept/<uuid:record>/", records.record, name="record"),
    path("kept/<uuid:record>/delete/", records.delete, name="record-delete"),
    path("again/", again.again, name="again"),
    path("again/pause/", again.pause, name="again-pause"),
    path("again/on/", again.go_on, name="again-go-on"),
    path("reminders/", alerts.reminders, name="reminders"),
    path("reminders/off/", alerts.off, name="reminders-off"),
    path("reminders/try/", alerts.send_test, name="reminder-test"),
    path("reminders/seen/", alerts.seen, name="reminders-seen"),
    path("reminders/file/", alerts.file, name="reminder-file"),
    path("changes/", timeline.timeline, name="timeline"),
    path("changes/progress/", timeline.progress, name="over-time"),
    path("cards/", cards.beliefs, name="beliefs"),
    path("six/", cards.before_sending, name="before-sending"),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide.styleguide, name="styleguide"))
