"""Somebody sets what releases and tracks of a shop cost: one price for all that they chose, or nothing changes.

Both verbs are about the shop that is named, or the first in which they work (seats.py).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from alpheus.catalogue.models import Recording, Release
from alpheus.parties.models import Account
from alpheus.shops.brand.errors import PriceFixed
from alpheus.shops.brand.queries import agreement_on
from alpheus.shops.models import Shop
from alpheus.shops.offers import queries, rules
from alpheus.shops.offers.errors import OfferUnknown, PriceRefused
from alpheus.shops.offers.models import Offer, Price, PriceAmount
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.rules import May
from alpheus.shops.seats import locked
from alpheus.values.money import Currency

THINGS_MAX = 20_000
"""Priced at once: the tracks and releases of a whole catalogue."""


@transaction.atomic
def set_prices(
    *, owner: Account, shop: UUID | None = None, things: Sequence[UUID], asked: Asked, now: datetime
) -> int:
    """Ask a price for releases and tracks from now on. Returns for how many it is another one than before.

    Raises:
        NotYours, RoleRefused: the account works in no shop, or may not.
        OfferUnknown: something of it does not stand in their shop; nothing is changed.
        PriceRefused: it cannot be asked for something of it; nothing is changed.
        PriceFixed: something of it is a track, and the label's agreement says what those cost; nothing is changed.
    """
    row = locked(owner, shop, May.PRICES)
    found = _of_shop(row, things)
    _refuse_what_is_fixed(row, found, asked, now)
    for thing in found:
        problem = rules.problem(asked, is_track=isinstance(thing, Recording))
        if problem is not None:
            raise PriceRefused(problem)
    return sum(price(shop=row, thing=thing, asked=asked, now=now) for thing in found)


@transaction.atomic
def set_currency(*, owner: Account, shop: UUID | None = None, currency: Currency) -> Shop:
    """Choose what a shop's new prices are in; those that were set stay in what they were set in.

    Raises:
        NotYours, RoleRefused: the account works in no shop, or may not.
    """
    row = locked(owner, shop, May.PRICES)
    row.currency = currency
    row.save(update_fields=["currency"])
    return row


def _refuse_what_is_fixed(
    shop: Shop, things: Sequence[Release | Recording], asked: Asked, now: datetime
) -> None:
    agreement = agreement_on(shop, now.astimezone(UTC).date())
    if agreement is None or asked == Asked(Kind.FIXED, agreement.terms.price):
        return
    if any(isinstance(it, Recording) for it in things):
        raise PriceFixed(agreement.terms, agreement.made_on)


def price(*, shop: Shop, thing: Release | Recording, asked: Asked, now: datetime) -> bool:
    """Ask a price for something of a shop that nobody else prices meanwhile. Returns whether it is another one."""
    about = {"release": thing} if isinstance(thing, Release) else {"recording": thing}
    row, _ = Offer.objects.get_or_create(shop=shop, **about, defaults={"made_at": now})
    last = row.prices.order_by("-number").first()
    if last is not None and queries.asked_in(last) == asked:
        return False
    made = Price.objects.create(offer=row, number=last.number + 1 if last else 1, kind=asked.kind, since=now)
    amounts = [(asked.base, True), *((it, False) for it in asked.others.values())]
    PriceAmount.objects.bulk_create(
        PriceAmount(price=made, currency=it.currency, minor=it.minor, is_base=is_base)
        for it, is_base in amounts
        if it is not None
    )
    return True


def _of_shop(shop: Shop, things: Sequence[UUID]) -> list[Release | Recording]:
    wanted = set(things)
    pieces = shop.pieces.select_related("release", "recording")
    pieces = pieces.filter(Q(release__gid__in=wanted) | Q(recording__gid__in=wanted))
    found: dict[UUID, Release | Recording] = {}
    for piece in pieces:
        found |= {it.gid: it for it in (piece.release, piece.recording) if it and it.gid in wanted}
    if found.keys() != wanted:
        raise OfferUnknown
    return [found[gid] for gid in dict.fromkeys(things)]
