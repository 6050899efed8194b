import re

from hypothesis import given
from hypothesis import strategies as st

from alpheus.web.waveform import HEIGHT, WIDTH, bars

BAR = re.compile(r"M(\d+) (\d+)V(\d+)")


@given(st.binary(max_size=1000), st.integers(2, 200))
def test_bars_stay_in_their_field(peaks, count):
    drawn = BAR.findall(bars(peaks, count))
    assert len(drawn) == (count if peaks else 0)
    assert all(0 <= int(x) <= WIDTH and 0 <= int(top) < int(foot) <= HEIGHT for x, top, foot in drawn)


def test_silence_is_still_seen():
    assert len(BAR.findall(bars(bytes(400), 96))) == 96


def test_the_loudest_bar_fills_the_field_however_quiet():
    def tallest(peaks):
        return max(int(foot) - int(top) for _, top, foot in BAR.findall(bars(peaks, 10)))

    assert tallest(bytes([3] * 400)) == tallest(bytes([250] * 400))
