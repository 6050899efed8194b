"""Every kind of file that we say we read is read, and lossless ones to the bit."""

import numpy as np
import pytest
from audio import sounds

from alpheus.audio.decode import decode
from alpheus.audio.errors import LimitExceeded
from alpheus.audio.limits import Limits
from alpheus.audio.probe import probe
from alpheus.audio.rates import stream_rate_hz

LIMITS = Limits()


def read(path, folder, limits=LIMITS):
    found = probe(path, limits)
    rate_hz = stream_rate_hz(found.rate_hz)
    return found, decode(path, folder / "samples", rate_hz=rate_hz, seconds=10, limits=limits)


def spectrum_error_db(a, b):
    """How far two recordings of the same music are apart in the bands that matter, in dB of the first's energy."""
    window = np.hanning(len(a))[:, None]
    x, y = (np.abs(np.fft.rfft(s * window, axis=0)) for s in (a, b))
    return 10 * np.log10(((x - y) ** 2).sum() / (x**2).sum())


@pytest.mark.parametrize("kind", sounds.KINDS)
def test_a_kind_of_file_is_decoded(kind, tmp_path):
    options, lossless = sounds.KINDS[kind]
    rate_hz = options.get("rate_hz", sounds.RATE_HZ)
    music = sounds.music(2.13, rate_hz=rate_hz)
    found, decoded = read(sounds.write_kind(tmp_path, kind, music), tmp_path)
    assert found.lossless == lossless
    assert decoded.pcm.rate_hz == rate_hz
    samples = decoded.pcm.read(0, 10**9)
    if lossless:
        assert len(samples) == len(music)
        assert np.abs(samples - music).max() <= 2**-16
        return
    # Without an edit list or a header an encoder's delay and padding cannot be known.
    slack = {"aac": 3 * 1024, "ogg": 64}.get(kind, 0)  # FFmpeg pads Vorbis to 64 samples
    assert 0 <= len(samples) - len(music) <= slack
    assert spectrum_error_db(music, samples[: len(music)]) < -15


@pytest.mark.parametrize(
    ("source_hz", "stream_hz"),
    [(8_000, 48_000), (22_050, 48_000), (44_100, 44_100), (48_000, 48_000), (88_200, 44_100), (96_000, 48_000),
     (176_400, 44_100), (192_000, 48_000)],
)  # fmt: skip
def test_streams_run_at_the_rate_of_the_sources_family(source_hz, stream_hz, tmp_path):
    tone = sounds.sine(1.0, rate_hz=source_hz)
    _, decoded = read(
        sounds.write(tmp_path / "tone.wav", tone, "pcm_s24le", sample_format="s32", rate_hz=source_hz),
        tmp_path,
    )
    samples = decoded.pcm.read(0, 10**9)
    assert decoded.pcm.rate_hz == stream_hz
    assert abs(len(samples) - stream_hz) <= 2
    middle = samples[stream_hz // 4 : -stream_hz // 4, 0]
    expected = sounds.sine(1.0, rate_hz=stream_hz)[: len(samples), 0][stream_hz // 4 : -stream_hz // 4]
    assert np.abs(middle - expected[: len(middle)]).max() < 2e-3


def test_24_bits_survive(tmp_path):
    music = sounds.music(0.7)
    _, decoded = read(sounds.write(tmp_path / "a.flac", music, sample_format="s32"), tmp_path)
    assert decoded.exact
    assert np.abs(decoded.pcm.read(0, 10**9) - music).max() <= 2**-24


def test_mono_sounds_from_both_sides_at_full_level(tmp_path):
    music = sounds.music(0.7, channels=1)
    _, decoded = read(sounds.write(tmp_path / "a.wav", music, "pcm_s16le"), tmp_path)
    samples = decoded.pcm.read(0, 10**9)
    assert np.array_equal(samples[:, 0], samples[:, 1])
    assert np.abs(samples[:, :1] - music).max() <= 2**-16


@pytest.mark.parametrize("channels", [6, 8])
def test_surround_is_mixed_down_without_clipping(channels, tmp_path):
    loud = np.ones((sounds.RATE_HZ, channels), np.float32) * 0.99
    found, decoded = read(sounds.write(tmp_path / "a.wav", loud, "pcm_s16le"), tmp_path)
    assert found.channels == channels
    assert 0.9 < np.abs(decoded.pcm.read(2000, 40_000)).max() <= 1.0


def test_numbers_that_are_no_sound_fall_silent(tmp_path):
    music = sounds.music(1.0)
    music[1000], music[2000], music[3000] = np.nan, np.inf, -1e30
    _, decoded = read(sounds.write(tmp_path / "a.wav", music, "pcm_f32le", sample_format="flt"), tmp_path)
    samples = decoded.pcm.read(0, 10**9)
    assert decoded.broken_numbers == 6
    assert np.isfinite(samples).all()
    assert not samples[1000].any()
    assert not samples[2000].any()


def test_what_goes_beyond_full_scale_is_lowered_as_a_whole(tmp_path):
    music = sounds.music(1.0, level=1.6)
    _, decoded = read(sounds.write(tmp_path / "a.wav", music, "pcm_f32le", sample_format="flt"), tmp_path)
    samples = decoded.pcm.read(0, 10**9)
    assert np.abs(samples).max() == pytest.approx(1.0, abs=1e-6)
    assert np.allclose(samples * 1.6, music, atol=1e-5)


def test_a_file_longer_than_its_header_says_stops_at_the_limit(tmp_path):
    path = sounds.write(tmp_path / "a.aac", sounds.music(6.0), "aac", sample_format="fltp", container="adts")
    with pytest.raises(LimitExceeded, match="longer"):
        read(path, tmp_path, Limits(seconds_max=2.0))


def test_blocks_are_the_whole(tmp_path):
    _, decoded = read(sounds.write(tmp_path / "a.flac", sounds.music(4.0)), tmp_path)
    pcm = decoded.pcm
    assert np.array_equal(np.concatenate(list(pcm.blocks(10_000))), pcm.read(0, pcm.samples))
