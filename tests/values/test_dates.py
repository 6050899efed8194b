import pytest

from alpheus.values.dates import PartialDate, parse_date, read_date
from alpheus.values.errors import DateInvalid


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2003", "2003"),
        ("2003-07", "2003-07"),
        ("2003-07-31", "2003-07-31"),
        ("2003/7/31", "2003-07-31"),
        ("2003.7.31", "2003-07-31"),
        ("20030731", "2003-07-31"),
        ("2003-00-00", "2003"),
        ("2003-07-00", "2003-07"),
        ("2003-07-31T12:00:00Z", "2003-07-31"),
        ("2003-07-31 12:00", "2003-07-31"),
        ("2003年7月31日", "2003-07-31"),
        ("２００３年７月", "2003-07"),
        ("2003년", "2003"),
        ("July 2003", "2003"),
        ("31.07.2003", "2003"),
    ],
)
def test_a_date_is_read(text, iso):
    assert str(parse_date(text)) == iso


@pytest.mark.parametrize("text", ["", "0000", "soon", "2003-13", "2003-02-30", "9999", "03", "1500-01-01"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(DateInvalid):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "iso"), [("2003-13-45", "2003"), ("(c) 1999 X", "1999"), ("²⁰⁰", None), ("0", None)]
)
def test_a_broken_date_gives_what_it_can(text, iso):
    found = read_date(text)
    assert (str(found) if found else None) == iso


def test_a_date_knows_its_order():
    assert PartialDate(2003, 7, 1) < PartialDate(2003, 7, 2) < PartialDate(2004, 1, 1)


def test_a_day_needs_a_month():
    with pytest.raises(DateInvalid):
        PartialDate(2003, None, 3)
