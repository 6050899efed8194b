"""Shares of a whole, in ten-thousandths: 33.33% is 3,333. Shares that divide something add up to all of it, exactly."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from alpheus.values.errors import ShareInvalid

WHOLE: Final = 10_000
"""All of it."""


@dataclass(frozen=True, order=True)
class Share:
    """A part of a whole: more than nothing, at most all."""

    parts: int
    """In ten-thousandths."""

    def __post_init__(self) -> None:
        """Refuse what is no share.

        Raises:
            ShareInvalid: it is nothing, or more than all.
        """
        if not 0 < self.parts <= WHOLE:
            raise ShareInvalid("A share is more than 0% and at most 100%.")

    @property
    def percent(self) -> Decimal:
        """In hundredths, exactly: 33.33."""
        return Decimal(self.parts).scaleb(-2)


def parse_share(text: str, *, locale: Locale) -> Share:
    """Read a share in percent as somebody typed it: with the separators of their language, full-width, with or without %.

    Raises:
        ShareInvalid: it is no share, or finer than a hundredth of a percent.
    """
    plain = re.sub(r"[%\s]", "", unicodedata.normalize("NFKC", text))
    try:
        percent = parse_decimal(plain, locale=locale, strict=True)
    except NumberFormatError as error:
        raise ShareInvalid(f"{text!r} is no share. Write it in percent, such as 25.") from error
    parts = percent.scaleb(2) if percent.is_finite() and percent.adjusted() < 4 else Decimal(0)
    if parts != parts.to_integral_value():
        raise ShareInvalid("A share has at most two digits after the point.")
    return Share(int(parts))


def write_share(share: Share, *, locale: Locale) -> str:
    """Write a share in percent: 33.33%, 25%."""
    return f"{format_decimal(share.percent.normalize(), locale=locale)}%"
