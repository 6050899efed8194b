"""URL tokens: for one name, for a while, by this process."""

import pytest
from edge.kit import MovedClock

from alpheus.edge.errors import TokenExpired, TokenForged
from alpheus.edge.tokens import UrlTokens

NAME = "n" * 56


def test_a_token_holds_at_least_its_time_and_not_much_longer():
    clock = MovedClock()
    tokens = UrlTokens(clock, seconds=120)
    token = tokens.make(NAME)
    assert 120 <= tokens.check(NAME, token) <= 135
    clock.passes(136)
    with pytest.raises(TokenExpired):
        tokens.check(NAME, token)
    assert tokens.is_ours(NAME, token)


def test_everybody_gets_the_same_url_for_a_moment():
    clock = MovedClock()
    tokens = UrlTokens(clock, seconds=120)
    made = set()
    for _ in range(30):
        clock.passes(1)
        made.add(tokens.make(NAME))
    assert len(made) <= 3


@pytest.mark.parametrize(
    "spoil", ["", ".", "zz.zz", "-1.x", "1." + "A" * 22, "ffffffff", "é.é", "1" * 4000, "0x10.a"]
)
def test_nonsense_is_forged(spoil):
    with pytest.raises(TokenForged):
        UrlTokens(MovedClock(), seconds=120).check(NAME, spoil)


def test_a_token_is_for_one_name_one_moment_one_process():
    clock = MovedClock()
    tokens = UrlTokens(clock, seconds=120)
    moment, _, mac = tokens.make(NAME).partition(".")
    later = f"{int(moment, 16) + 3600:x}.{mac}"
    upper = f"{moment.upper()}.{mac}" if moment.upper() != moment else f"0{moment}.{mac}"
    for name, token in [
        ("m" * 56, f"{moment}.{mac}"),
        (NAME, later),
        (NAME, upper),
        (NAME, f" {moment}.{mac}"),
    ]:
        with pytest.raises(TokenForged):
            tokens.check(name, token)
    with pytest.raises(TokenForged):
        UrlTokens(clock, seconds=120).check(NAME, f"{moment}.{mac}")
