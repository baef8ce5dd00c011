"""Words of Google's that stand in answers and are nobody's: what `shapes.py` may write out.

Beside these it knows the words that the discovery documents list. They do not list all: the roles of Drive, for one,
stand there only in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

_DRIVE_ROLES = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")
_ROLES = frozenset({*_DRIVE_ROLES, "none", "freeBusyReader", "writerWithoutPrivateAccess"})
_LABELS = frozenset({"INBOX", "TRASH", "SPAM", "UNREAD", "IMPORTANT", "STARRED", "SENT", "DRAFT"})
_TABS = frozenset(f"CATEGORY_{tab}" for tab in ("PERSONAL", "SOCIAL", "PROMOTIONS", "UPDATES", "FORUMS"))
_APPS = ("document", "spreadsheet", "presentation", "folder", "form", "drawing", "map", "site", "shortcut", "script")
_REPORTS = frozenset(
    {
        "2sv_enroll",
        "2sv_disable",
        "2sv_change",
        "password_edit",
        "password_change",
        "recovery_email_edit",
        "recovery_phone_edit",
        "recovery_secret_qa_edit",
        "recovery_info_change",
        "titanium_enroll",
        "titanium_unenroll",
        "titanium_change",
        "passkey_enrolled",
        "passkey_removed",
        "suspicious_login",
        "suspicious_login_less_secure_app",
        "suspicious_programmatic_login",
        "user_signed_out_due_to_suspicious_session_cookie",
        "account_disabled_password_leak",
        "account_disabled_hijacked",
        "account_disabled_generic",
        "email_forwarding_out_of_domain",
        "email_forwarding_change",
        "gov_attack_warning",
        "attack_warning",
        "account_warning",
        "login",
        "login_success",
        "login_failure",
        "login_challenge",
        "login_verification",
        "logout",
        "auth",
        "authorize",
        "revoke",
        "activity",
        "request",
        "deny",
        "app_name",
        "client_id",
        "client_type",
        "scope",
        "scope_data",
        "login_challenge_method",
        "login_type",
        "is_suspicious",
        "is_second_factor",
        "affected_email_address",
        "email_forwarding_destination_address",
    }
)

# Names of mail headers, in small letters. Of their values only what mail_shapes.py says is told.
HEADERS = frozenset(
    {
        "from",
        "to",
        "subject",
        "date",
        "authentication-results",
        "x-account-notification-type",
        "feedback-id",
    }
)

WORDS: Mapping[str, frozenset[str]] = {
    "type": frozenset({"user", "group", "domain", "anyone", "default", "PHOTO", "VIDEO", *_REPORTS}),
    "role": _ROLES,
    "accessRole": _ROLES,
    "view": frozenset({"published", "metadata"}),
    "visibility": frozenset({"anyoneCanFind", "anyoneWithLink", "domainCanFind", "domainWithLink", "limited"}),
    "labelIds": _LABELS | _TABS,
    "addLabelIds": _LABELS | _TABS,
    "removeLabelIds": _LABELS | _TABS,
    "mimeType": frozenset({f"application/vnd.google-apps.{app}" for app in _APPS} | {"image/jpeg", "image/png"}),
    "name": _REPORTS,
    "kind": frozenset({"admin#reports#activities", "admin#reports#activity"}),
}

# Of the Photos Picker API, which has no discovery document among those that ship.
KEYS = frozenset(
    {
        "pickerUri",
        "pollingConfig",
        "pollInterval",
        "timeoutIn",
        "expireTime",
        "pickingConfig",
        "maxItemCount",
        "mediaItemsSet",
        "mediaItems",
        "mediaFile",
        "baseUrl",
        "filename",
        "mediaFileMetadata",
        "cameraMake",
        "cameraModel",
        "photoMetadata",
        "videoMetadata",
        "focalLength",
        "apertureFNumber",
        "isoEquivalent",
        "exposureTime",
        "fps",
        "processingStatus",
    }
)

REASONS = frozenset(
    {
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "FAILED_PRECONDITION",
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "PERMISSION_DENIED",
        "RATE_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "RESOURCE_EXHAUSTED_TIME_BASED",
        "SERVICE_DISABLED",
        "UNAUTHENTICATED",
        "UNAVAILABLE",
        "accessNotConfigured",
        "authError",
        "badRequest",
        "backendError",
        "channelNotFound",
        "dailyLimitExceeded",
        "domainPolicy",
        "failedPrecondition",
        "forbidden",
        "fullSyncRequired",
        "insufficientPermissions",
        "internalError",
        "invalid",
        "invalidParameter",
        "invalidCredentials",
        "notACalendarUser",
        "notFound",
        "quotaExceeded",
        "rateLimitExceeded",
        "required",
        "updatedMinTooLongAgo",
        "userNotFound",
        "userRateLimitExceeded",
        "youtubeSignupRequired",
    }
)

# Subjects of Google's own security mails that were published, in small letters. None of them names anybody.
SUBJECTS = frozenset(
    {
        "security alert",
        "critical security alert",
        "2-step verification turned on",
        "2-step verification turned off",
        "your google account was recovered successfully",
        "archive of google data requested",
        "your google data is ready to download",
        "セキュリティ通知",
        "оповещение о безопасности связанного аккаунта google",
    }
)

# How a session with Google was opened: https://www.rfc-editor.org/rfc/rfc8176
AMR = frozenset({"pwd", "mfa", "hwk", "swk", "otp", "sms", "pin", "user", "fpt", "face"})
