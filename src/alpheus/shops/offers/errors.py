"""What can go wrong with offers. They are errors of shops.

ShopError
├── OfferUnknown      there is no such offer, or it is not yours to price
├── PriceRefused      a price cannot be that; `problem` tells why
├── RateRefused       a rate cannot be that; `problem` tells why
├── RateFar           it is more than a fifth away from what held; `before` tells. Said to be right, it is set
├── NotFree           it is not free: it cannot be kept, and is paid for
└── NotForSale        nobody can want to buy it: it is free, or not sold alone
"""

from collections.abc import Mapping
from decimal import Decimal

from alpheus.shops.errors import ShopError
from alpheus.shops.offers.rules import PLACES, Problem, RateProblem
from alpheus.values.money import Currency, in_digits


class OfferUnknown(ShopError):
    """There is no such offer, or it is not yours to price."""

    code = "offer_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such offer.")


class PriceRefused(ShopError):
    """A price cannot be that."""

    code = "price_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"This cannot be a price: {problem.value}.")
        self.problem = problem


class RateRefused(ShopError):
    """A rate cannot be that."""

    code = "rate_refused"

    def __init__(self, problem: RateProblem, currency: Currency) -> None:
        super().__init__(_RATE_REFUSED[problem].format(currency=currency))
        self.problem = problem


_RATE_REFUSED: Mapping[RateProblem, str] = {
    RateProblem.OWN: "{currency} is the house's own currency: one of it is one of it.",
    RateProblem.NUMBER: f"A rate is more than nothing, and has up to {PLACES} digits after the point.",
    RateProblem.PAST: "What held on days that are over cannot be changed. Give today or a later day.",
    RateProblem.ROUNDING: "{currency} has no hundredths to end in 9: round to unit, whole or tens.",
}


class RateFar(ShopError):
    """A rate is far from the one that held."""

    code = "rate_far"

    def __init__(self, before: Decimal) -> None:
        super().__init__(f"Until then it is {in_digits(before)}, which is more than 20% away. Is it right?")
        self.before = before


class NotFree(ShopError):
    """It is not free."""

    code = "not_free"

    def __init__(self) -> None:
        super().__init__("This is not free. What is free can be kept.")


class NotForSale(ShopError):
    """Nobody can buy it."""

    code = "not_for_sale"

    def __init__(self) -> None:
        super().__init__("This is free, or not sold alone: there is nothing to wait for.")
