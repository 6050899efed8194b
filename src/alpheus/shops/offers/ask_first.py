"""Ask for something of a shop what was written down before it appeared: the first price, beside what a shop asks by default."""

from collections.abc import Mapping
from datetime import datetime

from alpheus.catalogue.models import Recording, Release
from alpheus.shops.brand.queries import fixed_price
from alpheus.shops.models import Shop
from alpheus.shops.offers.rules import Asked
from alpheus.shops.offers.set_prices import price


def ask_first(*, shop: Shop, prices: Mapping[Release | Recording, Asked], now: datetime) -> None:
    """Ask these prices from now on; a track costs what the label's agreement says, whatever was written before it was made.

    The caller holds what else changes their prices back: they appear in its transaction.
    """
    fixed = fixed_price(shop, now=now)
    for thing, asked in prices.items():
        if fixed is None or not isinstance(thing, Recording):
            price(shop=shop, thing=thing, asked=asked, now=now)
