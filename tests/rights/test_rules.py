import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.rights.rules import Access, Extent, extent, preview_window

GRID = 176_128


@pytest.mark.parametrize(
    ("access", "member", "entitled", "heard"),
    [
        (Access.OPEN, False, False, Extent.WHOLE),
        (Access.OPEN, True, False, Extent.WHOLE),
        (Access.MEMBERS, False, False, Extent.PREVIEW),
        (Access.MEMBERS, True, False, Extent.WHOLE),
        (Access.BY_RIGHT, False, False, Extent.PREVIEW),
        (Access.BY_RIGHT, True, False, Extent.PREVIEW),
        (Access.BY_RIGHT, True, True, Extent.WHOLE),
        (Access.BY_RIGHT, False, True, Extent.WHOLE),
    ],
)
def test_who_hears_how_much(access, member, entitled, heard):
    assert extent(access, member=member, entitled=entitled) is heard


@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize("member", [False, True])
@pytest.mark.parametrize("entitled", [False, True])
def test_before_it_appears_nobody_hears_more_than_a_preview(access, member, entitled):
    assert extent(access, member=member, entitled=entitled, early=True) is Extent.PREVIEW


def test_a_preview_is_the_loudest_passage():
    peaks = bytes([10] * 200 + [200] * 50 + [10] * 150)
    window = preview_window(samples=44_100 * 240, length=44_100 * 30, grid=GRID, peaks=peaks)
    assert window.start % GRID == 0
    assert window.start <= 44_100 * 120 < window.end
    assert window.end - window.start == 44_100 * 30


def test_of_two_equal_passages_the_first_is_the_preview():
    window = preview_window(samples=44_100 * 240, length=44_100 * 30, grid=GRID, peaks=bytes([7] * 400))
    assert window.start == 0


def test_without_peaks_a_preview_begins_a_third_in():
    window = preview_window(samples=44_100 * 240, length=44_100 * 30, grid=1, peaks=None)
    assert window.start == 44_100 * 80


def test_a_short_piece_is_not_given_away():
    window = preview_window(samples=44_100 * 20, length=44_100 * 30, grid=GRID, peaks=None)
    assert window.end - window.start == 44_100 * 10


@given(
    samples=st.integers(1, 50_000_000),
    seconds=st.integers(5, 120),
    peaks=st.none() | st.binary(min_size=1, max_size=400),
)
def test_a_window_lies_in_the_recording_and_is_always_the_same(samples, seconds, peaks):
    window = preview_window(samples=samples, length=seconds * 44_100, grid=GRID, peaks=peaks)
    assert 0 <= window.start < window.end <= samples
    assert window.start % GRID == 0
    assert window.end - window.start == min(seconds * 44_100, max(samples // 2, 1))
    assert window == preview_window(samples=samples, length=seconds * 44_100, grid=GRID, peaks=peaks)
