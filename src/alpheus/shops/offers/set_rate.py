"""The operator says what the house's currency is in another from a day on, and how prices in that are rounded."""

from datetime import date, datetime
from decimal import Decimal

from alpheus.shops.offers import rules
from alpheus.shops.offers.errors import RateRefused
from alpheus.shops.offers.models import Rate
from alpheus.shops.offers.rules import Rounding
from alpheus.shops.offers.terms import terms
from alpheus.values.money import Currency

RATE_MAX = Decimal(10**9)
PLACES = 8


def set_rate(
    *, currency: Currency, per_reference: Decimal, rounding: Rounding, from_date: date, now: datetime
) -> Rate:
    """Set a rate from today or a later day on; what held before stays as it was.

    Raises:
        RateRefused: it is of the house's own currency, no number that a rate could be, of a day that is over, or its
            rounding goes by hundredths that the currency has not.
    """
    if currency == terms().reference:
        raise RateRefused(f"{currency} is the house's own currency: one of it is one of it.")
    if not (per_reference.is_finite() and 0 < per_reference < RATE_MAX) or per_reference != round(
        per_reference, PLACES
    ):
        raise RateRefused(f"A rate is more than nothing, and has up to {PLACES} digits after the point.")
    if from_date < now.date():
        raise RateRefused("What held on days that are over cannot be changed. Give today or a later day.")
    if not rules.fits(rounding, currency):
        raise RateRefused(f"{currency} has no hundredths to end in 9: round to unit, whole or tens.")
    return Rate.objects.create(
        currency=currency, per_reference=per_reference, rounding=rounding, from_date=from_date, set_at=now
    )
