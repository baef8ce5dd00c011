"""The looks a Person may open: what each one sees, in our words and in Google's.

Google's words are the descriptions of the scopes in Google's own discovery documents (drive v3, directory v1); for
Google Photos, which has none, those of https://developers.google.com/photos/overview/authorization.
Scope classes: https://developers.google.com/workspace/drive/api/guides/api-specific-auth
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audits.audit.situation import situation_of
from audits.audit.young import holds_pictures
from audits.models import Connection
from audits.sources.google import scopes

_ROOT = "https://www.googleapis.com/auth/"
EMAIL, PROFILE = f"{_ROOT}userinfo.email", f"{_ROOT}userinfo.profile"
IDENTITY = ("openid", EMAIL, PROFILE)
ADMINISTRATOR = "administrator"
EXPORTS = "exports"

Words = str | Promise


class LookState(StrEnum):
    NOT_ASKED = "not_asked"
    OPEN = "open"
    UNTICKED = "unticked"
    CLOSED = "closed"
    ENDED = "ended"
    USED = "used"  # a look for one time: it was open, and its permission is thrown away


class ScopeClass(StrEnum):
    """How private Google counts a permission, by its own three words."""

    NON_SENSITIVE = "non_sensitive"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"


@dataclass(frozen=True, kw_only=True)
class Look:
    """`google` holds Google's own sentence for each scope; it is shown as it is and never translated by us.

    `page` names a page of its own for a look that is for one time and is never part of the Connection; its address
    takes the Connection's public id.
    """

    id: str
    icon: str
    title: Words
    scopes: tuple[str, ...]
    scope_class: ScopeClass
    google: tuple[str, ...]
    sees: Words
    not_sees: Words
    keeps: Words
    more: Words
    sources: tuple[str, ...]
    page: str = ""

    @property
    def one_audit(self) -> bool:
        return self.id == ADMINISTRATOR

    @property
    def standing(self) -> bool:
        """Open until it is closed, as part of the Connection."""
        return not (self.one_audit or self.page)

    @property
    def of_pictures(self) -> bool:
        """It shows pictures or files, so it is not for somebody under 18."""
        return holds_pictures(self.sources)


LOOKS: Mapping[str, Look] = {
    look.id: look
    for look in (
        Look(
            id="drive_apps",
            icon="i-app",
            title=_("Drive apps"),
            scopes=(scopes.DRIVE_APPS,),
            scope_class=ScopeClass.SENSITIVE,
            google=("View your Google Drive apps",),
            sees=_("which apps can open your Drive, and which can open all of it"),
            not_sees=_("your files, or apps that do not touch Drive"),
            keeps=_("the names of the apps"),
            more=_("We can read this list. We cannot remove an app: that is done on Google’s own page."),
            sources=("drive_apps",),
        ),
        Look(
            id="drive_sharing",
            icon="i-file",
            title=_("Drive sharing"),
            scopes=(scopes.DRIVE_METADATA,),
            scope_class=ScopeClass.RESTRICTED,
            google=("See information about your Google Drive files",),
            sees=_(
                "names of files, who owns them and who can open them, and whether a picture stores the place it was "
                "taken. Files in shared drives too, and files that people you named opened to you"
            ),
            not_sees=_("what is inside any file or picture"),
            keeps=_(
                "names and sharing of files that others can open, names of files that people you named opened to "
                "you, and of a place only that there is one"
            ),
            more=_("Google counts this among its most private permissions, because names of files can say a lot."),
            sources=(
                "drive_public",
                "drive_outsiders",
                "drive_named",
                "drive_trash",
                "drive_storage",
                "drive_incoming",
                "drive_shared_drives",
            ),
        ),
        Look(
            id="mail",
            icon="i-mail",
            title=_("Mail"),
            scopes=(scopes.GMAIL,),
            scope_class=ScopeClass.RESTRICTED,
            google=("View your email messages and settings",),
            sees=_(
                "mails in which Google wrote about your account: sender, day, subject and first line. And settings "
                "of Gmail: where mail goes on to, filters, POP and IMAP, other addresses, automatic answers"
            ),
            not_sees=_("any other mail, or the rest of Google’s mails. We open none of them"),
            keeps=_("day, subject and kind of Google’s own mails, names in them, addresses, and what filters look for"),
            more=_(
                "Google has no smaller permission for this. With it, an app could read all of your mail. We do not, "
                "but you have only our word and our open code for it. If your account has no Gmail, it shows nothing."
            ),
            sources=("gmail_alerts", "gmail_settings"),
        ),
        Look(
            id="drive_activity",
            icon="i-changed",
            title=_("Drive history"),
            scopes=(scopes.DRIVE_ACTIVITY,),
            scope_class=ScopeClass.RESTRICTED,
            google=("View the activity record of files in your Google Drive",),
            sees=_("on which day in the last half year a file of yours was opened to someone, and its name"),
            not_sees=_("what is inside any file, who has read one, or the names of single people"),
            keeps=_("the day, the name of the file, and with which group or organisation, as far as Google says it"),
            more=_(
                "Google’s record also holds changes and moves of files. We ask only for changes of sharing. Google "
                "does not say how far back the record goes, so it can show what was shared, and never that nothing was."
            ),
            sources=("drive_activity",),
        ),
        Look(
            id="calendar",
            icon="i-calendar",
            title=_("Calendar"),
            scopes=(scopes.CALENDAR_LIST, scopes.CALENDAR_ACLS),
            scope_class=ScopeClass.SENSITIVE,
            google=(
                "See the list of Google calendars you’re subscribed to",
                "See the sharing permissions of Google calendars you own",
            ),
            sees=_("the names of your calendars, and who can see or change each of them"),
            not_sees=_("anything that is in a calendar"),
            keeps=_("the names of calendars that others can see, and who those others are"),
            more=_("Google asks for two ticks here. We need both: the list of calendars, and who can see each one."),
            sources=("calendar_sharing",),
        ),
        Look(
            id="videos",
            icon="i-picture",
            title=_("YouTube"),
            scopes=(scopes.YOUTUBE,),
            scope_class=ScopeClass.SENSITIVE,
            google=("View your YouTube account",),
            sees=_("the titles of your own videos and playlists, and whether others can see them"),
            not_sees=_("what you watch, like or search for"),
            keeps=_("the titles of videos and playlists that others can see"),
            more=_(
                "Google’s permission would also let us read what you like and follow. We do not ask for it. If you "
                "have several channels, Google may ask which one to open."
            ),
            sources=("youtube",),
        ),
        Look(
            id="storage",
            icon="i-device",
            title=_("Storage"),
            scopes=(scopes.DRIVE_APPDATA,),
            scope_class=ScopeClass.NON_SENSITIVE,
            google=("See, create, and delete its own configuration data in your Google Drive",),
            sees=_("how much space your account uses, in Drive and outside it"),
            not_sees=_("any file, picture or mail, or their names"),
            keeps=_("two numbers"),
            more=_(
                "Google has no permission for these two numbers alone. This is the smallest one that includes them. "
                "We store nothing in your Drive. If Drive sharing is open, you do not need this one."
            ),
            sources=("drive_storage",),
        ),
        Look(
            id="photos",
            icon="i-picture",
            title=_("Google Photos, for one photo you choose"),
            scopes=(scopes.PHOTOS_PICKER,),
            scope_class=ScopeClass.SENSITIVE,
            google=("Access to create, get, and delete sessions, and to list media items for sessions",),
            sees=_("of the photos that you choose yourself: the day they were taken, and with which phone or camera"),
            not_sees=_("the pictures themselves, any other photo, your albums, or the switch for backup"),
            keeps=_("the day, the phone or camera, and whether it is a video. The permission itself is thrown away"),
            more=_(
                "You choose on Google’s own page, in a new tab. Google may write a mail to this account about the "
                "permission. Apart from that, as far as we know, nobody is told. A session is one time of choosing, "
                "and media items are what you choose. The permission would also let us open them, and we never do. "
                "Google lists it until you disconnect the account here."
            ),
            sources=("photos_picker",),
            page="photos",
        ),
        Look(
            id=EXPORTS,
            icon="i-device",
            title=_("Google’s lists of your phones and browser"),
            scopes=(scopes.PLAY_INSTALLS, scopes.PLAY_DEVICES, scopes.CHROME_EXTENSIONS),
            scope_class=ScopeClass.SENSITIVE,
            google=(
                "Move a copy of your Google Play Store app installations",
                "Move a copy of information about your devices with Google Play Store installed",
                "Move a copy of extensions you installed from the Chrome Web Store",
            ),
            sees=_("the apps Google Play installed, the phones and tablets that use it, and your Chrome extensions"),
            not_sees=_("what is inside any app, where a phone is, the websites you visit, or apps from other places"),
            keeps=_("names of apps, devices and extensions, with their dates. Google’s copy itself is thrown away"),
            more=_(
                "Google makes a copy first, which can take minutes or days. As far as we know, Google offers this "
                "only in the European Economic Area, the United Kingdom and Switzerland, and its page says no to other "
                "accounts. Then nothing changes."
            ),
            sources=("play_apps", "play_devices", "chrome_extensions"),
            page="exports",
        ),
        Look(
            id=ADMINISTRATOR,
            icon="i-person",
            title=_("Administrator look, for one audit"),
            scopes=(scopes.DIRECTORY_USER, scopes.DIRECTORY_SECURITY, scopes.REPORTS),
            scope_class=ScopeClass.SENSITIVE,
            google=(
                "See info about users on your domain",
                "Manage data access permissions for users on your domain",
                "View audit reports for your Google Workspace domain",
            ),
            sees=_(
                "for your own user: whether 2-step sign-in is on, which apps have access, app passwords, your recovery "
                "address and phone, and what your organisation’s log of half a year says of your sign-in and apps"
            ),
            not_sees=_("other people in your organisation. We ask about your own user only"),
            keeps=_("what we found about your user. The permission itself is thrown away after one audit"),
            more=_(
                "With Google’s permission an app could also change things: it could remove access and app passwords, "
                "and it could read about everybody in your organisation. This look does neither, but you have only "
                "our word and our open code for it. Removing an app is a step of its own, which you begin yourself. "
                "It works only if you are an administrator. Your organisation may see in its own logs that you "
                "allowed it."
            ),
            sources=(
                "directory_user",
                "directory_apps",
                "directory_app_passwords",
                "reports_account",
                "reports_apps",
            ),
        ),
    )
}


def look_or_404(look_id: str) -> Look:
    try:
        return LOOKS[look_id]
    except KeyError:
        raise Http404 from None


def offered(connection: Connection) -> tuple[Look, ...]:
    """The looks that make sense for this account."""
    asks_for = {ADMINISTRATOR: may_administrate(connection), EXPORTS: may_export(connection)}
    young = situation_of(connection.person).young
    return tuple(look for look in LOOKS.values() if asks_for.get(look.id, True) and not (young and look.of_pictures))


def may_administrate(connection: Connection) -> bool:
    """Only an account of an organisation can be an administrator's, and only our own client for it may ask."""
    return bool(settings.GOOGLE_ADMIN_CLIENT_ID and connection.hosted_domain)


def may_export(connection: Connection) -> bool:
    """For personal accounts, and only by our own client for it. Of organisations, an administrator decides at Google.
    https://support.google.com/accounts/answer/14452558
    """
    return bool(settings.GOOGLE_PORTABILITY_CLIENT_ID and not connection.hosted_domain)


def state_of(look: Look, connection: Connection) -> LookState:
    """What was granted is the truth; what was asked and marked only tells apart why something is not granted."""
    wanted = frozenset(look.scopes)
    word = connection.look_marks.get(look.id, {}).get("word")
    if not look.standing:
        return LookState(word) if word in (LookState.USED, LookState.UNTICKED) else LookState.NOT_ASKED
    if wanted <= connection.usable_scopes:
        return LookState.OPEN
    if wanted <= frozenset(connection.granted):
        # Closed here, or allowed at Google in another way and never opened here.
        return LookState.CLOSED if word == LookState.CLOSED else LookState.NOT_ASKED
    if word == LookState.UNTICKED:
        return LookState.UNTICKED
    return LookState.ENDED if word in (LookState.OPEN, LookState.ENDED) else LookState.NOT_ASKED


def sources_to_forget(look: Look, connection: Connection) -> tuple[str, ...]:
    """The sources of a look that was closed, without those that another open look still feeds."""
    still = {s for other in LOOKS.values() if state_of(other, connection) is LookState.OPEN for s in other.sources}
    return tuple(source for source in look.sources if source not in still)
