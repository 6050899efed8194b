"""Somebody keeps a shop: opens it, describes it, puts its pieces in order, closes it.

Each verb is about the shop that is named, or the first in which they work (seats.py), and raises as `seats.locked` does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.parties.details import are_given
from alpheus.parties.models import Account
from alpheus.rights.early import end_of_shop
from alpheus.shops import indexing, rules
from alpheus.shops.errors import HandleRefused, HandleTaken, NotReady
from alpheus.shops.models import Piece, Shop
from alpheus.shops.moves.models import Move
from alpheus.shops.moves.rules import State as Moved
from alpheus.shops.publish import artist_for
from alpheus.shops.queries import free_like
from alpheus.shops.rules import Event, Kind, Lacking, May, State
from alpheus.shops.seats import locked
from alpheus.shops.take_in import publish_if_free
from alpheus.values.links import web_addresses
from alpheus.values.text import lines

BIOGRAPHY_MAX = 4000
HUES = 360


def lacking(shop: Shop) -> tuple[Lacking, ...]:
    """What is left to do before a shop opens."""
    return rules.lacking(
        pieces=shop.pieces.count(),
        has_details=shop.owner is not None and are_given(shop.owner),
        has_handle=bool(shop.handle),
        kind=Kind(shop.kind),
        was_filled=was_filled(shop),
    )


def was_filled(shop: Shop) -> bool:
    """Whether something stood in a shop once: it was open, or its artist's releases moved out of it."""
    moved = Move.objects.filter(from_shop=shop, state=Moved.MOVED, takes_releases=True)
    return shop.opened_at is not None or moved.exists()


@transaction.atomic
def name_address(*, owner: Account, shop: UUID | None = None, handle: str) -> Shop:
    """Choose a shop's address; one that is open keeps the one it has, since people know it.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
        HandleRefused: it cannot be an address.
        HandleTaken: another shop has it; it tells one like it that is free.
    """
    row = locked(owner, shop, May.OPEN)
    wanted = rules.fit_handle(handle)
    problem = rules.handle_problem(wanted)
    if problem is not None:
        raise HandleRefused(problem)
    if row.opened_at is not None and wanted != row.handle:
        raise HandleTaken
    row.handle = wanted
    try:
        with transaction.atomic():
            row.save(update_fields=["handle"])
    except IntegrityError as error:
        raise HandleTaken(free_like(wanted)) from error
    return row


@transaction.atomic
def describe(*, owner: Account, shop: UUID | None = None, fields: Mapping[str, str]) -> Shop:
    """Keep what a shop says of itself: `biography`, `links` and `hue`, as far as they are named.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
    """
    row = locked(owner, shop, May.PAGE)
    if "biography" in fields:
        row.biography = lines(fields["biography"], limit=BIOGRAPHY_MAX).strip()
    if "links" in fields:
        row.links = web_addresses(fields["links"])
    if "hue" in fields:
        row.hue = _hue(fields["hue"])
    row.save(update_fields=["biography", "links", "hue"])
    return row


@transaction.atomic
def open_shop(*, owner: Account, shop: UUID | None = None, now: datetime) -> Shop:
    """Open a shop, or open one again that was closed: its pieces are published. One that is open stays so.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
        NotReady: something is left to do.
        NameTaken: another shop sells under its artist's name.
    """
    row = locked(owner, shop, May.OPEN)
    after = rules.after(State(row.state), Event.OPEN)
    if after is None:
        return row
    left = lacking(row)
    if left:
        raise NotReady(left)
    row.artist = artist_for(row, row.name) if row.kind == Kind.INDEPENDENT else None
    row.state, row.opened_at = after.value, row.opened_at or now
    row.save(update_fields=["artist", "state", "opened_at"])
    for piece in row.pieces.select_related("shop", "release"):
        publish_if_free(piece=piece, now=now)
    indexing.index_shop(row)
    return row


@transaction.atomic
def close_shop(*, owner: Account, shop: UUID | None = None, now: datetime) -> Shop:
    """Close a shop: its page and its music are not there any more until it opens again. Its address stays its own.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
    """
    row = locked(owner, shop, May.CLOSE)
    after = rules.after(State(row.state), Event.CLOSE)
    if after is None:
        return row
    row.state = after.value
    row.save(update_fields=["state"])
    _take_down(row, now)
    end_of_shop(row.gid, now=now)
    indexing.index_shop(row)
    return row


@transaction.atomic
def put_in_order(*, owner: Account, shop: UUID | None = None, releases: Sequence[UUID]) -> Shop:
    """Show a shop's releases in this order; those that are not named come after, as they were.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
    """
    row = locked(owner, shop, May.PAGE)
    wanted = {gid: place for place, gid in enumerate(releases)}
    pieces = list(row.pieces.select_related("release").order_by("position", "pk"))
    pieces.sort(
        key=lambda piece: wanted.get(piece.release.gid, len(wanted)) if piece.release else len(wanted)
    )
    for position, piece in enumerate(pieces):
        piece.position = position
    Piece.objects.bulk_update(pieces, ["position"])
    return row


@transaction.atomic
def forget(*, account: Account, now: datetime) -> None:
    """Take down and forget the shop of an account that is erased; the artist's name stays, as on any record."""
    shop = Shop.objects.filter(owner=account, kind=Kind.INDEPENDENT).first()
    if shop is None:
        return
    _take_down(shop, now)
    end_of_shop(shop.gid, now=now)
    indexing.forget(shop)
    releases = {it.release.pk: it.release for it in shop.pieces.select_related("release") if it.release}
    shop.delete()
    for release in releases.values():
        release.delete()


def _take_down(shop: Shop, now: datetime) -> None:
    remove_recordings(recordings=[it.recording for it in shop.pieces.select_related("recording")], now=now)


def _hue(text: str) -> float | None:
    """A whole degree; anything else is paper."""
    return float(int(text) % HUES) if text.isascii() and text.isdigit() and len(text) < 5 else None
