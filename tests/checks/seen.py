"""Evidence for the rules, put together by hand: what sources saw, how far they came, and what Maya said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from audits.facts import (
    Access,
    AccountBasics,
    AccountEvent,
    AppPassword,
    AutoReply,
    BrowserExtension,
    CalendarAccess,
    ConnectedApp,
    Coverage,
    CoverageState,
    DriveMember,
    Evidence,
    Fact,
    IncomingFile,
    ItemAnswer,
    ItemKind,
    MailFilter,
    MailForwarding,
    MailKind,
    MailPickup,
    NamedThing,
    PhoneApp,
    PickedPhoto,
    PlayDevice,
    Rung,
    SecurityMail,
    SendAs,
    SharedFile,
    SharingEvent,
    SignIn,
    StorageUse,
    Strength,
    Told,
    ToldAnswer,
    TrashedPicture,
    TwoStep,
    Video,
    Why,
)

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=90)
AFTER = NOW + timedelta(minutes=18)
MAYA = "maya"

LIVE: dict[str, Any] = {"connection": MAYA, "seen_at": NOW, "rung": Rung.LIVE, "strength": Strength.PROVES}
ADMIN: dict[str, Any] = {**LIVE, "rung": Rung.ADMIN}
SIGN: dict[str, Any] = {**LIVE, "strength": Strength.SUGGESTS}
LINK = (Access("link", "reader"),)


def evidence(
    *facts: Fact,
    whole: Iterable[str] = (),
    short: Mapping[str, Why] | None = None,
    answers: Mapping[tuple[ItemKind, str], ItemAnswer] | None = None,
    connected: bool = True,
    consumer: bool | None = True,
) -> Evidence:
    """`whole`: sources read whole; `short`: sources that fell short, and why."""
    coverage = {source: covered(source) for source in whole}
    coverage |= {source: covered(source, why) for source, why in (short or {}).items()}
    return Evidence(
        now=NOW,
        connected=connected,
        consumer=consumer if connected else None,
        facts=facts,
        coverage=coverage,
        item_answers=answers or {},
    )


def covered(source: str, why: Why | None = None, state: CoverageState = CoverageState.PARTIAL) -> Coverage:
    state = CoverageState.COMPLETE if why is None else state
    return Coverage(connection=MAYA, source=source, state=state, why=why, seen_at=NOW)


def told(check: str, answer: ToldAnswer, at: datetime = AFTER) -> Told:
    return Told(
        connection=MAYA,
        source="told_us",
        seen_at=at,
        rung=Rung.TOLD,
        strength=Strength.TOLD,
        check=check,
        answer=answer,
    )


def named(
    check: str, name: str, at: datetime = NOW, *, rung: Rung = Rung.TOLD, kind: ItemKind = ItemKind.DEVICE
) -> NamedThing:
    return NamedThing(
        connection=MAYA,
        source="told_us",
        seen_at=at,
        rung=rung,
        strength=Strength.TOLD,
        check=check,
        thing=f"thing-{name}",
        kind=kind,
        name=name,
    )


def drive_app(name: str, *, wide: bool | None = True, authorized: bool = True, app_id: str = "") -> ConnectedApp:
    return ConnectedApp(
        **LIVE,
        source="drive_apps",
        app_id=app_id or f"id-{name}",
        name=name,
        via="drive",
        drive_wide=wide,
        authorized=authorized,
        installed=True,
    )


def granted_app(name: str, *scopes: str, wide: bool = False, anonymous: bool = False, app_id: str = "") -> ConnectedApp:
    return ConnectedApp(
        **ADMIN,
        source="directory_apps",
        app_id=app_id or f"client-{name}",
        name=name,
        via="directory",
        drive_wide=wide,
        authorized=True,
        installed=False,
        scopes=scopes,
        anonymous=anonymous,
    )


def app_password(
    code: str, name: str = "Mail", made: datetime | None = BEFORE, used: datetime | None = None
) -> AppPassword:
    return AppPassword(
        **ADMIN, source="directory_app_passwords", code_id=code, name=name, created_at=made, last_used_at=used
    )


def two_step(enrolled: bool, enforced: bool | None = False) -> TwoStep:
    return TwoStep(**ADMIN, source="directory_user", enrolled=enrolled, enforced=enforced)


def sign_in(*amr: str, said: bool = True) -> SignIn:
    return SignIn(**SIGN, source="sign_in_claims", amr=amr if said else None, signed_in_at=BEFORE, hosted_domain=None)


def open_file(
    name: str, *, access: tuple[Access, ...] = LINK, mime: str = "application/pdf", **more: Any
) -> SharedFile:
    more = {"open_to_anyone": True, "source": "drive_public", "has_location": None, **more}
    picture = mime.startswith(("image/", "video/"))
    link = f"https://drive.google.com/file/d/{name}/view"
    return SharedFile(
        **LIVE, file_id=f"file-{name}", name=name, mime_type=mime, link=link, picture=picture, access=access, **more
    )


def open_picture(name: str, *, located: bool | None = False, **more: Any) -> SharedFile:
    return open_file(name, mime="image/jpeg", has_location=located, **more)


def file_for(*people: str, name: str = "plan", role: str = "reader", pending: bool = False) -> SharedFile:
    access = tuple(Access("user", role, person.lower(), pending_owner=pending) for person in people)
    return open_file(name, access=access, source="drive_named", open_to_anyone=False, named=people)


def binned(name: str, *, shared: bool = False, at: datetime | None = BEFORE) -> TrashedPicture:
    return TrashedPicture(
        **LIVE,
        source="drive_trash",
        file_id=f"file-{name}",
        name=name,
        mime_type="image/jpeg",
        link="",
        trashed_at=at,
        shared=shared,
    )


def storage(outside_gigabytes: float, *, pooled: bool = False) -> StorageUse:
    outside = int(outside_gigabytes * 2**30)
    return StorageUse(**LIVE, source="drive_storage", usage=outside + 500, in_drive=500, pooled=pooled)


def picked(
    model: str = "Pixel 8", make: str = "Google", *, days_ago: float = 2, video: bool = False, at: datetime = NOW
) -> PickedPhoto:
    return PickedPhoto(
        **{**SIGN, "seen_at": at},
        source="photos_picker",
        photo_id=f"{make}{model}{days_ago}",
        taken_at=at - timedelta(days=days_ago),
        make=make,
        model=model,
        video=video,
    )


def log_entry(what: str, *, at: datetime = BEFORE, source: str = "reports_account", **more: Any) -> AccountEvent:
    application = "token" if source == "reports_apps" else "login"
    event_id = f"{what} {at.isoformat()} {more.get('app_id', '')}".strip()
    return AccountEvent(**ADMIN, source=source, event_id=event_id, application=application, what=what, at=at, **more)


def let_in(name: str, *, at: datetime = BEFORE, what: str = "authorize") -> AccountEvent:
    return log_entry(what, at=at, source="reports_apps", name=name, app_id=f"client-{name}")


def basics(email: str = "", phone: str = "", *aliases: str) -> AccountBasics:
    return AccountBasics(
        **ADMIN,
        source="directory_user",
        is_admin=True,
        suspended=False,
        last_sign_in_at=BEFORE,
        recovery_email=email,
        recovery_phone=phone,
        aliases=aliases,
    )


def calendar(
    name: str, who: str = "", *, kind: str = "user", role: str = "reader", named: bool = False
) -> CalendarAccess:
    return CalendarAccess(
        **LIVE,
        source="calendar_sharing",
        calendar_id=f"calendar-{name}",
        calendar=name,
        kind=kind,
        role=role,
        address=who,
        named=named,
    )


def video(title: str, privacy: str = "unlisted", *, playlist: bool = False) -> Video:
    return Video(
        **LIVE,
        source="youtube",
        video_id=f"video-{title}",
        title=title,
        playlist=playlist,
        privacy=privacy,
        published_at=BEFORE,
    )


def incoming(name: str, owner: str, role: str = "reader", mime: str = "application/pdf") -> IncomingFile:
    return IncomingFile(
        **LIVE,
        source="drive_incoming",
        file_id=f"file-{name}",
        name=name,
        mime_type=mime,
        link="",
        owner=owner.lower(),
        named=owner,
        role=role,
    )


def drive_member(who: str, role: str = "reader", holds: str = "plan") -> DriveMember:
    return DriveMember(
        **LIVE, source="drive_shared_drives", drive_id="drive", holds=holds, kind="user", role=role, address=who
    )


def sharing(name: str, kind: str = "user", who: str = "people/7", *, added: bool = True, **more: Any) -> SharingEvent:
    return SharingEvent(
        **LIVE,
        source="drive_activity",
        event_id=f"event-{name}-{kind}-{added}",
        at=more.get("at", BEFORE),
        file_id=f"file-{name}",
        file=name,
        added=added,
        kind=kind,
        who=who,
        role="viewer",
        by_me=more.get("by_me", True),
    )


EXPORT: dict[str, Any] = {**LIVE, "rung": Rung.EXPORT}


def phone_app(name: str, *, device: str = "Google Pixel 8", package: str = "", at: datetime = BEFORE) -> PhoneApp:
    return PhoneApp(
        **EXPORT,
        source="play_apps",
        package=package,
        name=name,
        device=device,
        first_installed_at=at,
        last_updated_at=None,
    )


def play_device(name: str, *, since: datetime | None = BEFORE, last: datetime | None = NOW) -> PlayDevice:
    return PlayDevice(
        **EXPORT,
        source="play_devices",
        device_id=f"id {name}",
        name=name,
        maker="",
        model=name,
        registered_at=since,
        last_seen_at=last,
    )


def extension(name: str, *, enabled: bool = True, incognito: bool = False) -> BrowserExtension:
    return BrowserExtension(
        **EXPORT, source="chrome_extensions", extension_id=f"id-{name}", name=name, enabled=enabled, incognito=incognito
    )


def mail(kind: MailKind, name: str = "", at: datetime = BEFORE, **more: Any) -> SecurityMail:
    usual: dict[str, Any] = {"mail_id": f"{kind.value} {name} {at}", "subject": "Security alert", "by_number": True}
    return SecurityMail(**SIGN, source="gmail_alerts", kind=kind, name=name, at=at, **usual | more)


def forwarding(address: str, way: str = "all", **more: Any) -> MailForwarding:
    return MailForwarding(**LIVE, source="gmail_settings", address=address, way=way, **more)


def mail_filter(number: str, *, alerts: bool = True, **does: bool) -> MailFilter:
    does_all: dict[str, Any] = {"bins": False, "archives": False, "marks_read": False, **does}
    return MailFilter(
        **LIVE, source="gmail_settings", filter_id=number, matches=f"from:({number})", alerts=alerts, **does_all
    )


def pickup(protocol: str, enabled: bool, window: str = "") -> MailPickup:
    return MailPickup(**LIVE, source="gmail_settings", protocol=protocol, enabled=enabled, window=window)


def send_as(address: str, *, primary: bool = False, reply_to: str = "", confirmed: bool | None = True) -> SendAs:
    return SendAs(
        **LIVE,
        source="gmail_settings",
        address=address,
        name="",
        primary=primary,
        reply_to=reply_to,
        confirmed=confirmed,
    )


def auto_reply(enabled: bool, everyone: bool = True) -> AutoReply:
    return AutoReply(**LIVE, source="gmail_settings", enabled=enabled, everyone=everyone)
