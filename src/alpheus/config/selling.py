"""The terms of selling, built from the settings; Django's settings carry them."""

from decimal import Decimal

from alpheus.config.settings import Settings
from alpheus.shops.offers.terms import Terms
from alpheus.values.money import exactly, parse_currency


def terms(settings: Settings) -> Terms:
    """On which terms this installation offers music."""
    return Terms(exactly(Decimal(settings.default_track_price), parse_currency(settings.currency)))
