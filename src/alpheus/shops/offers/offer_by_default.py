"""What stands in a shop without a price that its musician set is offered at the house's: a track's, and for a release what is suggested."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from alpheus.shops.brand.queries import fixed_price
from alpheus.shops.models import Piece, Shop
from alpheus.shops.offers import queries
from alpheus.shops.offers.models import Offer
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.offers.set_prices import price
from alpheus.shops.offers.terms import terms
from alpheus.values.money import Money

AT_ONCE = 500


def usual_of_track(fixed: Money | None) -> Asked:
    """What a track asks by default: what its label's agreement fixes, else the house's price."""
    return Asked(Kind.FIXED, fixed or terms().track_price)


def usual_of_release(suggested: Money | None) -> Asked:
    """What a release asks by default: what its tracks suggest; where all of them are free it is, too."""
    return Asked(Kind.FIXED, suggested) if suggested else Asked(Kind.FREE)


@transaction.atomic
def offer_by_default(*, piece: Piece, now: datetime) -> None:
    """Offer a published piece and its release at the usual prices; a price that is there stays as it is."""
    offer_release_by_default(pieces=[piece], now=now)


@transaction.atomic
def offer_release_by_default(*, pieces: Sequence[Piece], now: datetime) -> None:
    """The same of all pieces of one release: its tracks first, since what is suggested for it follows from theirs."""
    if not pieces:
        return
    release = pieces[0].release
    shop = Shop.objects.select_for_update(of=("self",)).get(pk=pieces[0].shop_id)
    usual = usual_of_track(fixed_price(shop, now=now))
    for piece in pieces:
        if not shop.offers.filter(recording=piece.recording_id).exists():
            price(shop=shop, thing=piece.recording, asked=usual, now=now)
    if release is not None and not shop.offers.filter(release=release).exists():
        asked = usual_of_release(queries.suggestions(shop).get(release.gid))
        price(shop=shop, thing=release, asked=asked, now=now)


def offer_what_stands(*, now: datetime) -> int:
    """Offer what was published before there were prices, or by a way that asked for none. Returns how many releases that were."""
    mine = Offer.objects.filter(shop=OuterRef("shop"))
    without = ~Q(Exists(mine.filter(recording=OuterRef("recording")))) | ~Q(
        Exists(mine.filter(release=OuterRef("release")))
    )
    standing = Piece.objects.filter(
        without, release__removed_at=None, release__isnull=False, recording__removed_at=None
    )
    releases = list(standing.order_by("release").values_list("shop", "release").distinct()[:AT_ONCE])
    for shop, release in releases:
        pieces = Piece.objects.filter(shop=shop, release=release, recording__removed_at=None)
        offer_release_by_default(pieces=list(pieces.select_related("release", "recording")), now=now)
    return len(releases)
