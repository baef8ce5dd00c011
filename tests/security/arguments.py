"""What belongs to Alice, by the name an address gives it. A new argument of a URL needs one line here.

ARGUMENTS: by the name in `<uuid:name>`. FORMS: what a POST to a URL needs to succeed, by the URL's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from audits.audit import keeping, naming
from audits.audit.guided import place_of
from audits.audit.tell.devices import device_key
from audits.checks.catalogue import CHECKS
from audits.checks.names import alike
from audits.facts import ItemKind, Rung
from audits.helpline import invitations
from audits.models import (
    Alert,
    AlertState,
    Audit,
    Connection,
    Finding,
    Helper,
    Helpline,
    HelpSession,
    HelpState,
    NamedDevice,
    NamedPerson,
    Party,
    Person,
    Record,
    ToldItem,
)
from tests.audit import scenes
from tests.helpline import cast


@dataclass(frozen=True)
class World:
    """Alice with something of everything. Hana of the helpline looks along now, and did so once before."""

    alice: Person
    connection: Connection
    finding: Finding
    party: Party
    named_person: NamedPerson
    named_device: NamedDevice
    record: Record
    told_item: ToldItem
    alert: Alert
    line: Helpline
    hana: Helper
    session: HelpSession
    past_session: HelpSession


def build() -> World:
    person, connection = scenes.person_with_connection("alice@shelter.test", "shelter.test")
    said = {
        "drive_apps": [scenes.app("1"), scenes.app("2")],
        "drive_outsiders": [scenes.file("a", source="drive_outsiders", people=["ex@mail.test"])],
        "play_devices": [scenes.play_device("Pixel 6a")],
    }
    scenes.audit_with(person, connection, said)
    named = NamedPerson(person=person, address_key="key", created_at=timezone.now())
    named.address = "ex@mail.test"
    named.save()
    tablet = NamedDevice(person=person, label_key="key")
    tablet.label = "the old tablet"
    tablet.save()
    finding = Finding.objects.filter(person=person, current=True, items__isnull=False).distinct().first()
    party = Party.objects.filter(person=person).first()
    assert finding is not None
    assert party is not None
    naming.name_things(finding, ItemKind.APP, ["PicPolish"], Rung.TOLD)
    told_item = ToldItem.objects.get(person=person)
    record, alert = keeping.keep(person, finding), unseen_reminder(person, finding.audit)
    line = cast.line()
    hana = cast.hana(line)
    past = cast.session_of(person, hana, HelpState.ENDED)
    session = cast.session_of(person, hana)
    return World(person, connection, finding, party, named, tablet, record, told_item, alert, line, hana, session, past)


def unseen_reminder(person: Person, audit: Audit | None) -> Alert:
    now = timezone.now()
    alert = Alert(person=person, audit=audit, state=AlertState.SHOWN, made_at=now, due_at=now)
    alert.content = {"kinds": {"app": 1}}
    alert.save()
    return alert


ARGUMENTS: Mapping[str, Callable[[World], object]] = {
    "finding": lambda world: world.finding.public_id,
    "item": lambda world: world.finding.items.all()[0].key,
    "key": lambda world: world.party.key,
    "connection": lambda world: world.connection.public_id,
    "named_person": lambda world: world.named_person.public_id,
    "named_device": lambda world: world.named_device.public_id,
    "device": lambda world: device_key(world.alice, alike("Pixel 6a")),
    "look": lambda world: "drive_apps",
    "record": lambda world: world.record.public_id,
    "told_item": lambda world: world.told_item.public_id,
    "place": lambda world: place_of(CHECKS["passkeys"], world.connection),
    "session": lambda world: world.past_session.public_id,
}
# At the desk the same word may name something else.
AT_DESK: Mapping[str, Callable[[World], object]] = {
    **ARGUMENTS,
    "session": lambda world: world.session.public_id,
    "helper": lambda world: world.hana.public_id,
    "line": lambda world: world.line.public_id,
    "invitation": lambda world: invitations.again(cast.hana(world.line, "Nora")).link.rstrip("/").split("/")[-1],
}

FORMS: Mapping[str, Callable[[World], dict[str, object]]] = {
    "look-open": lambda world: {"account": world.connection.public_id},
    "look-close": lambda world: {"account": world.connection.public_id},
    "step-up": lambda world: {"then": "disconnect", "account": world.connection.public_id},
    "names": lambda world: {"address": "somebody@mail.test"},
    "name-device": lambda world: {"label": "Galaxy Tab"},
    "label-name": lambda world: {"label": "J."},
    "label-device": lambda world: {"label": "Galaxy Tab"},
    "adopt": lambda world: {"account": world.connection.public_id},
    "reminders-seen": lambda world: {"until": world.alert.public_id},
    "help-list-add": lambda world: {"place": CHECKS["two_step"].code},
}

# Addresses that are for everybody. Whatever is not listed here must send a stranger to the start.
PUBLIC = frozenset(
    {
        "start",
        "begin",
        "privacy",
        "story",
        "exit-help",
        "beliefs",
        "before-sending",
        "quick-exit",
        "google_login",
        "google_callback",
        "healthz",
        "readyz",
        "styleguide",
        "security-events",
        "come-back",
        "sign-in-name",
        "sign-in-passkey",
        "passkey-ask",
    }
)
# Addresses without an argument whose form names something of Alice's: a stranger gets 404 for them too.
NAMED_IN_FORM = frozenset({"step-up", "adopt", "reminders-seen"})

# What a form at the desk needs to be taken, by the address's name.
DESK_FORMS: Mapping[str, Callable[[World], dict[str, object]]] = {}
