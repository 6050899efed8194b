"""Measured against signals whose loudness, peak and silence are known."""

import itertools

import numpy as np
import pytest
from audio import sounds

from alpheus.audio import loudness
from alpheus.audio.measure import measure
from alpheus.audio.pcm import Pcm


def pcm_of(samples, folder, rate_hz=sounds.RATE_HZ):
    path = folder / "samples.f32"
    path.write_bytes(np.ascontiguousarray(samples, dtype="<f4").tobytes())
    return Pcm(path, rate_hz, len(samples))


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("dbfs", [-23.0, -33.0])
def test_ebu_tech_3341_cases_1_and_2(dbfs, rate_hz, tmp_path):
    """A stereo sine of 1 kHz at -23 dBFS measures -23 LUFS, tolerance 0.1 LU."""
    tone = sounds.sine(20.0, level=10 ** (dbfs / 20), rate_hz=rate_hz)
    assert measure(pcm_of(tone, tmp_path, rate_hz)).loudness_lufs == pytest.approx(dbfs, abs=0.1)


def test_ebu_tech_3341_case_3(tmp_path):
    """Quiet parts fall below the relative gate: -36, -23, -36 dBFS for 10, 60, 10 s measure -23 LUFS."""
    parts = [sounds.sine(s, level=10 ** (d / 20)) for s, d in ((10, -36), (60, -23), (10, -36))]
    assert measure(pcm_of(np.concatenate(parts), tmp_path)).loudness_lufs == pytest.approx(-23, abs=0.1)


def test_ebu_tech_3342_case_1(tmp_path):
    """-20 then -30 dBFS for 20 s each: a range of 10 LU, tolerance 1."""
    parts = [sounds.sine(20, level=10 ** (d / 20)) for d in (-20, -30)]
    assert measure(pcm_of(np.concatenate(parts), tmp_path)).range_lu == pytest.approx(10, abs=1)


def test_a_true_peak_lies_between_samples(tmp_path):
    """EBU Tech 3341 case 16: a quarter of the rate at 45 degrees, samples at -9, truth at -6 dBTP."""
    n = np.arange(44_100)
    fade = np.clip(np.minimum(n, n[::-1]) / 4410, 0, 1)  # a bare beginning would overshoot
    tone = np.repeat((fade * 0.5 * np.sin(np.pi / 2 * n + np.pi / 4))[:, None], 2, axis=1)
    assert np.abs(tone).max() == pytest.approx(0.5 / np.sqrt(2), abs=1e-6)
    assert measure(pcm_of(tone, tmp_path)).true_peak_dbtp == pytest.approx(-6.0, abs=0.4)


def test_peaks_show_the_outline(tmp_path):
    samples = sounds.sine(4.0, level=1.0) * np.linspace(0, 1, 4 * 44_100)[:, None]
    peaks = np.frombuffer(measure(pcm_of(samples, tmp_path)).peaks, np.uint8)
    assert len(peaks) == 400
    assert np.abs(peaks - np.linspace(0, 255, 400)).max() < 4


@pytest.mark.parametrize("count", [22_050, 44_101, 131_072, 131_073, 300_007])
def test_peaks_are_those_of_each_400th_whatever_the_length(count, tmp_path):
    samples = np.random.default_rng(count).uniform(-1, 1, (count, 2)).astype(np.float32)
    edges = np.arange(401) * count // 400
    height = np.abs(samples).max(axis=1)
    expected = [round(float(height[a:b].max()) * 255) for a, b in itertools.pairwise(edges)]
    assert list(measure(pcm_of(samples, tmp_path)).peaks) == expected


def test_silence_at_the_ends_is_measured(tmp_path):
    silence = np.zeros((44_100, 2), np.float32)
    samples = np.concatenate([silence, sounds.music(2.0), silence, silence])
    measured = measure(pcm_of(samples, tmp_path))
    assert measured.silence_start_ms == pytest.approx(1000, abs=10)
    assert measured.silence_end_ms == pytest.approx(2000, abs=150)


def test_nothing_but_silence(tmp_path):
    measured = measure(pcm_of(np.zeros((100_000, 2)), tmp_path))
    assert (measured.loudness_lufs, measured.true_peak_dbtp) == (loudness.SILENT_LUFS, loudness.SILENT_DBTP)
    assert measured.peaks == bytes(400)
    assert measured.silence_start_ms == measured.silence_end_ms == 2267
    assert measured.loudness_blocks == ()


def test_the_loudest_passage_is_found(tmp_path):
    quiet, loud = (sounds.sine(s, level=v) for s, v in ((50, 0.05), (31, 0.5)))
    measured = measure(pcm_of(np.concatenate([quiet, loud, quiet]), tmp_path))
    assert 49_500 <= measured.loudest_ms <= 51_500


def test_a_short_recording_is_loudest_from_its_start(tmp_path):
    assert measure(pcm_of(sounds.music(3.0), tmp_path)).loudest_ms == 0


@pytest.mark.parametrize(
    ("runs", "places"),
    [([], 0), ([(10, 2)], 0), ([(10, 3)], 1), ([(10, 3), (20, 9)], 2), ([(131_070, 4)], 1), ([(131_071, 2)], 0),
     ([(131_060, 30)], 1), ([(131_068, 4), (131_072, 1)], 1), ([(0, 140_000)], 1)],
)  # fmt: skip
def test_clipped_places_are_runs_at_full_scale(runs, places, tmp_path):
    samples = np.full((150_000, 2), 0.1, np.float32)
    for start, length in runs:
        samples[start : start + length, 1] = -1.0
    assert measure(pcm_of(samples, tmp_path)).clipped_places == places


def test_gating_follows_bs_1770():
    assert loudness.integrated({}) == loudness.SILENT_LUFS
    assert loudness.integrated({-230: 10}) == pytest.approx(-23)
    assert loudness.integrated({-230: 100, -500: 1000}) == pytest.approx(-23)
    assert loudness.histogram([-23.04, -22.96, -80.0]) == {-230: 2}
    assert loudness.merged([{-230: 2}, {-230: 1, -100: 5}]) == {-230: 3, -100: 5}
