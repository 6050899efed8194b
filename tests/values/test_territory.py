import pytest

from alpheus.values.errors import TerritoryInvalid
from alpheus.values.territory import CODES, parse_territory


def test_all_that_iso_assigns():
    assert len(CODES) == 249
    assert {"CN", "JP", "KR", "US", "GB", "TW", "HK", "MO"} <= CODES


def test_a_territory_is_read():
    assert parse_territory(" jp ") == "JP"


@pytest.mark.parametrize("text", ["", "UK", "JPN", "ZZ", "中国", "EU"])
def test_what_is_no_territory_is_refused(text):
    with pytest.raises(TerritoryInvalid):
        parse_territory(text)
