"""Money: read in every language as it is written there, exactly, and refused where it could mean two things."""

import contextlib
from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from alpheus.values.errors import CurrencyInvalid, MoneyInvalid
from alpheus.values.money import (
    CURRENCIES,
    MINOR_MAX,
    Currency,
    Money,
    currency_of,
    exactly,
    parse_currency,
    parse_money,
    plain_amount,
    scale,
    write_money,
)

LOCALES = [Locale.parse(it) for it in ("en", "zh_Hans", "ja", "ko", "de", "fr", "de_CH")]
EN = LOCALES[0]


@pytest.mark.parametrize(
    ("code", "digits"), [("CNY", 2), ("JPY", 0), ("KRW", 0), ("USD", 2), ("EUR", 2), ("KWD", 3), ("VND", 0)]
)
def test_scales(code, digits):
    assert scale(code) == digits
    assert code in CURRENCIES


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("0.80", "CNY", 80),
        ("0.8", "CNY", 80),
        ("¥ 0.80", "CNY", 80),
        ("￥０．８０", "CNY", 80),
        ("cny 12", "CNY", 1200),
        ("1,260", "JPY", 1260),
        ("₩6,900", "KRW", 6900),
        (".5", "USD", 50),
        ("1.500", "KWD", 1500),
        ("0", "JPY", 0),
    ],
)
def test_read(typed, currency, minor):
    assert parse_money(typed, Currency(currency), locale=EN) == Money(minor, Currency(currency))


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", "CNY"), ("-1", "CNY"), ("−1", "CNY"), ("0.805", "CNY"), ("1.5", "JPY"), ("0,80", "CNY"), ("1,26", "JPY"),
        ("eight", "CNY"), ("1e9", "CNY"), ("9" * 20, "CNY"), ("NaN", "CNY"), ("1.2.3", "CNY"), ("1\0", "CNY"),
        (".", "CNY"),
    ],
)  # fmt: skip
def test_refused(typed, currency):
    with pytest.raises(MoneyInvalid):
        parse_money(typed, Currency(currency), locale=EN)


def test_a_comma_is_a_point_where_it_is_one():
    assert parse_money("0,80", Currency("EUR"), locale=Locale("de")).minor == 80
    assert parse_money("1.260,50", Currency("EUR"), locale=Locale("de")).minor == 126050


@given(st.integers(0, MINOR_MAX), st.sampled_from(["CNY", "JPY", "KWD", "KRW"]), st.sampled_from(LOCALES))
def test_what_is_written_is_read_as_the_same(minor, code, locale):
    money = Money(minor, Currency(code))
    assert parse_money(plain_amount(money, locale=locale), money.currency, locale=locale) == money
    assert parse_money(write_money(money, locale=locale, own=code), money.currency, locale=locale) == money
    assert exactly(money.decimal, money.currency) == money


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_refused(text):
    with contextlib.suppress(MoneyInvalid):
        assert parse_money(text, Currency("CNY"), locale=EN).minor >= 0


@pytest.mark.parametrize(
    ("minor", "code", "own", "shown"),
    [
        (80, "CNY", "CNY", "¥0.80"),
        (2000, "CNY", "CNY", "¥20.00"),
        (1260, "JPY", "CNY", "JPY\N{NO-BREAK SPACE}1,260"),
        (6900, "KRW", "KRW", "₩6,900"),
        (99, "USD", "CNY", "USD\N{NO-BREAK SPACE}0.99"),
        (99, "NLG", "NLG", "NLG\N{NO-BREAK SPACE}0.99"),
    ],
)
def test_written(minor, code, own, shown):
    assert write_money(Money(minor, Currency(code)), locale=EN, own=own) == shown


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1e40", "0.001"])
def test_no_amount(amount):
    with pytest.raises(MoneyInvalid):
        exactly(Decimal(amount), Currency("CNY"))


def test_currencies_of_territories():
    assert [currency_of(it) for it in ("CN", "JP", "KR", "DE", "US")] == ["CNY", "JPY", "KRW", "EUR", "USD"]
    assert currency_of("XX") is None
    assert parse_currency(" jpy ") == "JPY"
    with pytest.raises(CurrencyInvalid):
        parse_currency("DEM")
