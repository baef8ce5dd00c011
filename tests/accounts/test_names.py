"""The list of people the person has in mind."""

import pytest

from audits.accounts.name_forms import DeviceForm, PersonForm
from audits.audit import name_list
from audits.audit.asks import MOST_ADDRESSES, build_ask
from audits.audit.named import named_by
from audits.audit.situation import keep, said
from audits.models import NamedDevice, NamedPerson, Person, TimelineEntry
from audits.models.loading import named_person_of
from tests.accounts.kept import everything_kept
from tests.audit import scenes

NAMES, THINGS = "/names/", "/names/things/"
HOSTILE = "<b>J.</b> \u202egnp.exe"


@pytest.fixture
def alice(client, db):
    person, _ = scenes.person_with_connection("alice@gmail.test")
    client.force_login(person)
    return person


def write(client, address, label=""):
    return client.post(NAMES, {"address": address, "label": label})


def in_list(person):
    return {one.name: list(one.texts) for one in named_by(person)}


def test_an_address_is_kept_sealed_and_shown(client, alice):
    assert write(client, "  J.Marsh@Mail.test ").status_code == 302
    assert NamedPerson.objects.get().address == "j.marsh@mail.test"
    assert "j.marsh@mail.test" in client.get(NAMES).text
    assert "marsh" not in everything_kept()


def test_nothing_of_it_stands_in_the_timeline(client, alice):
    write(client, "j.marsh@mail.test")
    assert not TimelineEntry.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["", "   ", "nobody", "a@b", "two@mail.test, three@mail.test", "x" * 250 + "@mail.test", "o'hara\"@mail.test",
     "back\\slash@mail.test", "nul\x00@mail.test", "<script>@mail.test", "line\nbreak@mail.test"],
)  # fmt: skip
def test_what_is_no_address_is_sent_back_with_a_reason(client, alice, address):
    answer = write(client, address)
    assert answer.status_code == 400
    assert 'class="field__error"' in answer.text
    assert "<script>@" not in answer.text
    assert not NamedPerson.objects.exists()


def test_an_apostrophe_is_told_apart_from_what_is_wrong(client, alice):
    assert "cannot search for an address with these characters" in write(client, "o'hara@mail.test").text


def test_an_address_stands_in_the_list_once(client, alice):
    write(client, "j.marsh@mail.test")
    assert "already in your list" in write(client, "J.MARSH@mail.test").text
    assert NamedPerson.objects.count() == 1


def test_ones_own_connected_account_is_not_somebody_to_look_for(client, alice):
    assert "your own connected account" in write(client, "Alice@gmail.test").text


def test_the_list_has_an_end(client, alice):
    for number in range(MOST_ADDRESSES):
        write(client, f"p{number}@mail.test")
    answer = write(client, "one-more@mail.test")
    assert answer.status_code == 400
    assert "Your list is full: it holds 20 addresses" in answer.text
    assert NamedPerson.objects.count() == MOST_ADDRESSES == 20
    for number in range(name_list.MOST_LABELS):
        assert write(client, "", f"Name {number}").status_code == 302
        assert client.post(THINGS, {"label": f"Thing {number}"}).status_code == 302
    assert "it holds 20 names of people" in write(client, "", "One more").text
    assert "it holds 20 devices" in client.post(THINGS, {"label": "One more"}).text
    assert (NamedPerson.objects.count(), NamedDevice.objects.count()) == (40, 20)


def test_taking_out(client, alice):
    write(client, "j.marsh@mail.test")
    client.post(THINGS, {"label": "the old tablet"})
    named, tablet = NamedPerson.objects.get(), NamedDevice.objects.get()
    assert client.post(f"/names/{named.public_id}/remove/").status_code == 302
    assert client.post(f"{THINGS}{tablet.public_id}/remove/").status_code == 302
    assert not NamedPerson.objects.exists()
    assert not NamedDevice.objects.exists()
    answer = client.get(NAMES).text
    assert "Nobody is in it" in answer
    assert "No device is in it" in answer


def test_somebody_has_a_label_and_as_many_addresses_as_are_known(client, alice):
    write(client, "", "  J.  Marsh ")
    write(client, "j.marsh@mail.test", "j. marsh")
    write(client, "jm@other.test", "J. MARSH")
    write(client, "aunt@mail.test")
    assert in_list(alice) == {"J. Marsh": ["j.marsh@mail.test", "jm@other.test"], "aunt@mail.test": ["aunt@mail.test"]}
    assert "already in your list" in write(client, "", "J. marsh").text
    assert "Marsh" not in everything_kept()
    assert all(text in client.get(NAMES).text for text in ("J. Marsh", "jm@other.test", "aunt@mail.test"))


def test_a_label_can_be_changed_joined_and_taken_from_its_addresses(client, alice):
    write(client, "j.marsh@mail.test", "J.")
    write(client, "jm@other.test", "J.")
    write(client, "", "Marsh")
    first = NamedPerson.objects.first()
    change = f"/names/{first.public_id}/label/"
    assert client.post(change, {"label": "marsh"}).status_code == 302
    assert in_list(alice) == {"Marsh": ["j.marsh@mail.test", "jm@other.test"]}, "the bare label is one with it now"
    client.post(change, {"label": ""})
    assert list(in_list(alice)) == ["j.marsh@mail.test", "jm@other.test"]
    client.post(change, {"label": "Ex"})
    assert in_list(alice) == {"Ex": ["j.marsh@mail.test"], "jm@other.test": ["jm@other.test"]}


def test_a_label_without_an_address_cannot_become_nothing(client, alice):
    write(client, "", "J.")
    answer = client.post(f"/names/{NamedPerson.objects.get().public_id}/label/", {"label": " "})
    assert answer.status_code == 400
    assert '<details class="fold" open>' in answer.text
    assert in_list(alice) == {"J.": []}


def test_devices_have_labels_and_each_stands_once(client, alice):
    client.post(THINGS, {"label": "the old tablet"})
    client.post(THINGS, {"label": "Pixel"})
    assert "already in your list" in client.post(THINGS, {"label": "The OLD  tablet"}).text
    pixel = NamedDevice.objects.get(label_key=name_list.device_key(alice.pk, "Pixel"))
    assert client.post(f"{THINGS}{pixel.public_id}/label/", {"label": "the old tablet"}).status_code == 400
    assert client.post(f"{THINGS}{pixel.public_id}/label/", {"label": ""}).status_code == 400
    assert client.post(f"{THINGS}{pixel.public_id}/label/", {"label": "Pixel 6"}).status_code == 302
    assert list(in_list(alice)) == ["the old tablet", "Pixel 6"]
    assert "tablet" not in everything_kept()


@pytest.mark.parametrize("label", ["", " ", "\u200b\u202e", "\x00", "x" * 61, "\ufeff\n"])
@pytest.mark.parametrize("where", [NAMES, THINGS])
def test_what_is_no_name_is_sent_back_with_a_reason(client, alice, where, label):
    answer = client.post(where, {"label": label})
    assert answer.status_code == 400
    assert 'class="field__error"' in answer.text
    assert in_list(alice) == {}


@pytest.mark.parametrize("where", [NAMES, THINGS])
def test_a_hostile_name_stays_text_and_cannot_turn_the_words_around(client, alice, where):
    assert client.post(where, {"label": HOSTILE}).status_code == 302
    (name,) = in_list(alice)
    assert name == "<b>J.</b> gnp.exe"
    for page in (NAMES, "/overview/who/", "/overview/who/list/?of=named"):
        text = client.get(page).text
        assert "&lt;b&gt;J.&lt;/b&gt;" in text
        assert "<b>J.</b>" not in text


def test_what_somebody_else_named_is_not_there_for_a_stranger(client, alice):
    write(client, "j.marsh@mail.test", "J.")
    client.post(THINGS, {"label": "Pixel"})
    named, pixel = NamedPerson.objects.get(), NamedDevice.objects.get()
    client.force_login(Person.objects.create_user())
    for path in (f"/names/{named.public_id}/", f"{THINGS}{pixel.public_id}/"):
        for what in ("label/", "remove/"):
            assert client.post(f"{path}{what}", {"label": "Mine"}).status_code == 404
    assert client.get(f"/w/p/{named.public_id}/").status_code == 404
    assert client.get(f"/w/t/{pixel.public_id}/").status_code == 404
    assert in_list(alice) == {"J.": ["j.marsh@mail.test"], "Pixel": []}


def test_any_address_of_somebody_opens_their_page(client, alice):
    write(client, "j.marsh@mail.test", "J.")
    write(client, "jm@other.test", "J.")
    for one in NamedPerson.objects.all():
        text = client.get(f"/w/p/{one.public_id}/").text
        assert "j.marsh@mail.test" in text
        assert "jm@other.test" in text
        assert "<title>Notes</title>" in text


def test_only_addresses_are_handed_to_a_look_and_none_that_was_taken_away(client, alice):
    connection = alice.connections.get()
    write(client, "", "J.")
    client.post(THINGS, {"label": "Pixel"})
    assert build_ask(alice, connection).named_people == ()
    write(client, "j.marsh@mail.test", "J.")
    assert build_ask(alice, connection).named_people == ("j.marsh@mail.test",)
    client.post(f"/names/{NamedPerson.objects.get().public_id}/remove/")
    assert build_ask(alice, connection).named_people == ()


def test_the_page_says_what_naming_does_and_under_18_what_it_does_not(client, alice):
    grown, young = (
        "Google Drive is asked about the addresses in this list, and about no others",
        "we do not look at files",
    )
    assert grown in client.get(NAMES).text
    keep(alice, said(uses=(), worries=(), young=True, danger=False))
    text = client.get(NAMES).text
    assert young in text
    assert grown not in text
    assert young in client.post(NAMES, {"address": "j.marsh@mail.test"}, follow=True).text


def test_two_people_who_name_the_same_address_do_not_show(client, alice):
    write(client, "j.marsh@mail.test")
    bob = Person.objects.create_user()
    client.force_login(bob)
    write(client, "j.marsh@mail.test")
    first, second = NamedPerson.objects.all()
    assert first.address_key != second.address_key


def test_the_same_address_written_twice_at_once_is_kept_once(alice):
    forms = [PersonForm(alice, {"address": "j.marsh@mail.test"}) for _ in range(2)]
    assert all(form.is_valid() for form in forms)
    assert [form.keep() for form in forms] == [True, False]
    assert "already in your list" in str(forms[1].errors)
    assert named_person_of(alice, NamedPerson.objects.get().public_id)


def test_the_same_device_written_twice_at_once_is_kept_once(alice):
    forms = [DeviceForm(alice, {"label": "Pixel"}) for _ in range(2)]
    assert all(form.is_valid() for form in forms)
    assert [form.keep() for form in forms] == [True, False]
