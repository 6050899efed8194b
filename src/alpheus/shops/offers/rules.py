"""What a price may be, what an album is suggested to cost, and what a price is in another currency. Pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from alpheus.values.errors import MoneyInvalid
from alpheus.values.money import Currency, Money, scale


class Kind(StrEnum):
    """How a price is asked."""

    FREE = "free"
    """It costs nothing, and can be kept."""
    FIXED = "fixed"
    MINIMUM = "minimum"
    """Who wants to pays more."""
    OPEN = "open"
    """Everybody pays what they want, nothing too."""
    ALONE_NOT = "not"
    """A track that is not sold by itself, only with its release."""


ASKS: Final = frozenset({Kind.FIXED, Kind.MINIMUM})
"""Prices that name an amount, which is more than nothing."""
SOLD: Final = frozenset({Kind.FIXED, Kind.MINIMUM, Kind.OPEN})
"""What somebody can pay for."""


@dataclass(frozen=True)
class Asked:
    """A price: its kind, the amount in the shop's own currency, and amounts that the musician set for others."""

    kind: Kind
    base: Money | None = None
    others: Mapping[Currency, Money] = field(default_factory=dict)


class Problem(StrEnum):
    """Why a price cannot be asked."""

    AMOUNT = "amount"
    """It needs an amount of more than nothing."""
    NO_AMOUNT = "no_amount"
    """It has none."""
    RELEASE = "release"
    """A release is sold by itself, or not at all."""


def problem(asked: Asked, *, is_track: bool) -> Problem | None:
    """Why a price cannot be asked; None where it can."""
    amounts = [asked.base, *asked.others.values()]
    if asked.kind in ASKS and any(it is None or it.minor == 0 for it in amounts):
        return Problem.AMOUNT
    if asked.kind not in ASKS and (asked.base is not None or asked.others):
        return Problem.NO_AMOUNT
    if asked.kind is Kind.ALONE_NOT and not is_track:
        return Problem.RELEASE
    return None


class Rounding(StrEnum):
    """To what a converted price is rounded: always up, so that nobody who sells gets less than they ask."""

    UNIT = "unit"
    """The smallest unit of the currency."""
    NINES = "nines"
    """Below 1 the smallest unit; below 10 what ends in 9 (1.19); from there on what ends in 99 (12.99)."""
    WHOLE = "whole"
    """Whole units: yen, won."""
    TENS = "tens"
    """Whole tens of units."""


_NINES_DIGITS = 2
_TEN_UNITS = 1000  # in hundredths


def fits(rounding: Rounding, currency: str) -> bool:
    """Whether a currency has what a rounding goes by: endings in 99 need hundredths."""
    return rounding is not Rounding.NINES or scale(currency) == _NINES_DIGITS


def rounded(amount: Fraction, currency: str, rounding: Rounding) -> int:
    """An amount in whole units of a currency as a price in its smallest units; nothing stays nothing."""
    minor = _up(amount * 10 ** scale(currency), 1)
    unit = 10 ** scale(currency)
    if rounding is Rounding.UNIT or minor == 0:
        return minor
    if rounding is Rounding.NINES:
        return _nines(minor, unit)
    return _up(Fraction(minor), unit if rounding is Rounding.WHOLE else 10 * unit)


def converted(
    price: Money, *, to: Currency, of_price: Decimal, of_other: Decimal, rounding: Rounding
) -> Money:
    """What a price is in another currency.

    Args:
        price: in the currency that it was set in.
        to: the other currency.
        of_price: how many units of the price's currency one of the house's reference currency is.
        of_other: the same of the other currency.
        rounding: how the other currency's prices are rounded.

    Raises:
        MoneyInvalid: it is more than any price.
    """
    amount = Fraction(price.decimal) / Fraction(of_price) * Fraction(of_other)
    return Money(rounded(amount, to, rounding), to)


@dataclass(frozen=True)
class Rate:
    """What one unit of the house's reference currency is in another, and how prices in that are rounded."""

    per_reference: Decimal
    rounding: Rounding


def usual_rounding(currency: Currency) -> Rounding:
    """How prices in a currency are rounded where nobody says otherwise."""
    return Rounding.NINES if fits(Rounding.NINES, currency) else Rounding.WHOLE


RATE_MAX: Final = Decimal(10**9)
PLACES: Final = 8
"""Digits of a rate after the point."""
STEADY: Final = Fraction(20, 100)
"""A rate that differs by more from the one that held is asked about: a point in the wrong place, most often."""


class RateProblem(StrEnum):
    """Why a rate cannot be that."""

    OWN = "own"
    """Of the house's own currency one is one."""
    NUMBER = "number"
    """It is more than nothing, less than a thousand million, and has up to eight digits after the point."""
    PAST = "past"
    """What held on days that are over stays as it was."""
    ROUNDING = "rounding"
    """It goes by hundredths that the currency has not."""


def rate_problem(
    rate: Rate, *, currency: Currency, reference: Currency, from_date: date, today: date
) -> RateProblem | None:
    """Why a rate cannot be set today from a day on; None where it can."""
    amount = rate.per_reference
    if currency == reference:
        return RateProblem.OWN
    if not (amount.is_finite() and 0 < amount < RATE_MAX) or amount != round(amount, PLACES):
        return RateProblem.NUMBER
    if from_date < today:
        return RateProblem.PAST
    return None if fits(rate.rounding, currency) else RateProblem.ROUNDING


def is_far(before: Decimal, after: Decimal) -> bool:
    """Whether a rate is so far from the one that held that somebody should look twice."""
    return abs(Fraction(after) / Fraction(before) - 1) > STEADY


REFERENCE: Final = Rate(Decimal(1), Rounding.UNIT)
"""Of the reference currency itself."""


@dataclass(frozen=True)
class Quote:
    """A price as somebody sees it: in their currency where that is possible."""

    kind: Kind
    money: Money | None
    """None where no amount is asked."""
    converted_from: Money | None = None
    """What it was converted from; None where the musician set it so."""


def quote(asked: Asked, *, currency: Currency | None, rates: Mapping[Currency, Rate]) -> Quote:
    """A price in a currency: as set for it, else converted by the rates where it then still is a price, else as it was set."""
    base = asked.base
    if base is None or currency is None or base.currency == currency:
        return Quote(asked.kind, base)
    if currency in asked.others:
        return Quote(asked.kind, asked.others[currency])
    if base.currency not in rates or currency not in rates:
        return Quote(asked.kind, base)
    try:
        money = converted(
            base,
            to=currency,
            of_price=rates[base.currency].per_reference,
            of_other=rates[currency].per_reference,
            rounding=rates[currency].rounding,
        )
    except MoneyInvalid:
        return Quote(asked.kind, base)  # a rate that slipped: nobody sees a page fail for it
    return Quote(asked.kind, money, base)


ALBUM_FROM: Final = 4
"""Tracks from which on an album is suggested to cost less than its tracks one by one."""
ALBUM_SHARE: Final = Fraction(85, 100)


def suggested(tracks: Sequence[Money]) -> Money | None:
    """What a release is suggested to cost: its tracks together, from four on 15% less; None where they cost nothing.

    Args:
        tracks: what each of them costs, those that cost nothing or are not sold alone left out; of several currencies, those in the
            first's count.
    """
    if not tracks:
        return None
    currency = tracks[0].currency
    counted = [it.minor for it in tracks if it.currency == currency]
    total = sum(counted)
    if len(counted) >= ALBUM_FROM:
        total = _up(total * ALBUM_SHARE, 1)
    return Money(total, currency) if total else None


def _up(amount: Fraction, step: int) -> int:
    return -(-amount // step) * step


def _nines(minor: int, unit: int) -> int:
    if minor < unit:
        return minor
    step = unit // 10 if minor < _TEN_UNITS else unit
    return _up(Fraction(minor + 1), step) - 1
