"""The terms of selling: the house's currency, and what a track costs whose musician said nothing. Django's settings carry them."""

from dataclasses import dataclass

from django.conf import settings

from alpheus.values.money import Currency, Money


@dataclass(frozen=True)
class Terms:
    """On which terms this installation offers music."""

    track_price: Money
    """In the reference currency, which all rates refer to."""

    @property
    def reference(self) -> Currency:
        """The house's currency."""
        return self.track_price.currency


def terms() -> Terms:
    """The installation's."""
    given: Terms = settings.SELLING
    return given
