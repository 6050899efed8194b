"""Faults are measured where they are, and not where they are not."""

import numpy as np
import pytest
from audio import sounds
from scipy import signal

from alpheus.audio.faults import faults
from alpheus.audio.pcm import Pcm

RATE_HZ = 44_100


@pytest.fixture
def measured(tmp_path):
    def measure(samples, rate_hz=RATE_HZ):
        path = tmp_path / "samples.f32"
        samples.astype("<f4").tofile(path)
        peak = float(np.abs(samples).max(initial=0.0))
        return faults(Pcm(path, rate_hz, len(samples)), peak=peak)

    return measure


def noise(seconds, *, channels=2, seed=3, level=0.2):
    random = np.random.default_rng(seed)
    return level * np.clip(random.standard_normal((round(seconds * RATE_HZ), channels)) / 3, -1, 1)


def faded(samples, seconds=2.0):
    out = samples.copy()
    count = round(seconds * RATE_HZ)
    out[-count:] *= (np.linspace(1, 0, count) ** 2)[:, None]
    return out


def mono(samples):
    return np.repeat(samples[:, :1], 2, axis=1)


# Clipped, and then turned down: the flat tops are still there.
@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_flat_tops_are_counted_wherever_they_lie(measured, gain):
    loud = np.clip(sounds.music(5.0, level=2.0), -1, 1)
    found = measured(gain * loud)
    assert found.flat_places > 50
    assert found.flat_longest >= 8
    assert found.peak_dbfs == pytest.approx(20 * np.log10(gain), abs=0.01)


@pytest.mark.parametrize("frequency_hz", [30.0, 50.0, 1000.0])
@pytest.mark.parametrize("level", [0.41, 1.0])
def test_the_crest_of_a_bass_is_no_flat_top(measured, frequency_hz, level):
    assert measured(sounds.sine(4.0, frequency_hz=frequency_hz, level=level)).flat_places == 0


def test_music_that_is_not_clipped_has_no_flat_tops(measured):
    assert measured(sounds.music(5.0, level=0.9)).flat_places == 0


def test_silence_inside_is_found_in_its_place_and_at_the_ends_is_left_alone(measured):
    sound, quiet = noise(3.0), np.zeros((round(2.5 * RATE_HZ), 2))
    found = measured(np.concatenate((quiet, sound, quiet, sound, quiet)))
    ((start, length),) = found.silences
    assert (start, length) == (pytest.approx(5_500, abs=20), pytest.approx(2_500, abs=20))
    assert measured(np.concatenate((sound, quiet[: RATE_HZ // 2], sound))).silences == ()


def test_an_abrupt_end_is_loud_and_a_faded_one_is_not(measured):
    sound = noise(6.0)
    assert measured(sound).ending_below_db < 1
    assert measured(sound).ending_dbfs > -30
    assert measured(faded(sound)).ending_below_db > 40


@pytest.mark.parametrize("offset", [0.004, -0.02])
def test_an_offset_is_measured(measured, offset):
    found = measured(noise(20.0) + np.array([0.0, offset]))
    assert found.offset == pytest.approx(offset, rel=0.05)
    assert abs(offset) > 5 * found.offset_error


def test_slow_bass_is_no_offset(measured):
    sound = sounds.sine(20.3, frequency_hz=0.4, level=0.5)
    found = measured(sound)
    assert abs(found.offset) < 5 * found.offset_error


def test_two_channels_with_one_sound_are_alike(measured):
    found = measured(mono(noise(4.0))).stereo
    assert (found.difference, found.likeness, found.delay_ms) == (0.0, pytest.approx(1), 0.0)


def test_a_delayed_copy_is_found_with_its_delay(measured):
    one = mono(noise(6.0))
    one[:, 1] = np.roll(one[:, 0], 441)
    found = measured(one).stereo
    assert found.delay_ms == pytest.approx(10.0, abs=0.05)
    assert found.likeness > 0.99


def test_a_copy_turned_round_at_another_level_is_found(measured):
    found = measured(mono(noise(4.0)) * np.array([1.0, -0.5])).stereo
    assert found.likeness == pytest.approx(-1, abs=0.001)
    assert found.balance_db == pytest.approx(-6.02, abs=0.05)


@pytest.mark.parametrize("width", [0.5, 1.0])
def test_two_channels_that_differ_are_not_alike(measured, width):
    middle, sides = noise(6.0, channels=1), noise(6.0, seed=4)
    assert abs(measured(middle + width * sides).stereo.likeness) < 0.97


def brown(seconds):
    """Noise that falls with frequency, as music does."""
    return signal.lfilter([1.0], [1.0, -0.9], noise(seconds), axis=0)


@pytest.mark.parametrize("cutoff_hz", [11_000, 16_000, 19_000])
def test_a_cliff_is_found_where_it_is(measured, cutoff_hz):
    low = signal.firwin(1001, cutoff_hz, fs=RATE_HZ)
    found = measured(signal.fftconvolve(brown(5.0), low[:, None], mode="same", axes=0)).cutoff
    assert found.hz == pytest.approx(cutoff_hz, abs=300)
    assert found.steep_db > 30


def test_noise_that_falls_gently_has_no_cliff(measured):
    assert measured(brown(5.0)).cutoff.steep_db < 10


# At 96 kbit/s LAME cuts above 15 kHz; Opus keeps all that it ever does, 20 kHz.
@pytest.mark.parametrize(
    ("kind", "rate_hz", "cutoff_hz"), [("mp3", 44_100, 15_100), ("opus", 48_000, 20_000)]
)
def test_what_an_encoder_cut_stays_cut(measured, tmp_path, kind, rate_hz, cutoff_hz):
    path = sounds.write_kind(tmp_path, kind, brown(5.0), bit_rate=96_000)
    found = measured(sounds.decoded(path.read_bytes()), rate_hz).cutoff
    assert found.hz == pytest.approx(cutoff_hz, abs=500)
    assert found.steep_db > 20


def test_silence_has_no_spectrum_and_no_likeness(measured):
    found = measured(np.zeros((2 * RATE_HZ, 2)))
    assert found.cutoff is None
    assert found.stereo.likeness == 0.0
    assert found.silences == ()
