"""The sound beyond a recording's ends is what would most likely have followed, and fades."""

import numpy as np
import pytest
from audio import sounds

from alpheus.audio.prediction import LEARNED_SAMPLES, burg, continued, preceded


def test_a_sine_goes_on_in_phase():
    tone = sounds.sine(0.3, frequency_hz=441.0)
    added = continued(tone[:LEARNED_SAMPLES], 2048)
    # Early on the fade has hardly begun.
    assert np.abs(added[:100] - tone[LEARNED_SAMPLES : LEARNED_SAMPLES + 100]).max() < 0.02


def test_it_goes_backwards_likewise():
    tone = sounds.sine(0.3, frequency_hz=441.0)
    added = preceded(tone[1000 : 1000 + LEARNED_SAMPLES], 900)
    assert np.abs(added[-50:] - tone[950:1000]).max() < 0.02


def test_it_fades_to_nothing():
    added = continued(sounds.music(0.2)[:LEARNED_SAMPLES], 6144)
    assert np.abs(added[-64:]).max() < 0.01


def test_there_is_no_step_at_the_join():
    music = sounds.music(1.0)
    joined = np.concatenate([music[:LEARNED_SAMPLES], continued(music[:LEARNED_SAMPLES], 1024)])
    steps = np.abs(np.diff(joined, axis=0))
    assert steps[LEARNED_SAMPLES - 1].max() <= steps[: LEARNED_SAMPLES - 1].max()


@pytest.mark.parametrize(
    "known",
    [
        np.zeros((LEARNED_SAMPLES, 2)),
        np.ones((LEARNED_SAMPLES, 2)),
        np.eye(LEARNED_SAMPLES, 2),
        np.sign(np.sin(np.arange(2 * LEARNED_SAMPLES).reshape(-1, 2) / 9)),
        np.ones((1, 2)) * 0.3,
        np.ones((10, 2)) * 0.3,
    ],
    ids=["silence", "constant", "impulse", "square", "one sample", "ten samples"],
)
def test_nothing_swells(known):
    added = continued(known.astype(np.float32), 8192)
    assert added.shape == (8192, 2)
    assert np.isfinite(added).all()
    assert np.abs(added).max() <= np.abs(known).max() + 1e-6


def test_burgs_filter_predicts_a_known_process():
    random = np.random.default_rng(3)
    from scipy.signal import lfilter

    process = lfilter([1.0], [1.0, -1.6, 0.8], random.standard_normal(8192))
    assert burg(process, 2) == pytest.approx([1.0, -1.6, 0.8], abs=0.03)
