"""The studio's page of prices: all releases and tracks of a shop, and one price for as many as are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from http import HTTPStatus
from uuid import UUID

from babel.dates import format_date
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from alpheus.shops.brand.errors import PriceFixed
from alpheus.shops.brand.queries import agreement_on
from alpheus.shops.brand.rules import Terms
from alpheus.shops.models import Shop
from alpheus.shops.offers import queries, rules
from alpheus.shops.offers.errors import OfferUnknown, PriceRefused
from alpheus.shops.offers.models import Price
from alpheus.shops.offers.queries import Standing
from alpheus.shops.offers.rules import Asked, Kind, Problem, Quote
from alpheus.shops.offers.set_prices import set_currency, set_prices
from alpheus.shops.offers.terms import terms
from alpheus.shops.rules import May
from alpheus.shops.seats import works_in
from alpheus.values.errors import MoneyInvalid
from alpheus.values.money import Currency, Money, parse_money
from alpheus.web.guards import account_of, members_only
from alpheus.web.prices import in_words, settable, written
from alpheus.web.seats import shop_here
from alpheus.web.templatetags.words import locale, number

PROBLEMS: Mapping[Problem, Promise] = {
    Problem.AMOUNT: gettext_lazy("Say how much. It is more than nothing; what costs nothing is free."),
    Problem.NO_AMOUNT: gettext_lazy("What is free, or paid as everybody wants, has no amount."),
    Problem.RELEASE: gettext_lazy(
        "A release cannot be sold only with its release. Choose tracks for that, and no release."
    ),
}
WHICH: Mapping[str, Promise] = {
    "chosen": gettext_lazy("What is chosen"),
    "tracks": gettext_lazy("All tracks"),
    "releases": gettext_lazy("All releases"),
}


@dataclass(frozen=True)
class Line:
    """A release or a track with its price in words."""

    standing: Standing
    price: str
    others: str
    """What was set for other currencies."""
    suggested: str
    """What a release is suggested to cost, where it costs something else."""
    is_usual: bool
    """Whether nothing was set and the house's usual price will be asked."""
    chosen: bool


@dataclass
class Typed:
    """What the form said, and what is wrong with it."""

    which: str = "chosen"
    kind: str = Kind.FIXED.value
    amount: str = ""
    others: dict[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    wrong: dict[str, Promise | str] = field(default_factory=dict)
    """By field: `chosen`, `amount`, or a currency."""


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Show all prices, and set one for what is chosen; what cannot be asked is said beside what was typed."""
    if request.method != "POST":
        return _page(request, shop_here(request, May.SEE_PRICES), Typed())
    shop = shop_here(request, May.PRICES)
    typed = _typed(request, shop)
    asked = _asked(typed, shop)
    things = _things(typed, shop)
    if asked is not None and things:
        try:
            changed = set_prices(
                owner=account_of(request), shop=shop.gid, things=things, asked=asked, now=timezone.now()
            )
        except PriceRefused as error:
            typed.wrong["kind" if error.problem is Problem.RELEASE else "amount"] = PROBLEMS[error.problem]
        except PriceFixed as error:
            typed.wrong["chosen"] = fixed_by(error.terms, error.made_on)
        except OfferUnknown:
            typed.wrong["chosen"] = _("Something of it does not stand in your shop any more. Choose again.")
        else:
            messages.success(request, _told(len(things), changed))
            return redirect("web:studio-prices")
    return _page(request, shop, typed)


@require_POST
@members_only
def currency(request: HttpRequest) -> HttpResponse:
    """Choose the currency of new prices."""
    shop = shop_here(request, May.PRICES)
    chosen = request.POST.get("currency", "")
    if chosen in {*settable(shop), queries.currency_of_shop(shop)}:
        set_currency(owner=account_of(request), shop=shop.gid, currency=Currency(chosen))
    return redirect("web:studio-prices")


def fixed_by(terms: Terms, made_on: date) -> str:
    """Why a label's tracks cost what they do, in the page's language."""
    told = {"day": format_date(made_on, "long", locale=locale()), "price": written(terms.price)}
    if terms.until is None:
        return (
            _("Your agreement of %(day)s fixes the price of tracks at %(price)s until another is made.")
            % told
        )
    told["until"] = format_date(terms.until, "long", locale=locale())
    return _("Your agreement of %(day)s fixes the price of tracks at %(price)s until %(until)s.") % told


def _agreement(shop: Shop) -> str:
    """What fixes the prices of a shop's tracks today; empty where nothing does."""
    agreement = agreement_on(shop, timezone.now().astimezone(UTC).date())
    return fixed_by(agreement.terms, agreement.made_on) if agreement else ""


def _typed(request: HttpRequest, shop: Shop) -> Typed:
    given = request.POST
    return Typed(
        which=given.get("which", "chosen"),
        kind=given.get("kind", ""),
        amount=given.get("amount", "").strip(),
        others={code: text for code in settable(shop) if (text := given.get(f"amount_{code}", "").strip())},
        chosen=frozenset(given.getlist("thing")),
    )


def _asked(typed: Typed, shop: Shop) -> Asked | None:
    """The price that was typed; None where something of it cannot be read, which is then said."""
    if typed.kind not in set(Kind):
        typed.wrong["kind"] = _("Choose one of the list.")
        return None
    kind = Kind(typed.kind)
    if kind not in rules.ASKS:
        return Asked(kind)  # amounts that were typed before another kind was chosen mean nothing
    own = queries.currency_of_shop(shop)
    base = _amount(typed, "amount", typed.amount, own)
    others = {
        Currency(code): _amount(typed, code, text, Currency(code)) for code, text in typed.others.items()
    }
    if typed.wrong:
        return None
    return Asked(kind, base, {code: it for code, it in others.items() if it is not None})


def _amount(typed: Typed, name: str, text: str, currency: Currency) -> Money | None:
    try:
        money = parse_money(text, currency, locale=locale())
    except MoneyInvalid:
        usual = terms().track_price
        example = written(usual) if usual.currency == currency else f"{currency} 100"
        typed.wrong[name] = (
            _("Write the amount in digits, such as %(example)s.") % {"example": example}
            if text
            else PROBLEMS[Problem.AMOUNT]
        )
        return None
    if money.minor == 0:
        typed.wrong[name] = PROBLEMS[Problem.AMOUNT]
    return money


def _things(typed: Typed, shop: Shop) -> list[UUID]:
    """What the price is for; empty where nothing is, which is then said."""
    standing = queries.own_standing(shop)
    wanted = {
        "tracks": [it.thing.gid for it in standing if it.is_track],
        "releases": [it.thing.gid for it in standing if not it.is_track],
    }.get(typed.which, [it.thing.gid for it in standing if str(it.thing.gid) in typed.chosen])
    if not wanted:
        typed.wrong["chosen"] = _("Choose at least one release or track.")
    return wanted


def _told(count: int, changed: int) -> str:
    if not changed:
        return _("These prices were so already.")
    told = ngettext("%(n)s price is set.", "%(n)s prices are set.", count)
    return told % {"n": number(count)}


def _page(request: HttpRequest, shop: Shop, typed: Typed) -> HttpResponse:
    own, suggested = queries.currency_of_shop(shop), queries.suggestions(shop)
    lines = [
        _line(it, own, suggested.get(it.thing.gid), str(it.thing.gid) in typed.chosen)
        for it in queries.own_standing(shop)
    ]
    return render(
        request,
        "web/studio/prices.html",
        {
            "shop": shop,
            "fixed": _agreement(shop),
            "may_set": works_in(account_of(request), shop, May.PRICES),
            "currency": own,
            "currencies": sorted({*settable(shop), own}),
            "lines": lines,
            "kinds": Price.Kind.choices,
            "which": WHICH.items(),
            "typed": typed,
            "others": [
                (code, typed.others.get(code, ""), typed.wrong.get(code, "")) for code in settable(shop)
            ],
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed.wrong else HTTPStatus.OK,
    )


def _line(it: Standing, own: Currency, suggested: Money | None, chosen: bool) -> Line:  # noqa: FBT001 - a row's columns
    asked = it.offered.asked if it.offered else Asked(Kind.FIXED, terms().track_price)
    return Line(
        standing=it,
        price=in_words(Quote(asked.kind, asked.base), own=own),
        others=" · ".join(written(money) for money in asked.others.values()),
        suggested=written(suggested, own=own) if suggested and suggested != asked.base else "",
        is_usual=it.offered is None,
        chosen=chosen,
    )
