"""The operator says what the house's currency is in another from a day on, and how prices in that are rounded."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.shops.offers import queries, rules
from alpheus.shops.offers.errors import RateFar, RateRefused
from alpheus.shops.offers.models import Rate
from alpheus.shops.offers.rules import Rounding
from alpheus.shops.offers.terms import terms
from alpheus.values.money import Currency


@transaction.atomic
def set_rate(
    *,
    currency: Currency,
    per_reference: Decimal,
    rounding: Rounding,
    from_date: date,
    now: datetime,
    by: Account | None = None,
    sure: bool = False,
) -> Rate:
    """Set a rate from today or a later day on; what held before stays as it was.

    Args:
        currency: the other one.
        per_reference: how much of it one unit of the house's currency is.
        rounding: how prices in it are rounded.
        from_date: the first day, UTC.
        now: the time.
        by: the operator; None: whoever sits at the machine's terminal.
        sure: whether it was asked, and said, that a rate far from the last one is right.

    Raises:
        RateRefused: it cannot be that; `problem` tells why.
        RateFar: it is far from the one that holds until then, and nobody said that it is right.
    """
    rate = rules.Rate(per_reference, rounding)
    problem = rules.rate_problem(
        rate, currency=currency, reference=terms().reference, from_date=from_date, today=now.date()
    )
    if problem is not None:
        raise RateRefused(problem, currency)
    before = queries.rates_on(from_date).get(currency)
    if before is not None and not sure and rules.is_far(before.per_reference, per_reference):
        raise RateFar(before.per_reference)
    return Rate.objects.create(
        currency=currency,
        per_reference=per_reference,
        rounding=rounding,
        from_date=from_date,
        set_at=now,
        set_by=by.gid if by else None,
    )
