"""Why Google may have stopped answering us, in plain words. Google says only a word, so these are likely reasons.

The words: https://developers.google.com/identity/protocols/oauth2#expiration
"""

from __future__ import annotations

from django.utils.translation import gettext as _


def why_dead(word: str) -> str:
    """`word` is what Connection.state_why holds: an HTTP status and Google's error word, or a word of ours."""
    if "admin_policy_enforced" in word or "org_internal" in word:
        return _("An administrator of this Google account has decided that this app may no longer be used with it.")
    if "deleted_client" in word or "invalid_client" in word or "unauthorized_client" in word:
        return _("The people who host this have to put their registration at Google in order. It is nothing you did.")
    if "no_refresh_token" in word:
        return _("Google gave us access for an hour only. Connect once more, and Google asks you again.")
    return _(
        "Google no longer accepts our access. Likely reasons: you took it back at Google, your password or your "
        "2-step sign-in was changed, it was not used for six months, or this installation is still registered at "
        "Google as a test, where access ends after seven days."
    )
