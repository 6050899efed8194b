"""Prices as pages show them: in the currency of who looks, in words, and what can be done about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from alpheus.locker.queries import owned_among
from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.shops.offers import queries, rules
from alpheus.shops.offers.queries import Offered
from alpheus.shops.offers.rules import Kind, Quote, Rate
from alpheus.shops.offers.terms import terms
from alpheus.shops.seats import belongs_to
from alpheus.values.money import CURRENCIES, Currency, Money, currency_of, write_money
from alpheus.web.templatetags.words import locale
from alpheus.web.whereabouts import where

CURRENCY_COOKIE: Final = "currency"
USUAL: Final = (Currency("CNY"), Currency("JPY"), Currency("KRW"), Currency("USD"), Currency("EUR"))
"""What a musician can set prices in whatever rates there are."""
_SPOKEN: Final = {"zh-hans": Currency("CNY"), "ja": Currency("JPY"), "ko": Currency("KRW")}
"""What readers of a language most likely pay with, where nothing tells where they are."""


@dataclass(frozen=True)
class Shown:
    """An offer's price as somebody sees it."""

    offer: UUID
    shop: Shop
    kind: str
    price: str
    """In words: ¥0.80, from ¥0.80, free."""
    amount: str
    """The amount alone; empty where none is asked."""
    converted_from: str
    """What it was converted from; empty where the musician set it so."""

    @property
    def is_sold(self) -> bool:
        """Whether somebody can pay for it."""
        return self.kind in rules.SOLD

    @property
    def is_free(self) -> bool:
        """Whether it can be kept for nothing."""
        return self.kind == Kind.FREE


class Reader:
    """Who looks at prices: their currency, and the rates of today, asked for once a page."""

    def __init__(self, request: HttpRequest) -> None:
        self.rates: Mapping[Currency, Rate] = queries.rates_on(timezone.now().date())
        self.currency = _currency(request)

    @property
    def choices(self) -> list[Currency]:
        """Currencies that prices can be seen in."""
        return sorted(self.rates)

    def shown(self, offered: Offered) -> Shown:
        """An offer as this reader sees it."""
        quote = rules.quote(offered.asked, currency=self.currency, rates=self.rates)
        return Shown(
            offer=offered.offer.gid,
            shop=offered.offer.shop,
            kind=quote.kind.value,
            price=in_words(quote, own=self.currency),
            amount=written(quote.money, own=self.currency) if quote.money else "",
            converted_from=written(quote.converted_from) if quote.converted_from else "",
        )

    def of(self, things: Iterable[UUID]) -> dict[UUID, Shown]:
        """What these releases and recordings cost, by gid; what no shop offers is left out."""
        return {gid: self.shown(it) for gid, it in queries.offers_of(things).items()}


@dataclass(frozen=True)
class Buying:
    """What a page says of an offer and lets its reader do."""

    shown: Shown
    is_own: bool
    """Whether it is the reader's own shop."""
    wished: bool
    owned: bool
    pay_at: str
    """Where it is paid for while the house sells; empty while it does not."""
    currency: Currency | None
    currencies: list[Currency]

    @property
    def can_choose(self) -> bool:
        """Whether there is a currency to choose."""
        return bool(self.shown.amount) and len(self.currencies) > 1


def buying(request: HttpRequest, thing: UUID) -> Buying | None:
    """What a page of a release or recording says of its price; None where no shop offers it."""
    offered = queries.offers_of([thing]).get(thing)
    if offered is None:
        return None
    reader = Reader(request)
    shown = reader.shown(offered)
    account = request.user if isinstance(request.user, Account) else None
    sales = queries.sales() if shown.is_sold else None
    return Buying(
        shown=shown,
        is_own=account is not None and belongs_to(account, shown.shop),
        wished=account is not None and bool(queries.wished_among(account, [shown.offer])),
        owned=account is not None and bool(owned_among(account, [thing])),
        pay_at=_with_offer(sales.where, shown.offer) if sales else "",
        currency=reader.currency if reader.currency in reader.rates else None,
        currencies=reader.choices,
    )


def _with_offer(where: str, offer: UUID) -> str:
    parts = urlsplit(where)
    query = "&".join(it for it in (parts.query, urlencode({"offer": offer})) if it)
    return urlunsplit(parts._replace(query=query))


def in_words(quote: Quote, *, own: Currency | None) -> str:
    """A price in a few words."""
    if quote.kind is Kind.FREE:
        return _("Free")
    if quote.kind is Kind.OPEN:
        return _("Pay what you want")
    if quote.kind is Kind.ALONE_NOT:
        return _("Only with its release")
    amount = written(quote.money, own=own) if quote.money else ""
    return _("from %(amount)s") % {"amount": amount} if quote.kind is Kind.MINIMUM else amount


def written(money: Money, *, own: Currency | None = None) -> str:
    """An amount in the page's language."""
    return write_money(money, locale=locale(), own=own or "")


def settable(shop: Shop) -> list[Currency]:
    """Currencies that a shop can set amounts in beside its own."""
    rates = queries.rates_on(timezone.now().date())
    return sorted({*USUAL, *rates, terms().reference} - {queries.currency_of_shop(shop)})


def _currency(request: HttpRequest) -> Currency | None:
    """What was chosen on a page; else what is paid with where the reader is, or where most who speak so are."""
    chosen = request.COOKIES.get(CURRENCY_COOKIE, "")
    if chosen in CURRENCIES:
        return Currency(chosen)
    return currency_of(where(request)) or _SPOKEN.get(translation.get_language() or "")
