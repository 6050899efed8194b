"""Codewords: the same for ever, at any position, different for every account."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.watermark.codeword import BIAS_CUTOFF, biases, symbols

KEY = bytes(range(32))
ALICE, BOB, SONG, OTHER = "a1" * 16, "b2" * 16, "c3" * 16, "d4" * 16


@given(st.integers(0, 10_000), st.integers(0, 100), st.integers(0, 100))
def test_any_part_is_the_same_as_in_the_whole(start, skip, count):
    whole = symbols(KEY, account=ALICE, recording=SONG, start=start, count=skip + count)
    assert symbols(KEY, account=ALICE, recording=SONG, start=start + skip, count=count) == whole[skip:]
    assert set(whole) <= {0, 1}


def test_it_never_changes_between_versions():
    drawn = symbols(KEY, account=ALICE, recording=SONG, start=0, count=32)
    assert "".join(map(str, drawn)) == "11110000000110000011101010111111"


def test_accounts_recordings_and_keys_differ():
    words = {
        symbols(key, account=account, recording=recording, start=0, count=200)
        for key in (KEY, bytes(32))
        for account in (ALICE, BOB)
        for recording in (SONG, OTHER)
    }
    assert len(words) == 8


def test_biases_follow_the_arcsine_distribution_within_the_cutoff():
    drawn = sorted(biases(KEY, recording=SONG, start=0, count=20_000))
    assert drawn[0] >= BIAS_CUTOFF - 1e-4
    assert drawn[-1] <= 1 - BIAS_CUTOFF + 1e-4
    low = math.asin(math.sqrt(BIAS_CUTOFF))
    for part in (0.1, 0.25, 0.5, 0.75, 0.9):
        expected = math.sin(low + (math.pi / 2 - 2 * low) * part) ** 2
        assert abs(drawn[int(part * len(drawn))] - expected) < 0.015


def test_the_chance_of_b_is_the_positions_bias():
    chances = biases(KEY, recording=SONG, start=0, count=16)
    accounts = [f"{number:032x}" for number in range(4000)]
    words = [symbols(KEY, account=account, recording=SONG, start=0, count=16) for account in accounts]
    for position, chance in enumerate(chances):
        seen = sum(word[position] for word in words) / len(words)
        assert abs(seen - chance) < 5 * math.sqrt(chance * (1 - chance) / len(words))


@pytest.mark.parametrize(("start", "count"), [(-1, 4), (0, -1)])
def test_positions_before_the_start_are_refused(start, count):
    with pytest.raises(ValueError, match="positions"):
        symbols(KEY, account=ALICE, recording=SONG, start=start, count=count)
