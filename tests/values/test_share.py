import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from alpheus.values.errors import ShareInvalid
from alpheus.values.share import WHOLE, Share, parse_share, write_share

LOCALES = [Locale(it) for it in ("en", "de", "ja", "ko")]


@pytest.mark.parametrize(
    ("text", "locale", "parts"),
    [
        ("25", "en", 2500),
        ("33.33", "en", 3333),
        ("33,33 %", "de", 3333),
        ("１２．５％", "ja", 1250),
        ("0.01", "ko", 1),
        ("100", "en", WHOLE),
    ],
)
def test_a_share_is_read_as_it_is_typed(text, locale, parts):
    assert parse_share(text, locale=Locale(locale)) == Share(parts)


@pytest.mark.parametrize(
    "text", ["", "half", "0", "-5", "100.01", "33.333", "1e3", "NaN", "Infinity", "9" * 40]
)
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ShareInvalid):
        parse_share(text, locale=Locale("en"))


@given(st.integers(1, WHOLE), st.sampled_from(LOCALES))
def test_what_is_written_is_read_as_the_same(parts, locale):
    assert parse_share(write_share(Share(parts), locale=locale), locale=locale) == Share(parts)


def test_whole_percents_have_no_point():
    assert write_share(Share(5000), locale=Locale("en")) == "50%"
    assert write_share(Share(WHOLE), locale=Locale("en")) == "100%"
