"""Reads of offers, named by what they return."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from alpheus.catalogue.lists import Order
from alpheus.catalogue.models import Recording, Release, Track
from alpheus.parties.models import Account
from alpheus.parties.queries import names_of
from alpheus.shops.models import Shop
from alpheus.shops.offers import rules
from alpheus.shops.offers.errors import OfferUnknown
from alpheus.shops.offers.models import Offer, Price, PriceAmount, Sales, Wish
from alpheus.shops.offers.models import Rate as RateRow
from alpheus.shops.offers.rules import Asked, Kind, Rate, Rounding
from alpheus.shops.offers.terms import terms
from alpheus.shops.rules import State
from alpheus.values.cursor import Page
from alpheus.values.money import Currency, Money

WISHES_SHOWN_MAX = 200
RATES: Final = Order("rates", "set_at", datetime, descending=True)


@dataclass(frozen=True)
class Offered:
    """An offer with what is asked for it now, and since when."""

    offer: Offer
    asked: Asked
    since: datetime

    @property
    def thing(self) -> Release | Recording:
        """What is offered."""
        found = self.offer.release or self.offer.recording
        if found is None:
            raise OfferUnknown
        return found


@dataclass(frozen=True)
class Standing:
    """A track or a release of a musician's shop, and what they ask for it; None where nothing was set or taken as usual yet."""

    thing: Release | Recording
    offered: Offered | None
    is_track: bool


def offers_of(things: Iterable[UUID]) -> dict[UUID, Offered]:
    """What is asked for these releases and recordings where they stand in an open shop, by their gid."""
    wanted = list(things)
    if not wanted:
        return {}
    # Their numbers first: a condition on two joined tables at once would read every offer there is.
    releases = list(Release.objects.filter(gid__in=wanted).values_list("pk", flat=True))
    recordings = list(Recording.objects.filter(gid__in=wanted).values_list("pk", flat=True))
    rows = _standing().filter(Q(release__in=releases) | Q(recording__in=recordings))
    return {it.thing.gid: it for it in _priced(rows)}


def offer(gid: UUID) -> Offered:
    """An offer of an open shop.

    Raises:
        OfferUnknown: there is none, or what it offers is not there.
    """
    found = _priced(_standing().filter(gid=gid))
    if not found:
        raise OfferUnknown
    return found[0]


def offers_by_gid(gids: Iterable[UUID]) -> dict[UUID, Offered]:
    """Offers of open shops by gid; those that are not there are left out."""
    return {it.offer.gid: it for it in _priced(_standing().filter(gid__in=list(gids)))}


def own_standing(shop: Shop) -> list[Standing]:
    """All releases and tracks of a shop, released or waiting, in its order: a release before its tracks."""
    pieces = list(shop.pieces.select_related("release__credit", "release__cover", "recording__credit"))
    priced = {it.thing.gid: it for it in _priced(_offers().filter(shop=shop))}
    shown: dict[UUID, Standing] = {}
    for piece in pieces:
        for thing in (piece.release, piece.recording):
            if thing is not None and not (isinstance(thing, Release) and thing.removed_at):
                is_track = isinstance(thing, Recording)
                shown.setdefault(thing.gid, Standing(thing, priced.get(thing.gid), is_track))
    return list(shown.values())


def own_offer(shop: Shop, thing: UUID) -> Offer:
    """The offer of a shop's release or track.

    Raises:
        OfferUnknown: it has none of that.
    """
    row = _offers().filter(Q(release__gid=thing) | Q(recording__gid=thing), shop=shop).first()
    if row is None:
        raise OfferUnknown
    return row


def asked_on(row: Offer, *, at: datetime) -> Asked | None:
    """What was asked for an offer at a moment; None where it was not offered yet."""
    price = row.prices.filter(since__lte=at).order_by("-number").first()
    return asked_in(price) if price else None


def asked_in(price: Price) -> Asked:
    """What a price says."""
    return _asked([price])[price.pk]


def history(row: Offer) -> list[tuple[Price, Asked]]:
    """All that was asked for an offer, the latest first."""
    prices = list(row.prices.order_by("-number"))
    told = _asked(prices)
    return [(it, told[it.pk]) for it in prices]


def rates_on(day: date) -> dict[Currency, Rate]:
    """Which rates hold on a day, the house's own currency among them."""
    rows = RateRow.objects.filter(from_date__lte=day).order_by("currency", "from_date", "pk")
    told = {
        Currency(it.currency): Rate(it.per_reference, Rounding(it.rounding)) for it in rows
    }  # of one currency the last stays
    return {**told, terms().reference: rules.REFERENCE}


@dataclass(frozen=True)
class RateSet:
    """A rate as it was set."""

    row: RateRow
    by: str
    """The name of who set it; empty once their account is erased, and where it was set on a terminal."""


def rates_set(*, cursor: str | None, size: int) -> Page[RateSet]:
    """All rates that were ever set, the latest first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    page = RATES.page(RateRow.objects.all(), cursor=cursor, size=size)
    names = names_of(it.set_by for it in page.rows if it.set_by)
    told = [RateSet(it, names.get(it.set_by, "") if it.set_by else "") for it in page.rows]
    return Page(rows=told, next=page.next)


def currency_of_shop(shop: Shop) -> Currency:
    """What a shop's new prices are in."""
    return Currency(shop.currency) if shop.currency else terms().reference


def suggestions(shop: Shop) -> dict[UUID, Money]:
    """What each release of a shop is suggested to cost, by gid, from what its tracks do; left out where none has an amount."""
    priced = _priced(_offers().filter(shop=shop, recording__isnull=False))
    amounts = {it.thing.gid: it.asked.base for it in priced if it.asked.base is not None}
    on = Track.objects.filter(medium__release__pieces__shop=shop, recording__gid__in=amounts).distinct()
    tracks: dict[UUID, list[Money]] = {}
    for release, recording in on.order_by("pk").values_list("medium__release__gid", "recording__gid"):
        tracks.setdefault(release, []).append(amounts[recording])
    told = {gid: rules.suggested(found) for gid, found in tracks.items()}
    return {gid: money for gid, money in told.items() if money is not None}


def wishes_of(account: Account) -> list[Wish]:
    """What an account waits to hear of, the latest first."""
    rows = Wish.objects.filter(account=account, told_at=None, offer__in=_standing())
    return list(
        rows.select_related(*(f"offer__{it}" for it in _WITH)).order_by("-since", "-pk")[:WISHES_SHOWN_MAX]
    )


def wished_among(account: Account, offers: Iterable[UUID]) -> set[UUID]:
    """Which of these offers an account waits to hear of."""
    rows = Wish.objects.filter(account=account, told_at=None, offer__gid__in=list(offers))
    return set(rows.values_list("offer__gid", flat=True))


def sales() -> Sales | None:
    """Where is paid while the house sells; None while it does not."""
    return Sales.objects.filter(closed_at=None).first()


_WITH = ("shop", "release__credit", "release__cover", "recording__credit")


def for_sale() -> QuerySet[Offer]:
    """Offers of open shops that somebody can pay for."""
    priced = Price.objects.filter(pk=OuterRef("price"), kind__in=[it.value for it in rules.SOLD])
    return _standing().filter(Exists(priced)).only("pk")


def _offers() -> QuerySet[Offer]:
    latest = Price.objects.filter(offer=OuterRef("pk")).order_by("-number")
    rows = Offer.objects.select_related(*_WITH)
    return rows.annotate(price=Subquery(latest.values("pk")[:1])).exclude(price=None)


def _standing() -> QuerySet[Offer]:
    there = Q(release__removed_at=None, recording=None) | Q(recording__removed_at=None, release=None)
    return _offers().filter(there, shop__state=State.OPEN)


def _priced(rows: QuerySet[Offer]) -> list[Offered]:
    found = list(rows.order_by("pk"))
    numbers = [it.price for it in found]  # type: ignore[attr-defined] # annotated by _offers
    prices = Price.objects.in_bulk(numbers)
    told = _asked(prices.values())
    return [
        Offered(it, told[number], prices[number].since) for it, number in zip(found, numbers, strict=True)
    ]


def _asked(prices: Iterable[Price]) -> Mapping[int, Asked]:
    rows = list(prices)
    amounts: dict[int, list[PriceAmount]] = {}
    for amount in PriceAmount.objects.filter(price__in=[it.pk for it in rows]):
        amounts.setdefault(amount.price_id, []).append(amount)
    return {it.pk: _as_asked(Kind(it.kind), amounts.get(it.pk, ())) for it in rows}


def _as_asked(kind: Kind, amounts: Sequence[PriceAmount]) -> Asked:
    base = next((it for it in amounts if it.is_base), None)
    others = {Currency(it.currency): _money(it) for it in amounts if not it.is_base}
    return Asked(kind, _money(base) if base else None, others)


def _money(amount: PriceAmount) -> Money:
    return Money(amount.minor, Currency(amount.currency))
