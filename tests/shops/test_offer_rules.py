"""Prices: what may be asked, what an album is suggested to cost, and what a price is elsewhere: never less, in order, and steady."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alpheus.shops.offers import rules
from alpheus.shops.offers.rules import Asked, Kind, Problem, Rounding
from alpheus.values.money import Money, scale

CNY_1 = Money(100, "CNY")
NOTHING = Money(0, "CNY")
CURRENCIES = st.sampled_from(["CNY", "JPY", "KRW", "USD", "KWD"])
AMOUNTS = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)
RATES = st.decimals(min_value="0.0001", max_value="20000", places=4)


@pytest.mark.parametrize(
    ("asked", "of_track", "of_release"),
    [
        (Asked(Kind.FREE), None, None),
        (Asked(Kind.OPEN), None, None),
        (Asked(Kind.ALONE_NOT), None, Problem.RELEASE),
        (Asked(Kind.FIXED, CNY_1), None, None),
        (Asked(Kind.MINIMUM, CNY_1, {"USD": Money(99, "USD")}), None, None),
        (Asked(Kind.FIXED), Problem.AMOUNT, Problem.AMOUNT),
        (Asked(Kind.FIXED, NOTHING), Problem.AMOUNT, Problem.AMOUNT),
        (Asked(Kind.MINIMUM, CNY_1, {"USD": Money(0, "USD")}), Problem.AMOUNT, Problem.AMOUNT),
        (Asked(Kind.FREE, CNY_1), Problem.NO_AMOUNT, Problem.NO_AMOUNT),
        (Asked(Kind.OPEN, None, {"USD": Money(99, "USD")}), Problem.NO_AMOUNT, Problem.NO_AMOUNT),
        (Asked(Kind.ALONE_NOT, NOTHING), Problem.NO_AMOUNT, Problem.NO_AMOUNT),
    ],
)
def test_what_may_be_asked(asked, of_track, of_release):
    assert rules.problem(asked, is_track=True) == of_track
    assert rules.problem(asked, is_track=False) == of_release


@pytest.mark.parametrize(
    ("amount", "currency", "rounding", "minor"),
    [
        ("0.111", "USD", Rounding.UNIT, 12),
        ("0.111", "USD", Rounding.NINES, 12),
        ("0.99", "USD", Rounding.NINES, 99),
        ("1", "USD", Rounding.NINES, 109),
        ("1.19", "USD", Rounding.NINES, 119),
        ("1.191", "USD", Rounding.NINES, 129),
        ("9.99", "USD", Rounding.NINES, 999),
        ("9.991", "USD", Rounding.NINES, 1099),
        ("12.3", "USD", Rounding.NINES, 1299),
        ("16.8", "JPY", Rounding.WHOLE, 17),
        ("17", "JPY", Rounding.WHOLE, 17),
        ("155.2", "KRW", Rounding.TENS, 160),
        ("160", "KRW", Rounding.TENS, 160),
        ("1.2", "USD", Rounding.WHOLE, 200),
        ("0", "USD", Rounding.NINES, 0),
        ("0", "KRW", Rounding.TENS, 0),
    ],
)
def test_rounded(amount, currency, rounding, minor):
    assert rules.rounded(Fraction(amount), currency, rounding) == minor


def fitting(currency):
    return st.sampled_from([it for it in Rounding if rules.fits(it, currency)])


@given(st.data(), CURRENCIES, AMOUNTS, AMOUNTS)
def test_never_less_in_order_and_steady(data, currency, one, other):
    rounding = data.draw(fitting(currency))
    low, high = sorted([one, other])
    minor = rules.rounded(low, currency, rounding)
    price = Fraction(minor, 10 ** scale(currency))
    assert price >= low, "who sells gets no less than they ask"
    assert minor <= rules.rounded(high, currency, rounding), "what costs more here costs no less there"
    assert rules.rounded(price, currency, rounding) == minor, "a rounded price is a price"
    assert (minor == 0) == (low == 0), "what is free is free everywhere, and nothing else is"


@given(CURRENCIES, AMOUNTS)
def test_nines_add_little(currency, amount):
    if rules.fits(Rounding.NINES, currency):
        exact = rules.rounded(amount, currency, Rounding.UNIT)
        assert rules.rounded(amount, currency, Rounding.NINES) - exact < max(exact, 1) / 10 + 1


@given(st.data(), CURRENCIES, CURRENCIES, st.integers(0, 10**6), RATES, RATES)
def test_converted(data, of, to, minor, of_price, of_other):
    price = Money(minor, of)
    rounding = data.draw(fitting(to))
    assume(Fraction(price.decimal) * Fraction(of_other) / Fraction(of_price) < 10**9)
    told = rules.converted(price, to=to, of_price=of_price, of_other=of_other, rounding=rounding)
    assert told.currency == to
    assert Fraction(told.decimal) >= Fraction(price.decimal) * Fraction(of_other) / Fraction(of_price)
    same = rules.converted(price, to=of, of_price=of_price, of_other=of_price, rounding=Rounding.UNIT)
    assert same == price


def test_a_track_in_yen_won_and_dollars():
    track = Money(80, "CNY")
    rates = {"JPY": ("20.9", Rounding.WHOLE), "KRW": ("194", Rounding.TENS), "USD": ("0.139", Rounding.NINES)}
    told = {
        code: rules.converted(
            track, to=code, of_price=Decimal(1), of_other=Decimal(rate), rounding=rounding
        ).minor
        for code, (rate, rounding) in rates.items()
    }
    assert told == {"JPY": 17, "KRW": 160, "USD": 12}


@pytest.mark.parametrize(
    ("tracks", "album"),
    [([], None), ([0], None), ([80], 80), ([80] * 3, 240), ([80] * 10, 680), ([1] * 4, 4)],
)
def test_an_album_is_suggested_to_cost(tracks, album):
    told = rules.suggested([Money(it, "CNY") for it in tracks])
    assert (told.minor if told else None) == album


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40), st.integers(1, 10**6))
def test_a_suggestion_is_never_more_than_the_tracks(tracks, more):
    told = rules.suggested([Money(it, "CNY") for it in tracks]).minor
    assert told <= sum(tracks)
    dearer = [tracks[0] + more, *tracks[1:]]
    assert rules.suggested([Money(it, "CNY") for it in dearer]).minor >= told


RATES_NOW = {
    "CNY": rules.Rate(Decimal(1), Rounding.UNIT),
    "JPY": rules.Rate(Decimal("20.9"), Rounding.WHOLE),
    "USD": rules.Rate(Decimal("0.139"), Rounding.NINES),
}


@pytest.mark.parametrize(
    ("asked", "currency", "shown", "origin"),
    [
        (Asked(Kind.FIXED, Money(80, "CNY")), "CNY", Money(80, "CNY"), None),
        (Asked(Kind.FIXED, Money(80, "CNY")), None, Money(80, "CNY"), None),
        (Asked(Kind.FIXED, Money(80, "CNY")), "JPY", Money(17, "JPY"), Money(80, "CNY")),
        (Asked(Kind.FIXED, Money(80, "CNY")), "EUR", Money(80, "CNY"), None),
        (Asked(Kind.FIXED, Money(80, "EUR")), "JPY", Money(80, "EUR"), None),
        (Asked(Kind.FIXED, Money(100, "JPY")), "USD", Money(67, "USD"), Money(100, "JPY")),
        (Asked(Kind.MINIMUM, Money(80, "CNY"), {"JPY": Money(50, "JPY")}), "JPY", Money(50, "JPY"), None),
        (Asked(Kind.OPEN), "JPY", None, None),
        (Asked(Kind.FREE), "JPY", None, None),
    ],
)
def test_quoted(asked, currency, shown, origin):
    told = rules.quote(asked, currency=currency, rates=RATES_NOW)
    assert (told.kind, told.money, told.converted_from) == (asked.kind, shown, origin)


def test_what_a_rate_makes_more_than_any_price_stays_as_it_was_set():
    asked = Asked(Kind.FIXED, Money(10**6, "CNY"))
    rates = {"CNY": rules.REFERENCE, "USD": rules.Rate(Decimal(10**7), Rounding.UNIT)}
    assert rules.quote(asked, currency="USD", rates=rates) == rules.Quote(Kind.FIXED, asked.base)


def test_of_tracks_in_several_currencies_those_in_the_first_s_are_suggested():
    tracks = [Money(100, "CNY"), Money(900, "EUR"), *[Money(100, "CNY")] * 2]
    assert rules.suggested(tracks) == Money(300, "CNY"), "three of four, which is no album"
