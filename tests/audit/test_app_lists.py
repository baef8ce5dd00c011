"""Lists of watching apps: loaded whole or not at all, and what the apps of a person are found on."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audits.audit.listings import brand_key, listings_of, loaded_lists, name_key
from audits.facts import Fact, PhoneApp, Rung, Strength
from audits.management.commands import load_app_lists
from audits.models import AppList, ListedApp

LISTS = Path(__file__).parents[2] / "google_sandbox" / "app_lists"
IOC, WATCHWARE = LISTS / "ioc.yaml", LISTS / "watchware.yaml"

pytestmark = pytest.mark.django_db


def phone_app(name: str, package: str = "") -> PhoneApp:
    return PhoneApp(
        connection="",
        source="play_apps",
        seen_at=timezone.now(),
        rung=Rung.EXPORT,
        strength=Strength.PROVES,
        package=package,
        name=name,
        device="",
        first_installed_at=None,
        last_updated_at=None,
    )


def load(*files: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_app_lists", *map(str, files), stdout=out, **options)
    return out.getvalue()


def kept() -> set[tuple[str, str, str]]:
    return set(ListedApp.objects.values_list("app_list__kind", "package", "name_key"))


def test_both_lists_with_their_counts() -> None:
    assert "stalkerware: 2 entries, 5 packages and names." in load(IOC, WATCHWARE)
    assert kept() == {
        ("stalkerware", "com.hushtrack.agent", ""),
        ("stalkerware", "com.systemservice", ""),
        ("stalkerware", "", "hushtrack"),
        ("stalkerware", "", "quietsyncagent"),
        ("stalkerware", "", "silentear"),
        ("watchware", "com.familyring.places", ""),
        ("watchware", "", "familyring"),
        ("watchware", "com.hushtrack.agent", ""),
        ("watchware", "", "hushtrack"),
    }


def test_loading_again_changes_nothing_and_a_newer_list_takes_the_place(tmp_path: Path) -> None:
    load(IOC)
    before = kept()
    load(IOC)
    assert kept() == before
    newer = tmp_path / "ioc.yaml"
    newer.write_text("- {name: OtherEar, type: stalkerware, packages: [com.otherear]}\n")
    load(newer)
    assert kept() == {("stalkerware", "com.otherear", ""), ("stalkerware", "", "otherear")}


def test_whose_list_it_is_can_be_said() -> None:
    load(WATCHWARE, title="Made-up list", list_version="2026-11-01", licence="CC BY 4.0")
    assert loaded_lists() == ("Made-up list, 2026-11-01, CC BY 4.0",)


def test_on_the_command_line_version_is_that_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_app_lists", str(WATCHWARE), "--title", "Ours", "--version", "v7", "--licence", "CC BY 4.0")
    assert AppList.objects.get().version == "v7"
    assert "--licence" not in capsys.readouterr().out


def test_without_words_of_an_operator_the_file_speaks_for_itself() -> None:
    assert "No --licence was given" in load(WATCHWARE)
    listed = AppList.objects.get()
    assert (listed.title, len(listed.version)) == ("watchware", 12)


GOOD = "- {name: Good, type: watchware, packages: [com.good]}\n"
BAD = [
    ("", "bad.yaml: is no list"),
    ("[]", "bad.yaml: is no list"),
    ("{}", "bad.yaml: is no list"),
    ("- [", "bad.yaml: while parsing"),
    ("- !!python/object/apply:os.system [ls]\n", "bad.yaml: could not determine a constructor"),
    ("\x00", "bad.yaml: "),
    (GOOD + "- 7\n", "bad.yaml: entry 2: is no mapping"),
    (GOOD + "- {type: watchware}\n", "entry 2: name is no text"),
    (GOOD + "- {name: 7, type: watchware}\n", "entry 2: name is no text"),
    (GOOD + "- {name: '\u202e', type: watchware}\n", "entry 2: name is no text"),
    (GOOD + "- {name: A}\n", "entry 2: type is 'None'"),
    (GOOD + "- {name: A, type: [x]}\n", "entry 2: type is"),
    (GOOD + "- {name: A, type: spyware}\n", "entry 2: type is 'spyware', not one of stalkerware, watchware"),
    (GOOD + "- {name: A, type: watchware, packages: com.a}\n", "entry 2: packages is no list"),
    (GOOD + "- {name: A, type: watchware, packages: [7]}\n", "entry 2: packages holds something that is no text"),
    (GOOD + "- {name: A, type: watchware, packages: [torch]}\n", "packages holds something that is no id"),
    (GOOD + "- {name: A, type: watchware, packages: ['a b.c']}\n", "packages holds something that is no id"),
    (GOOD + "- {name: A, type: watchware, names: ['']}\n", "entry 2: names holds something"),
]


@pytest.mark.parametrize(("text", "problem"), BAD, ids=[problem[-40:] for _, problem in BAD])
def test_a_bad_file_is_refused_as_a_whole_and_its_place_is_named(tmp_path: Path, text: str, problem: str) -> None:
    load(WATCHWARE)
    before = kept()
    bad = tmp_path / "bad.yaml"
    bad.write_text(text)
    with pytest.raises(CommandError, match="Nothing was loaded") as caught:
        load(IOC, bad)
    assert problem in str(caught.value)
    assert kept() == before


def test_what_stands_empty_is_no_mistake(tmp_path: Path) -> None:
    empty = tmp_path / "list.yaml"
    empty.write_text("- {name: A tracker, type: stalkerware, packages: , names: , c2: {ips: }}\n")
    load(empty)
    assert kept() == {("stalkerware", "", "atracker")}


def test_a_file_that_is_too_large_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"absent\.yaml"):
        load(tmp_path / "absent.yaml")
    monkeypatch.setattr(load_app_lists, "LARGEST_FILE", 100)
    with pytest.raises(CommandError, match="is larger than"):
        load(IOC)
    monkeypatch.setattr(load_app_lists, "LARGEST_FILE", 10_000)
    with pytest.raises(CommandError, match="watchware: is in more than one file"):
        load(WATCHWARE, WATCHWARE)


def test_many_problems_are_not_all_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("- 7\n" * 100)
    with pytest.raises(CommandError, match="and 80 more"):
        load(bad)


# --------------------------------------------------------------------------- finding


@pytest.mark.parametrize(
    ("name", "whole", "brand"),
    [
        ("HushTrack", "hushtrack", "hushtrack"),
        ("Hush Track", "hushtrack", "hushtrack"),
        ("HushTrack: quiet sync", "hushtrackquietsync", "hushtrack"),
        ("HushTrack - quiet sync", "hushtrackquietsync", "hushtrack"),
        ("HushTrack \u2013 quiet", "hushtrackquiet", "hushtrack"),
        ("HushTrack (beta)", "hushtrackbeta", "hushtrack"),
        ("Hush-Track", "hushtrack", "hushtrack"),
        ("\uff28\uff35\uff33\uff28", "hush", "hush"),
        ("Go: everything", "goeverything", ""),
        ("Go", "", ""),
        ("\u2603\u2603\u2603\u2603\u2603", "", ""),
        ("", "", ""),
    ],
)
def test_names_are_compared_by_letters_and_digits(name: str, whole: str, brand: str) -> None:
    assert (name_key(name), brand_key(name)) == (whole, brand)


def test_a_long_name_is_cut() -> None:
    assert len(name_key("a" * 5_000)) == 200


def found(*apps: PhoneApp) -> dict[str, tuple[str, str]]:
    facts: list[Fact] = list(apps)
    return {key: (one.kind, one.title) for key, one in listings_of(facts).items()}


def test_what_the_lists_say_of_apps() -> None:
    load(IOC, WATCHWARE)
    assert found(phone_app("Sketchboard"), phone_app("Hushtrackers"), phone_app("System Service")) == {}
    assert found(phone_app("FamilyRing - places of those you love")) == {
        "FamilyRing - places of those you love": ("watchware", "FamilyRing")
    }
    assert found(phone_app("hush track")) == {"hush track": ("stalkerware", "HushTrack")}, "the graver word stands"
    assert found(phone_app("Quiet Sync Agent: backup")) == {}, "of an app made to spy the whole name must be the same"
    assert found(phone_app("HushTrack: family")) == {"HushTrack: family": ("watchware", "HushTrack")}
    by_package = phone_app("Anything", package="com.hushtrack.agent")
    assert found(by_package) == {"com.hushtrack.agent": ("stalkerware", "HushTrack")}
    assert found(phone_app("A", package="com.hushtrack.agent.more")) == {}, "exactly this package"


def test_without_lists_or_apps_nothing_is_found(django_assert_num_queries: Any) -> None:
    assert found(phone_app("HushTrack")) == {}
    assert loaded_lists() == ()
    with django_assert_num_queries(0):
        assert found() == {}
