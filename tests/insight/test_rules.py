import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.insight.rules import (
    COHORT_LEAST,
    ENOUGH,
    Candidate,
    Reason,
    arrange,
    closeness,
    cohort,
    merged,
    spread,
)

GENRE, HEARD = Reason("genre", "dub"), Reason("listeners", "Ebb")


def some(count, reason=GENRE, *, start=0, artists=None, weight=1.0):
    return [Candidate(start + n, n if artists is None else n % artists, reason, weight) for n in range(count)]


def test_what_everybody_hears_is_less_close():
    assert closeness(4, 4) == 2.0
    assert closeness(4, 400) < closeness(3, 9)


def test_what_speaks_for_a_recording_adds_up_and_the_strongest_is_said():
    twice = [Candidate(1, 1, GENRE, 0.8), Candidate(1, 1, HEARD, 2.0), Candidate(2, 2, GENRE, 0.8)]
    one, two = merged(twice)
    assert (one.reason, one.weight) == (HEARD, pytest.approx(2.8))
    assert two.weight == 0.8


@pytest.mark.parametrize("seed", range(5))
def test_nothing_comes_twice_and_nobody_follows_themselves(seed):
    draw = random.Random(seed).random
    chosen = arrange([], some(60, artists=8), size=20, draw=draw)
    assert len({each.recording for each in chosen}) == len(chosen) == 20
    assert all(a.credit != b.credit for a, b in pairwise(chosen))


def test_one_artist_fills_a_fifth_as_long_as_there_are_others_and_all_where_there_are_none():
    draw = random.Random(1).random
    crowd = [*some(50, artists=1), *some(30, start=100)]
    chosen = arrange([], crowd, size=20, draw=draw)
    assert sum(each.credit == 0 for each in chosen) <= 4 + 1  # the crowd's own first has number 0 as well
    alone = arrange([], some(9, artists=1), size=20, draw=draw)
    assert len(alone) == 9


def test_listeners_come_first_only_where_enough_is_known():
    draw = random.Random(2).random
    heard, tagged = some(40, HEARD), some(100, start=1000)
    chosen = arrange(heard, tagged, size=20, draw=draw)
    assert sum(each.reason is HEARD for each in chosen) >= 14
    few = arrange(some(ENOUGH - 1, HEARD, weight=0.01), tagged, size=20, draw=draw)
    assert sum(each.reason is HEARD for each in few) < 10


def test_the_heavier_are_likelier():
    counted = 0
    for seed in range(40):
        mixed = [*some(20, weight=5.0), *some(20, start=100, weight=0.1)]
        first = arrange([], mixed, size=5, draw=random.Random(seed).random)
        counted += sum(each.recording < 100 for each in first)
    assert counted > 150, "of 200"


def test_the_same_numbers_make_the_same_radio():
    made = [
        arrange(some(30, HEARD), some(60, start=100), size=20, draw=random.Random(7).random) for _ in "ab"
    ]
    assert made[0] == made[1]
    assert made[0] != arrange(some(30, HEARD), some(60, start=100), size=20, draw=random.Random(8).random)


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 40), max_size=12))
def test_neither_what_is_told_of_people_nor_what_is_left_of_them_is_a_few(people):
    told = spread(people)
    groups = dict(told.told)
    assert all(count >= COHORT_LEAST and count == people[name] for name, count in groups.items())
    left = sum(people.values()) - sum(groups.values())
    assert left == 0 or left >= COHORT_LEAST or not groups
    assert told.others == cohort(left)


def test_nobody_is_told_and_a_few_are_not():
    assert [cohort(people) for people in (0, 1, 9, 10)] == [0, None, None, 10]
