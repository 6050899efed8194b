"""Prices: what is asked and what a listener does about it, and a musician's own."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from alpheus.api import represent
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE, LISTEN
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.seats import shop_for_call
from alpheus.api.session import here
from alpheus.api.shapes import Given, PageIn, RecordingOut, ReleaseOut
from alpheus.api.token import Scope
from alpheus.catalogue.models import Release
from alpheus.catalogue.queries import lossy_of
from alpheus.catalogue.shown import shown_among
from alpheus.locker.keep_free import keep_free
from alpheus.locker.models import Owned
from alpheus.locker.queries import locker_of, owned_among
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.search.kinds import RECORDING, RELEASE
from alpheus.shops.offers import queries, rules, wish
from alpheus.shops.offers.queries import Offered, Standing
from alpheus.shops.offers.rules import Asked, Kind, Rounding
from alpheus.shops.offers.set_prices import THINGS_MAX, set_prices
from alpheus.shops.offers.terms import terms
from alpheus.shops.rules import May
from alpheus.values.errors import VocabularyError
from alpheus.values.money import Currency, Money, exactly, in_digits, parse_currency

router = Router(tags=["offers"])

READS = Admitted(scope=Scope.READ, policy=BROWSE)
LISTENS = Admitted(scope=Scope.LISTEN, policy=LISTEN, member=True)
MUSICIANS = Admitted(scope=Scope.STUDIO, policy=BROWSE, member=True)

Amount = Annotated[str, Field(pattern=r"^\d{1,12}(\.\d{1,3})?$", description="in whole units: 0.80")]
Code = Annotated[str, Field(min_length=3, max_length=3, description="ISO 4217")]


class MoneyOut(Schema):
    """An amount."""

    currency: str = Field(description="ISO 4217")
    amount: str = Field(description="in whole units, with all digits that the currency has: 0.80, 1260")
    minor: int = Field(description="in its smallest unit")


class OfferOut(Schema):
    """What a shop asks for a release or a track, as the caller sees it."""

    gid: UUID
    shop: str = Field(description="its handle")
    release: UUID | None
    recording: UUID | None
    title: str
    kind: Kind
    price: MoneyOut | None = Field(description="null where no amount is asked")
    converted_from: MoneyOut | None = Field(description="null where the musician set it so")
    lossy: list[str] = Field(
        description="lossy files that it was made from, such as MP3 128 kbit/s: FLAC will not sound better"
    )
    wished: bool = Field(description="whether the caller waits to be told that it is on sale")
    owned: bool = Field(description="whether it is the caller's for ever")
    pay_at: str | None = Field(description="where it is paid for while the house sells")


class OffersOut(Schema):
    """Offers."""

    items: list[OfferOut]


class CurrencyIn(Schema):
    """In which currency."""

    currency: Code | None = Field(None, description="left out, as the musician set it")


class OffersIn(CurrencyIn):
    """Offers of which releases and recordings, by repeating `about`."""

    about: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class OwnedOut(Schema):
    """A release or a track of a locker, with what of it can be heard."""

    release: ReleaseOut | None
    recording: RecordingOut | None
    how: Owned.How
    since: datetime
    recordings: list[RecordingOut]


class OwnedPage(Schema):
    """A page of a locker."""

    items: list[OwnedOut]
    next: str | None


class RateOut(Schema):
    """What one unit of the house's currency is in another today."""

    currency: str
    per_reference: str
    rounding: Rounding


class RatesOut(Schema):
    """The rates of today."""

    reference: str = Field(description="the house's currency")
    rates: list[RateOut]


class AskedOut(Schema):
    """What is asked."""

    kind: Kind
    price: MoneyOut | None
    others: list[MoneyOut] = Field(description="set for other currencies")


class OwnPriceOut(Schema):
    """A release or a track of the caller's shop."""

    gid: UUID = Field(description="the release's or recording's")
    title: str
    is_track: bool
    asked: AskedOut | None = Field(description="null where the usual price is asked from its opening on")
    suggested: MoneyOut | None = Field(description="of a release, by what its tracks cost")


class OwnPricesOut(Schema):
    """All prices of the caller's shop."""

    currency: str = Field(description="of new prices")
    usual: MoneyOut
    items: list[OwnPriceOut]


class PricesIn(Given):
    """One price for many releases and tracks."""

    things: Annotated[list[UUID], Field(min_length=1, max_length=THINGS_MAX)]
    kind: Kind
    amount: Amount | None = Field(None, description="in the shop's currency")
    others: dict[Code, Amount] = Field({}, max_length=50, description="by currency")


class ChangedOut(Schema):
    """What a change came to."""

    changed: int = Field(description="for how many it is another price than before")


class PastPriceOut(AskedOut):
    """What was asked from a moment on."""

    since: datetime


class HistoryOut(Schema):
    """What was asked for something, the latest first."""

    items: list[PastPriceOut]


@router.get("/offers", response=OffersOut, auth=READS, operation_id="list_offers")
def list_offers(request: HttpRequest, given: Query[OffersIn]) -> OffersOut:
    """What is asked for up to 100 releases and recordings; those that no shop offers, or not here, are left out."""
    offered = [*shown_among(RELEASE, given.about), *shown_among(RECORDING, given.about)]
    found = queries.offers_of(offered)
    rows = [found[gid] for gid in dict.fromkeys(given.about) if gid in found]
    return OffersOut(items=_offers(request, rows, _currency(given.currency)))


@router.get("/offers/{gid}", response=OfferOut, auth=READS, operation_id="get_offer")
def get_offer(request: HttpRequest, gid: UUID, given: Query[CurrencyIn]) -> OfferOut:
    """An offer."""
    (offer,) = _offers(request, [queries.offer(gid)], _currency(given.currency))
    return offer


@router.put("/offers/{gid}/wish", response={204: None}, auth=LISTENS, operation_id="wish")
def put_wish(request: HttpRequest, gid: UUID) -> Status[None]:
    """Ask to be told once, by a letter, when it is on sale."""
    offer = queries.offer(gid).offer
    name, about = ("web:release", offer.release) if offer.release else ("web:recording", offer.recording)
    link = absolute(request, reverse(name, args=[about.gid if about else gid]))
    wish.ask(account=caller_of(request).account_or_refuse, offer=gid, link=link, now=timezone.now())
    return Status(204, None)


@router.delete("/offers/{gid}/wish", response={204: None}, auth=LISTENS, operation_id="give_up_wish")
def delete_wish(request: HttpRequest, gid: UUID) -> Status[None]:
    """Ask not to be told; who had not asked is not told either."""
    wish.give_up(account=caller_of(request).account_or_refuse, offer=gid)
    return Status(204, None)


@router.get("/wishes", response=OffersOut, auth=LISTENS, operation_id="list_wishes")
def list_wishes(request: HttpRequest, given: Query[CurrencyIn]) -> OffersOut:
    """What the caller waits to be told of, the latest first."""
    gids = [it.offer.gid for it in queries.wishes_of(caller_of(request).account_or_refuse)]
    rows = queries.offers_by_gid(gids)
    return OffersOut(
        items=_offers(request, [rows[it] for it in gids if it in rows], _currency(given.currency))
    )


@router.put("/offers/{gid}/kept", response={204: None}, auth=LISTENS, operation_id="keep_offer")
def put_kept(request: HttpRequest, gid: UUID) -> Status[None]:
    """Keep what is free: it is the caller's for ever."""
    account = caller_of(request).account_or_refuse
    keep_free(account=account, offer=gid, here=here(request), now=timezone.now())
    return Status(204, None)


@router.get("/locker", response=OwnedPage, auth=LISTENS, operation_id="list_locker")
def list_locker(request: HttpRequest, given: Query[PageIn]) -> OwnedPage:
    """What is the caller's for ever, the latest first."""
    account = caller_of(request).account_or_refuse
    page = locker_of(account, cursor=given.cursor or None, size=given.limit)
    items = [
        OwnedOut(
            release=represent.release(it.owned.release) if it.owned.release else None,
            recording=represent.recording(it.owned.recording) if it.owned.recording else None,
            how=Owned.How(it.owned.how),
            since=it.owned.since,
            recordings=[represent.recording(row) for row in it.recordings],
        )
        for it in page.rows
    ]
    return OwnedPage(items=items, next=page.next)


@router.get("/rates", response=RatesOut, auth=READS, operation_id="list_rates")
def list_rates(request: HttpRequest) -> RatesOut:
    """By which rates prices are converted today."""
    reference = terms().reference
    rates = sorted(queries.rates_on(timezone.now().date()).items())
    return RatesOut(
        reference=reference,
        rates=[
            RateOut(currency=code, per_reference=in_digits(it.per_reference), rounding=it.rounding)
            for code, it in rates
            if code != reference
        ],
    )


@router.get("/studio/prices", response=OwnPricesOut, auth=MUSICIANS, operation_id="list_own_prices")
def list_own_prices(request: HttpRequest) -> OwnPricesOut:
    """All releases and tracks of the caller's shop with their prices, a release before its tracks."""
    shop = shop_for_call(request, May.SEE_PRICES)
    suggested = queries.suggestions(shop)
    return OwnPricesOut(
        currency=queries.currency_of_shop(shop),
        usual=money_out(terms().track_price),
        items=[_own(it, suggested.get(it.thing.gid)) for it in queries.own_standing(shop)],
    )


@router.put("/studio/prices", response=ChangedOut, auth=MUSICIANS, operation_id="set_prices")
@once
def put_prices(request: HttpRequest, given: PricesIn) -> ChangedOut:
    """Set one price for releases and tracks of the caller's shop, or change nothing. Takes an Idempotency-Key."""
    shop = shop_for_call(request, May.PRICES)
    try:
        base = _money(given.amount, queries.currency_of_shop(shop)) if given.amount is not None else None
        others = {code: _money(it, code) for code, it in _coded(given.others)}
    except VocabularyError as error:
        raise Problem("price_refused") from error
    changed = set_prices(
        owner=caller_of(request).account_or_refuse,
        shop=shop.gid,
        things=given.things,
        asked=Asked(given.kind, base, others),
        now=timezone.now(),
    )
    return ChangedOut(changed=changed)


@router.get("/studio/prices/{gid}", response=HistoryOut, auth=MUSICIANS, operation_id="get_price_history")
def get_price_history(request: HttpRequest, gid: UUID) -> HistoryOut:
    """What was asked for a release or track of the caller's shop, by its gid, the latest first."""
    row = queries.own_offer(shop_for_call(request, May.SEE_PRICES), gid)
    return HistoryOut(
        items=[
            PastPriceOut(since=price.since, **_asked(asked).model_dump())
            for price, asked in queries.history(row)
        ]
    )


def _offers(request: HttpRequest, rows: list[Offered], currency: Currency | None) -> list[OfferOut]:
    account = caller_of(request).account
    wished, owned = _mine(account, rows)
    rates = queries.rates_on(timezone.now().date())
    sales = queries.sales()
    lossy = lossy_of(it.thing.gid for it in rows)
    shown = []
    for it in rows:
        quote = rules.quote(it.asked, currency=currency, rates=rates)
        offer = it.offer
        shown.append(
            OfferOut(
                gid=offer.gid,
                shop=offer.shop.handle or "",
                release=offer.release.gid if offer.release else None,
                recording=offer.recording.gid if offer.recording else None,
                title=it.thing.title,
                kind=quote.kind,
                price=_told(quote.money),
                converted_from=_told(quote.converted_from),
                lossy=lossy.get(it.thing.gid, []),
                wished=offer.gid in wished,
                owned=it.thing.gid in owned,
                pay_at=sales.where if sales and quote.kind in rules.SOLD else None,
            )
        )
    return shown


def _mine(account: Account | None, rows: Iterable[Offered]) -> tuple[set[UUID], set[UUID]]:
    """Which offers an account waits for, and which things it owns."""
    if account is None:
        return set(), set()
    listed = list(rows)
    wished = queries.wished_among(account, [it.offer.gid for it in listed])
    return wished, owned_among(account, [it.thing.gid for it in listed])


def _own(it: Standing, suggested: Money | None) -> OwnPriceOut:
    return OwnPriceOut(
        gid=it.thing.gid,
        title=it.thing.title,
        is_track=it.is_track,
        asked=_asked(it.offered.asked) if it.offered else None,
        suggested=_told(suggested) if isinstance(it.thing, Release) else None,
    )


def _asked(asked: Asked) -> AskedOut:
    others = [money_out(it) for _, it in sorted(asked.others.items())]
    return AskedOut(kind=asked.kind, price=_told(asked.base), others=others)


def _told(money: Money | None) -> MoneyOut | None:
    return money_out(money) if money else None


def money_out(money: Money) -> MoneyOut:
    """An amount as it travels."""
    return MoneyOut(currency=money.currency, amount=f"{money.decimal:f}", minor=money.minor)


def _money(amount: str, currency: Currency) -> Money:
    return exactly(Decimal(amount), currency)


def _coded(others: dict[str, str]) -> list[tuple[Currency, str]]:
    return [(parse_currency(code), amount) for code, amount in others.items()]


def _currency(code: str | None) -> Currency | None:
    try:
        return parse_currency(code) if code else None
    except VocabularyError as error:
        raise Problem("currency_unknown") from error
