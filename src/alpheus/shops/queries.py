"""Reads of this room, named by what they return."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from alpheus.catalogue import queries as catalogue
from alpheus.catalogue.lists import Order
from alpheus.catalogue.models import Recording, Release
from alpheus.parties.models import Account
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Piece, Shop
from alpheus.shops.rules import State
from alpheus.values.cursor import Page

NEWEST: Final = Order("shops", "opened_at", datetime, descending=True)


def shop_at(handle: str) -> Shop:
    """The open shop at an address.

    Raises:
        ShopUnknown: there is none.
    """
    row = (
        Shop.objects.select_related("artist", "owner").filter(handle=handle.lower(), state=State.OPEN).first()
    )
    if row is None:
        raise ShopUnknown
    return row


def shop_of(account: Account) -> Shop | None:
    """The shop that an account runs; None while nothing of theirs was accepted."""
    return Shop.objects.select_related("artist", "owner").filter(owner=account).first()


def shop_of_artist(artist: UUID) -> Shop | None:
    """The open shop of an artist."""
    return Shop.objects.filter(artist__gid=artist, state=State.OPEN).first()


def pieces_of(shop: Shop) -> list[Piece]:
    """What was accepted for a shop, in its order; of a release with several tracks the first."""
    rows = shop.pieces.select_related("recording", "release").order_by("position", "pk")
    first: dict[tuple[str, int], Piece] = {}
    for it in rows:
        first.setdefault(("release", it.release_id) if it.release_id else ("piece", it.pk), it)
    return list(first.values())


def releases_of(shop: Shop) -> list[Release]:
    """What stands in a shop, in its order, as cards."""
    return catalogue.releases_of(list(dict.fromkeys(_standing(shop).values_list("release__gid", flat=True))))


def recordings_of(shop: Shop) -> list[Recording]:
    """What sounds in a shop, in its order, with all that a player needs."""
    return catalogue.recordings_of(list(_standing(shop).values_list("recording__gid", flat=True)))


def _standing(shop: Shop) -> QuerySet[Piece]:
    rows = shop.pieces.filter(release__removed_at=None, recording__removed_at=None)
    return rows.order_by("position", "pk")


def newest(*, cursor: str | None = None, size: int) -> Page[Shop]:
    """Open shops, the newest first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = Shop.objects.select_related("artist").filter(state=State.OPEN)
    return NEWEST.page(rows, cursor=cursor, size=size)
