"""Money: whole minor units of a currency, read as people type it and written as they read it. Never a float."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NewType

from babel import Locale
from babel.numbers import NumberFormatError, format_decimal, get_territory_currencies, parse_decimal

from alpheus.values.errors import CurrencyInvalid, MoneyInvalid
from alpheus.values.territory import CODES

Currency = NewType("Currency", str)
"""An ISO 4217 code."""

CURRENCIES: Final = frozenset(
    code for territory in CODES for code in get_territory_currencies(territory, tender=True)
)
"""What is paid with somewhere today (CLDR)."""
_WHOLE = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())  # noqa: SIM905
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905
_SIGNS = {"CNY": "¥", "JPY": "¥", "KRW": "₩", "USD": "$", "EUR": "€", "GBP": "£", "TWD": "NT$", "HKD": "HK$"}
MINOR_MAX: Final = 10**12
"""More than any price: whoever types it slipped."""


@dataclass(frozen=True)
class Money:
    """An amount that is not negative."""

    minor: int
    """In the smallest unit of the currency: fen, yen, cents."""
    currency: Currency

    def __post_init__(self) -> None:
        """Refuse what is no amount.

        Raises:
            MoneyInvalid: it is negative, or beyond all prices.
        """
        if not 0 <= self.minor <= MINOR_MAX:
            raise MoneyInvalid("An amount is not negative, and smaller than that.")

    @property
    def decimal(self) -> Decimal:
        """In whole units of the currency, exactly: 0.80."""
        return Decimal(self.minor).scaleb(-scale(self.currency))


def scale(currency: str) -> int:
    """Digits after the point that a currency's smallest unit has (ISO 4217): CNY 2, JPY 0, KWD 3."""
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def parse_currency(text: str) -> Currency:
    """Read an ISO 4217 code, in either case.

    Raises:
        CurrencyInvalid: nobody pays with that.
    """
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise CurrencyInvalid(f"{text!r} is no currency: give an ISO 4217 code such as CNY or JPY.")
    return Currency(code)


def currency_of(territory: str) -> Currency | None:
    """What is paid with in a territory today; None where CLDR does not say."""
    found = get_territory_currencies(territory, tender=True) if territory in CODES else []
    return Currency(found[0]) if found else None


def parse_money(text: str, currency: Currency, *, locale: Locale) -> Money:
    """Read an amount as somebody typed it: with the separators of their language, full-width, with or without sign or code.

    Raises:
        MoneyInvalid: it is no amount, is negative, or has more digits after the point than the currency.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(
        rf"{currency}|{re.escape(_SIGNS.get(currency, currency))}|[¥\s]", "", plain, flags=re.IGNORECASE
    )
    if not re.fullmatch(r"[\d.,'’\u066b\u066c]{1,20}", plain):
        raise MoneyInvalid(
            f"{text!r} is no amount. Write it in digits, such as {_example(currency, locale)}."
        )
    try:
        amount = parse_decimal(plain, locale=locale, strict=True)
    except NumberFormatError as error:
        raise MoneyInvalid(
            f"{text!r} could be read in two ways. Write it such as {_example(currency, locale)}."
        ) from error
    return exactly(amount, currency)


def exactly(amount: Decimal, currency: Currency) -> Money:
    """An amount in whole units as money.

    Raises:
        MoneyInvalid: it is negative, too large, or has parts that the currency has not.
    """
    if not amount.is_finite() or amount.adjusted() > 15:
        raise MoneyInvalid("That is no amount of money.")
    minor = amount.scaleb(scale(currency))
    if minor != minor.to_integral_value():
        raise MoneyInvalid(f"{currency} has {scale(currency)} digits after the point.")
    return Money(int(minor), currency)


def in_digits(number: Decimal) -> str:
    """A number without needless noughts and exponents, for programs and terminals: 20.9."""
    return f"{number.normalize():f}"


def write_money(money: Money, *, locale: Locale, own: str = "") -> str:
    """Write an amount: by its sign in the reader's `own` currency (¥0.80), else with the code before it (JPY 1,260)."""
    number = plain_amount(money, locale=locale)
    sign = _SIGNS.get(money.currency) if money.currency == own else None
    return f"{sign}{number}" if sign else f"{money.currency}\N{NO-BREAK SPACE}{number}"


def plain_amount(money: Money, *, locale: Locale) -> str:
    """The number alone, with all digits that the currency has, as somebody would type it."""
    digits = scale(money.currency)
    return str(format_decimal(money.decimal, f"#,##0.{'0' * digits}" if digits else "#,##0", locale=locale))


def _example(currency: Currency, locale: Locale) -> str:
    return plain_amount(Money(80 * 10 ** max(scale(currency) - 2, 0), currency), locale=locale)
