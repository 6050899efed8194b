"""The grid: AAC and FLAC chunks of one rate are equally long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.packaging import layout


@pytest.mark.parametrize(
    ("rate_hz", "chunk_samples", "aac_frames", "flac_frame"),
    [(44_100, 44_032, 43, 2752), (48_000, 48_128, 47, 3008)],
)
def test_the_measured_grid(rate_hz, chunk_samples, aac_frames, flac_frame):
    aac, flac = layout.aac(rate_hz), layout.flac(rate_hz)
    assert (aac.frame_samples, aac.frames_per_chunk) == (1024, aac_frames)
    assert (flac.frame_samples, flac.frames_per_chunk) == (flac_frame, 16)
    assert aac.chunk_samples == flac.chunk_samples == chunk_samples
    assert aac.segment_samples == flac.segment_samples == 4 * chunk_samples
    assert flac.frame_samples <= 4608  # the subset limit of RFC 9639 up to 48 kHz


@given(st.integers(-1, 400_000).filter(lambda rate: rate not in (44_100, 48_000)))
def test_other_rates_are_refused(rate_hz):
    for make in (layout.aac, layout.flac):
        with pytest.raises(ValueError, match="resample"):
            make(rate_hz)
