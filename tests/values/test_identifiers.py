import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.values.errors import IdentifierInvalid
from alpheus.values.identifiers import (
    gtin_check_digit,
    iswc_check_digit,
    parse_gtin,
    parse_isrc,
    parse_iswc,
    show_isrc,
    show_iswc,
)


@pytest.mark.parametrize(
    ("text", "isrc"),
    [
        ("USRC17607839", "USRC17607839"),
        ("us-rc1-76-07839", "USRC17607839"),
        ("ISRC US-RC1-76-07839", "USRC17607839"),
        ("ＵＳＲＣ１７６０７８３９", "USRC17607839"),
        (" jp a00 12 34567 ", "JPA001234567"),
    ],
)
def test_an_isrc_is_read(text, isrc):
    assert parse_isrc(text) == isrc


@pytest.mark.parametrize(
    "text", ["", "USRC1760783", "USRC176078390", "1SRC17607839", "USRC1760783A", "无", "US_RC17607839"]
)
def test_what_is_no_isrc_is_refused(text):
    with pytest.raises(IdentifierInvalid):
        parse_isrc(text)


@pytest.mark.parametrize(
    ("text", "iswc"),
    [
        ("T-034.524.680-1", "T0345246801"),
        ("t0345246801", "T0345246801"),
        ("ISWC T-000.000.001-0", "T0000000010"),
    ],
)
def test_an_iswc_is_read(text, iswc):
    assert parse_iswc(text) == iswc


@pytest.mark.parametrize("text", ["T-034.524.680-2", "0345246801", "T034524680", ""])
def test_what_is_no_iswc_is_refused(text):
    with pytest.raises(IdentifierInvalid):
        parse_iswc(text)


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("036000291452", "036000291452"),
        ("0036000291452", "036000291452"),
        ("0 36000 29145 2", "036000291452"),
        ("4006381333931", "4006381333931"),
        ("EAN: 4006381333931", "4006381333931"),
        ("73513537", "73513537"),
        ("00036000291452", "036000291452"),
    ],
)
def test_a_gtin_is_read(text, gtin):
    assert parse_gtin(text) == gtin


@pytest.mark.parametrize("text", ["036000291453", "12345", "000000000000", "４００６³", "none", ""])
def test_what_is_no_gtin_is_refused(text):
    with pytest.raises(IdentifierInvalid):
        parse_gtin(text)


@given(
    st.text("0123456789", min_size=11, max_size=11).filter(lambda d: d.strip("0")),
    st.integers(0, 10),
    st.integers(1, 9),
)
def test_one_wrong_digit_in_a_upc_is_always_found(rest, place, shift):
    whole = rest + gtin_check_digit(rest)
    assert parse_gtin(whole) == whole
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    with pytest.raises(IdentifierInvalid):
        parse_gtin(wrong)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_an_iswc_survives_being_shown(nine):
    whole = f"T{nine}{iswc_check_digit(nine)}"
    assert parse_iswc(show_iswc(whole)) == whole


@given(st.from_regex(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", fullmatch=True))
def test_an_isrc_survives_being_shown(isrc):
    assert parse_isrc(show_isrc(isrc)) == isrc
