"""The list of people the person has in mind."""

import pytest

from audits.accounts.forms import MOST_NAMES, NameForm
from audits.models import NamedPerson, Person, TimelineEntry
from audits.models.loading import named_person_of
from tests.accounts.kept import everything_kept
from tests.audit import scenes

NAMES = "/names/"


@pytest.fixture
def alice(client, db):
    person, _ = scenes.person_with_connection("alice@gmail.test")
    client.force_login(person)
    return person


def write(client, address):
    return client.post(NAMES, {"address": address})


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
    for number in range(MOST_NAMES):
        write(client, f"p{number}@mail.test")
    answer = write(client, "one-more@mail.test")
    assert answer.status_code == 400
    assert "Your list is full" in answer.text
    assert NamedPerson.objects.count() == MOST_NAMES == 20


def test_taking_out(client, alice):
    write(client, "j.marsh@mail.test")
    named = NamedPerson.objects.get()
    assert client.post(f"/names/{named.public_id}/remove/").status_code == 302
    assert not NamedPerson.objects.exists()
    assert "Nobody is in it" in client.get(NAMES).text


def test_two_people_who_name_the_same_address_do_not_show(client, alice):
    write(client, "j.marsh@mail.test")
    bob = Person.objects.create_user()
    client.force_login(bob)
    write(client, "j.marsh@mail.test")
    first, second = NamedPerson.objects.all()
    assert first.address_key != second.address_key


def test_the_same_address_written_twice_at_once_is_kept_once(alice):
    forms = [NameForm(alice, {"address": "j.marsh@mail.test"}) for _ in range(2)]
    assert all(form.is_valid() for form in forms)
    for form in forms:
        form.keep()
    assert named_person_of(alice, NamedPerson.objects.get().public_id)
