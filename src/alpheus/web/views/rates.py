"""Rates between currencies in the office: what holds, what was ever set and by whom, and another one from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import Decimal, InvalidOperation
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from alpheus.shops.offers import queries
from alpheus.shops.offers.errors import RateFar, RateRefused
from alpheus.shops.offers.models import Rate
from alpheus.shops.offers.rules import RateProblem, Rounding, usual_rounding
from alpheus.shops.offers.set_rate import set_rate
from alpheus.shops.offers.terms import terms
from alpheus.values.errors import CurrencyInvalid
from alpheus.values.money import Currency, in_digits, parse_currency
from alpheus.web import listing
from alpheus.web.guards import account_of, operators_only

LISTED = 50
PROBLEMS: Mapping[RateProblem, tuple[str, Promise]] = {
    RateProblem.OWN: ("currency", gettext_lazy("This is the house's own currency: one of it is one of it.")),
    RateProblem.NUMBER: (
        "rate",
        gettext_lazy("A rate is more than nothing, and has up to eight digits after the point."),
    ),
    RateProblem.PAST: (
        "from_date",
        gettext_lazy("Choose today or a later day: what held before stays as it was."),
    ),
    RateProblem.ROUNDING: (
        "rounding",
        gettext_lazy("This currency has no hundredths to end in 9. Choose another way."),
    ),
}


@dataclass
class Typed:
    """What the form said, and what is wrong with it, by field."""

    currency: str = ""
    rate: str = ""
    rounding: str = ""
    from_date: str = ""
    sure: bool = False
    before: str = ""
    """What holds until then, where it is so far away that it has to be asked about."""
    wrong: dict[str, Promise | str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def page(request: HttpRequest) -> HttpResponse:
    """List rates, and set another one."""
    if request.method != "POST":
        return _page(request, Typed(from_date=_today().isoformat()))
    typed = _typed(request)
    currency, rate, day = _currency(typed), _rate(typed), _day(typed)
    if currency is None or rate is None or day is None:
        return _page(request, typed)
    chosen = typed.rounding in set(Rounding)
    try:
        set_rate(
            currency=currency,
            per_reference=rate,
            rounding=Rounding(typed.rounding) if chosen else usual_rounding(currency),
            from_date=day,
            by=account_of(request),
            sure=typed.sure,
            now=timezone.now(),
        )
    except RateRefused as error:
        name, text = PROBLEMS[error.problem]
        typed.wrong[name] = text
        return _page(request, typed)
    except RateFar as error:
        typed.before = in_digits(error.before)
        return _page(request, typed)
    messages.success(request, _("The rate is set. Prices follow from its first day on."))
    return redirect("web:office-rates")


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _typed(request: HttpRequest) -> Typed:
    def told(name: str) -> str:
        return request.POST.get(name, "").strip()[:40]

    return Typed(
        currency=told("currency").upper(),
        rate=told("rate"),
        rounding=told("rounding"),
        from_date=told("from_date"),
        sure=told("sure") == "on",
    )


def _currency(typed: Typed) -> Currency | None:
    try:
        return parse_currency(typed.currency)
    except CurrencyInvalid:
        typed.wrong["currency"] = _("Three letters of a currency, such as JPY.")
        return None


def _rate(typed: Typed) -> Decimal | None:
    try:
        return Decimal(typed.rate)
    except InvalidOperation:
        typed.wrong["rate"] = _("Write it in digits with a point, such as 20.9.")
        return None


def _day(typed: Typed) -> date | None:
    try:
        return date.fromisoformat(typed.from_date)
    except ValueError:
        typed.wrong["from_date"] = _("Choose a day.")
        return None


def _page(request: HttpRequest, typed: Typed) -> HttpResponse:
    found = listing.read(request, lambda cursor: queries.rates_set(cursor=cursor, size=LISTED))
    today, reference = _today(), terms().reference
    holding = sorted((code, it) for code, it in queries.rates_on(today).items() if code != reference)
    return render(
        request,
        "web/rates.html",
        {
            "reference": reference,
            "today": today,
            "holding": [
                (code, in_digits(it.per_reference), Rate.Rounding(it.rounding).label) for code, it in holding
            ],
            "rows": [(it.row, in_digits(it.row.per_reference), it.by) for it in found.rows],
            "roundings": Rate.Rounding.choices,
            "typed": typed,
            **listing.around(request, found),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY
        if typed.wrong
        else HTTPStatus.CONFLICT
        if typed.before
        else HTTPStatus.OK,
    )
