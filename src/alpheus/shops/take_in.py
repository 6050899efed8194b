"""What an audit does to shops: an accepted recording founds one or comes into it, and a decision opened again takes it out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from alpheus.catalogue.models import Recording
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.parties.models import Account
from alpheus.shops.errors import NotSoldHere
from alpheus.shops.models import Piece, Shop
from alpheus.shops.publish import publish
from alpheus.shops.rules import Kind, State


@dataclass(frozen=True)
class Claimed:
    """Who somebody said that they are when they applied, and was believed."""

    name: str
    country: str
    links: str


@transaction.atomic
def take_in(*, owner: Account, recording: Recording, claimed: Claimed, now: datetime) -> Piece:
    """Give a recording that was accepted to its owner's shop, which is founded with the first; an open one shows it.

    Where another shop sells under its name it waits, and the studio says so.
    """
    shop, _ = Shop.objects.select_for_update(of=("self",)).get_or_create(
        owner=owner,
        kind=Kind.INDEPENDENT,
        defaults={
            "name": claimed.name,
            "country": claimed.country,
            "links": claimed.links,
            "founded_at": now,
        },
    )
    last = shop.pieces.aggregate(last=Max("position"))["last"]
    piece, _ = Piece.objects.get_or_create(
        recording=recording, defaults={"shop": shop, "position": 0 if last is None else last + 1}
    )
    if shop.state == State.OPEN:
        publish_if_free(piece=piece, now=now)
    return piece


def publish_if_free(*, piece: Piece, now: datetime) -> bool:
    """Publish a piece, unless another shop sells under its name. Returns whether it is published."""
    try:
        with transaction.atomic():
            publish(piece=piece, now=now)
    except NotSoldHere:
        return False
    return True


@transaction.atomic
def take_out(*, recording: Recording, now: datetime) -> None:
    """Take a recording out of its shop: its acceptance is judged again. Plays of it stay counted."""
    piece = Piece.objects.select_related("recording", "release").filter(recording=recording).first()
    if piece is None:
        return
    remove_recordings(recordings=[piece.recording], now=now)
    piece.delete()
