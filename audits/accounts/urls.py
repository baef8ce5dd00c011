"""Addresses stay in the browser's history, so they say nothing."""

from __future__ import annotations

from django.urls import include, path

from audits.accounts.views import (
    account,
    events,
    exports,
    goodbye,
    leave,
    looks,
    names,
    photos,
    remove_app,
    start,
    story,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("privacy/", start.privacy, name="privacy"),
    path("sees/", story.story, name="story"),
    path("leaving/", start.exit_help, name="exit-help"),
    path("x/", leave.quick_exit, name="quick-exit"),
    path("looks/", looks.looks, name="looks"),
    path("looks/<slug:look>/open/", looks.look_open, name="look-open"),
    path("looks/<slug:look>/close/", looks.look_close, name="look-close"),
    path("photos/<uuid:connection>/", photos.photos, name="photos"),
    path("photos/<uuid:connection>/begin/", photos.begin, name="photos-begin"),
    path("photos/<uuid:connection>/stop/", photos.stop, name="photos-stop"),
    path("lists/<uuid:connection>/", exports.exports, name="exports"),
    path("lists/<uuid:connection>/begin/", exports.begin, name="exports-begin"),
    path("lists/<uuid:connection>/stop/", exports.stop, name="exports-stop"),
    path("lists/<uuid:connection>/forget/", exports.forget, name="exports-forget"),
    path("n/<uuid:finding>/remove/<slug:item>/", remove_app.remove_app, name="remove-app"),
    path("names/", names.names, name="names"),
    path("names/<uuid:named_person>/remove/", names.remove_name, name="remove-name"),
    path("account/", account.account, name="account"),
    path("account/more/", account.second_account, name="second-account"),
    path("account/confirm/", goodbye.confirm, name="step-up"),
    path("account/delete/", goodbye.delete_all, name="delete-everything"),
    path("account/zone/", account.time_zone, name="time-zone"),
    path("account/sign-out/", leave.sign_out, name="sign-out"),
    path("account/<uuid:connection>/again/", account.reconnect, name="reconnect"),
    path("account/<uuid:connection>/disconnect/", goodbye.disconnect_account, name="disconnect"),
    path("events/google/", events.google_events, name="security-events"),
    path("accounts/", include("audits.accounts.google_provider.urls")),
]
