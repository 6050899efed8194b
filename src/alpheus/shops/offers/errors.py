"""What can go wrong with offers. They are errors of shops.

ShopError
├── OfferUnknown      there is no such offer, or it is not yours to price
├── PriceRefused      a price cannot be that; `problem` tells why
├── RateRefused       a rate cannot be that
├── NotFree           it is not free: it cannot be kept, and is paid for
└── NotForSale        nobody can want to buy it: it is free, or not sold alone
"""

from alpheus.shops.errors import ShopError
from alpheus.shops.offers.rules import Problem


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
    """A rate cannot be that; the message says why."""

    code = "rate_refused"


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
