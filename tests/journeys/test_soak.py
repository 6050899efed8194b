"""A short day on a weak phone. The long one is `make soak MINUTES=60`.

What it asserts in seconds are promises to listeners, not speed: music that is held sounds, what was cut off comes back.
"""

import sys

import pytest
from journeys.browsers import program
from journeys.cdp import Chrome
from journeys.endurance import SHORT, Endurance, Figure, Sample

pytestmark = pytest.mark.journey


def test_the_music_holds_and_the_page_stays_as_small_as_it_was(house, home):
    chrome = Chrome(program("chromium"), home)
    try:
        endurance = Endurance(chrome, SHORT, say=lambda line: sys.stdout.write(line + "\n"))
        endurance.begin(f"{house.url}/release/{house.release(house.album[0].album)}")
        endurance.run(minutes=0)
    finally:
        chrome.close()
    assert len(endurance.happenings) == 8
    assert [it for it in endurance.happenings if not it.holds] == []
    assert endurance.grown == []
    assert endurance.errors == []
    assert max(it.held_max for it in endurance.happenings) < 20


def samples(*heaps):
    return [Sample(60 * at, heap, 0, 0, 0, 0, 0, 0, 0) for at, heap in enumerate(heaps)]


HEAP = Figure("heap", "heap", "", 1, share=0.05, floor=10)


@pytest.mark.parametrize(
    ("heaps", "grown"),
    [
        ((1000, 1000, 1000, 1000), 0),
        ((1000, 1010, 1020, 1030), 30),
        ((1000, 1001, 9000, 1003, 1004), 4),  # one outlier moves nothing
        ((1000, 990, 980), -20),
    ],
)
def test_growth_is_the_slope_that_no_outlier_moves(heaps, grown):
    assert HEAP.growth(samples(*heaps)) == pytest.approx(grown)


def test_a_leap_that_stays_is_seen_at_the_ends():
    leaping = samples(1000, 1000, 1000, 1000, 1000, 1000, 1100, 1100)
    assert HEAP.growth(leaping) < HEAP.allowed(leaping)
    assert HEAP.ends(leaping) == (1000, 1100)
    assert HEAP.ends(samples(1000)) == (1000, 1000)


def test_what_is_allowed_is_a_share_of_the_median_or_the_floor():
    assert HEAP.allowed(samples(1000, 1000, 1000)) == 50
    assert HEAP.allowed(samples(100, 100, 100)) == 10
