"""A musician keeps their shop: opens it, describes it, puts its pieces in order, closes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.parties.details import are_given
from alpheus.parties.models import Account
from alpheus.shops import indexing, rules
from alpheus.shops.errors import HandleRefused, HandleTaken, NotReady, NotYours
from alpheus.shops.models import Piece, Shop
from alpheus.shops.publish import artist_for
from alpheus.shops.rules import Event, Lacking, State
from alpheus.shops.take_in import publish_if_free
from alpheus.values.links import web_addresses
from alpheus.values.text import lines

BIOGRAPHY_MAX = 4000
HUES = 360


def lacking(shop: Shop) -> tuple[Lacking, ...]:
    """What is left to do before a shop opens."""
    return rules.lacking(
        pieces=shop.pieces.count(), has_details=are_given(shop.owner), has_handle=bool(shop.handle)
    )


@transaction.atomic
def name_address(*, owner: Account, handle: str) -> Shop:
    """Choose a shop's address; one that is open keeps the one it has, since people know it.

    Raises:
        NotYours: the account runs none.
        HandleRefused: it cannot be an address.
        HandleTaken: another shop has it.
    """
    shop = _locked(owner)
    wanted = rules.fit_handle(handle)
    problem = rules.handle_problem(wanted)
    if problem is not None:
        raise HandleRefused(problem)
    if shop.opened_at is not None and wanted != shop.handle:
        raise HandleTaken
    shop.handle = wanted
    try:
        with transaction.atomic():
            shop.save(update_fields=["handle"])
    except IntegrityError as error:
        raise HandleTaken from error
    return shop


@transaction.atomic
def describe(*, owner: Account, fields: Mapping[str, str]) -> Shop:
    """Keep what a shop says of itself: `biography`, `links` and `hue`, as far as they are named.

    Raises:
        NotYours: the account runs none.
    """
    shop = _locked(owner)
    if "biography" in fields:
        shop.biography = lines(fields["biography"], limit=BIOGRAPHY_MAX).strip()
    if "links" in fields:
        shop.links = web_addresses(fields["links"])
    if "hue" in fields:
        shop.hue = _hue(fields["hue"])
    shop.save(update_fields=["biography", "links", "hue"])
    return shop


@transaction.atomic
def open_shop(*, owner: Account, now: datetime) -> Shop:
    """Open a shop, or open one again that was closed: its pieces are published. One that is open stays so.

    Raises:
        NotYours: the account runs none.
        NotReady: something is left to do.
        NameTaken: another shop sells under its artist's name.
    """
    shop = _locked(owner)
    after = rules.after(State(shop.state), Event.OPEN)
    if after is None:
        return shop
    left = lacking(shop)
    if left:
        raise NotReady(left)
    shop.artist = artist_for(shop, shop.name)
    shop.state, shop.opened_at = after.value, shop.opened_at or now
    shop.save(update_fields=["artist", "state", "opened_at"])
    for piece in shop.pieces.select_related("shop", "release"):
        publish_if_free(piece=piece, now=now)
    indexing.index_shop(shop)
    return shop


@transaction.atomic
def close_shop(*, owner: Account, now: datetime) -> Shop:
    """Close a shop: its page and its music are not there any more until it opens again. Its address stays its own.

    Raises:
        NotYours: the account runs none.
    """
    shop = _locked(owner)
    after = rules.after(State(shop.state), Event.CLOSE)
    if after is None:
        return shop
    shop.state = after.value
    shop.save(update_fields=["state"])
    _take_down(shop, now)
    indexing.index_shop(shop)
    return shop


@transaction.atomic
def put_in_order(*, owner: Account, releases: Sequence[UUID]) -> Shop:
    """Show a shop's releases in this order; those that are not named come after, as they were.

    Raises:
        NotYours: the account runs none.
    """
    shop = _locked(owner)
    wanted = {gid: place for place, gid in enumerate(releases)}
    pieces = list(shop.pieces.select_related("release").order_by("position", "pk"))
    pieces.sort(
        key=lambda piece: wanted.get(piece.release.gid, len(wanted)) if piece.release else len(wanted)
    )
    for position, piece in enumerate(pieces):
        piece.position = position
    Piece.objects.bulk_update(pieces, ["position"])
    return shop


@transaction.atomic
def forget(*, account: Account, now: datetime) -> None:
    """Take down and forget the shop of an account that is erased; the artist's name stays, as on any record."""
    shop = Shop.objects.filter(owner=account).first()
    if shop is None:
        return
    _take_down(shop, now)
    indexing.forget(shop)
    releases = {it.release.pk: it.release for it in shop.pieces.select_related("release") if it.release}
    shop.delete()
    for release in releases.values():
        release.delete()


def _take_down(shop: Shop, now: datetime) -> None:
    remove_recordings(recordings=[it.recording for it in shop.pieces.select_related("recording")], now=now)


def _locked(owner: Account) -> Shop:
    shop = Shop.objects.select_for_update(of=("self",)).select_related("owner").filter(owner=owner).first()
    if shop is None:
        raise NotYours
    return shop


def _hue(text: str) -> float | None:
    """A whole degree; anything else is paper."""
    return float(int(text) % HUES) if text.isascii() and text.isdigit() and len(text) < 5 else None
