"""What a mail is about: by number in every language, else by English words, else seen and not understood."""

from __future__ import annotations

import pytest

from audits.facts import MailKind
from audits.sources.google.gmail_kinds import read_copy, read_mail

ALERT = "Security alert"
ROWS = [
    # Apps, in both wordings, with names as they come.
    (127, ALERT, "PicPolish was granted access to your Google Account maya@gmail.test", "app_granted", "PicPolish"),
    (127, ALERT, "PicPolish was granted access to your Google account maya@gmail.test", "app_granted", "PicPolish"),
    (127, ALERT, "You allowed PicPolish access to some of your Google Account data", "app_granted", "PicPolish"),
    (
        *(127, ALERT, "You allowed Google &lt;b&gt;Security&lt;/b&gt; access to some of your Google Account data"),
        *("app_granted", "Google <b>Security</b>"),
    ),
    (
        *(127, ALERT, "You allowed Tom &amp; Jerry&#39;s access to some of your Google Account data"),
        *("app_granted", "Tom & Jerry's"),
    ),
    (127, ALERT, "You allowed A\u202eB\u200b access to some of your Google Account data", "app_granted", "AB"),
    (127, ALERT, "You allowed &amp;lt; access to some of your Google Account data", "app_granted", "&lt;"),
    (127, "セキュリティ通知", "PicPolish に Google アカウントへのアクセスを許可しました", "app_granted", ""),
    (127, ALERT, "", "app_granted", ""),
    (127, ALERT, "You allowed access to some of your Google Account data", "app_granted", ""),
    # Other numbers.
    (325, ALERT, "A new sign-in on Windows maya@gmail.test We noticed a new sign-in", "sign_in", "Windows"),
    (325, ALERT, "We noticed a new sign-in to your Google Account on a Pixel 8 device.", "sign_in", "Pixel 8"),
    (
        *(
            31,
            ALERT,
            "New device signed in to maya@gmail.test Your account was just signed in to from a new Mac device",
        ),
        *("sign_in", "Mac"),
    ),
    (
        *(
            20,
            ALERT,
            "App password created maya@gmail.test If you didn&#39;t generate this password for Old Nokia, someone",
        ),
        *("app_password_created", "Old Nokia"),
    ),
    (259, ALERT, "Phone number added for 2-Step Verification", "two_step_phone_added", ""),
    (264, "Ihr Konto", "Etwas", "account_recovered", ""),
]
BY_WORDS = [
    ("2-Step Verification turned on", "", "two_step_on"),
    ("Your Google Account was recovered successfully", "", "account_recovered"),
    ("Archive of Google data requested", "", "export_requested"),
    ("Your Google data is ready to download", "", "export_ready"),
    (ALERT, "Recovery phone was changed maya@gmail.test The recovery phone was changed", "recovery_phone_changed"),
    ("Critical security alert", "A passkey was removed maya@gmail.test", "passkey_removed"),
    (ALERT, "App password used to sign in was removed", "app_password_removed"),
    ("=?UTF-8?B?QXJjaGl2ZSBvZiBHb29nbGUgZGF0YSByZXF1ZXN0ZWQ=?=", "", "export_requested"),
    # What was not seen is not guessed at.
    ("2-Step Verification turned off", "", "not_understood"),
    ("2-Step Verification turned on for others", "", "not_understood"),
    ("Re: Archive of Google data requested", "", "not_understood"),
    (ALERT, "Something A passkey was removed", "not_understood"),
    ("Sicherheitswarnung", "A passkey was removed", "not_understood"),
    (ALERT, "You allowed PicPolish access to some of your Google Account data", "not_understood"),
    ("", "", "not_understood"),
]


@pytest.mark.parametrize(("number", "subject", "line", "kind", "name"), ROWS)
def test_a_number_that_is_known_holds_in_every_language(
    number: int, subject: str, line: str, kind: str, name: str
) -> None:
    found = read_mail(number, subject, line)
    assert (found.kind, found.name, found.by_number) == (MailKind(kind), name, True)


@pytest.mark.parametrize(("subject", "line", "kind"), BY_WORDS)
@pytest.mark.parametrize("number", [None, 27, 9999])
def test_without_a_known_number_only_exact_english_words_count(
    number: int | None, subject: str, line: str, kind: str
) -> None:
    found = read_mail(number, subject, line)
    assert (found.kind, found.name, found.by_number) == (MailKind(kind), "", False)


def test_what_is_not_understood_keeps_its_subject_so_that_people_can_find_it() -> None:
    assert read_mail(None, "=?UTF-8?B?44K744Kt44Ol44Oq44OG44Kj6YCa55+l?=", "").subject == "セキュリティ通知"
    assert read_mail(None, "=?x-no-such?B?AAAA?=", "").subject == "=?x-no-such?B?AAAA?="
    assert len(read_mail(None, "x" * 9_000, "").subject) == 300


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Security alert for jm.new@gmail.test", "jm.new@gmail.test"),
        ("Security alert for your linked Google Account jm.new@gmail.test", "jm.new@gmail.test"),
        ("Оповещение о безопасности связанного аккаунта Google", ""),
        ("Security alert for nobody", ""),
    ],
)
def test_a_copy_names_the_other_account_where_its_subject_does(subject: str, name: str) -> None:
    found = read_copy(subject)
    assert (found.kind, found.name) == (MailKind.OTHER_ACCOUNT, name)


def test_a_long_line_is_read_in_no_time() -> None:
    """An app may have any name; no line makes us go back and forth over it."""
    line = "You allowed " + "access to some of your Google " * 3_000
    assert read_mail(127, ALERT, line).name == ""
    assert read_mail(20, ALERT, "generate this password for " * 3_000).kind is MailKind.APP_PASSWORD_CREATED
