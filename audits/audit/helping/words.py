"""The call-back word: two plain words by which a Person and a helpline know each other.

The Helper can read it only after typing the right code; the Person compares it before they say yes. Whoever rings and
does not know it is not the helpline.
"""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from audits.models import CallWord, Helpline, Person

_FIRST = """
amber autumn birch blue bread bright button candle cedar clay cloud copper cotton crisp daisy dusty early evening fern
field forest garden gentle ginger golden grain green harbour hazel heather honey indigo island ivory ivy lemon linen
little maple marble meadow mellow misty morning mossy olive orange orchard paper pearl pebble pepper pine plain plum
poppy purple quiet rainy river rose round rustic saffron sandy silver simple slow snowy soft spring stone straw summer
sunny sweet tall tidy velvet violet warm willow winter wooden woollen yellow
"""
_SECOND = """
anchor apple apron barn basket bell bench blanket boat book bottle bowl box branch bridge broom brush bucket cabin
carpet chair cherry clock cloth coat comb cup curtain desk door drum fiddle flute fork gate glove hat hill jar kettle
kite ladder lamp leaf letter map mirror mitten needle oven paddle path pear pencil piano pillow plate pocket pond pot
quilt raft ribbon road roof rope sail scarf shelf shoe spoon stair stool stove table teapot thimble thread ticket
towel tower train tray umbrella vase violin wagon wall wheel window
"""


def word_of(person: Person, helpline: Helpline) -> str:
    """The word of these two, made when there is none."""
    known = CallWord.objects.filter(person=person, helpline=helpline).first()
    return str(known.word) if known is not None else new_word(person, helpline)


def new_word(person: Person, helpline: Helpline) -> str:
    word = f"{secrets.choice(_FIRST.split())} {secrets.choice(_SECOND.split())}"
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=person.pk))
        row = CallWord.objects.filter(person=person, helpline=helpline).first()
        row = row or CallWord(person=person, helpline=helpline)
        row.word, row.made_at = word, timezone.now()
        row.save()
    return word
