"""Bowed strings: sections of a few players each, never quite together."""

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.effects import bandpass, highpass, lowpass, peak
from alpheus.exchange.demo.synth.envelopes import ramp
from alpheus.exchange.demo.synth.oscillators import phase, wave
from alpheus.exchange.demo.synth.sound import Mono, Stereo, noise, samples_of, times

_RELEASE_SECONDS = 0.28


def bowed(pitch: int, seconds: float, velocity: float, *, players: int = 2, attack: float = 0.09) -> Stereo:
    """Draw a bow over a note.

    Args:
        pitch: MIDI number.
        seconds: until the bow is lifted.
        velocity: how much bow.
        players: how many play it.
        attack: seconds until the string speaks fully.
    """
    samples = samples_of(seconds + _RELEASE_SECONDS)
    rng = np.random.default_rng(900 + pitch * 13 + samples % 1_009)
    sound = np.zeros((samples, 2), dtype=np.float32)
    for player in range(players):
        place = (player - (players - 1) / 2) * 0.5 / players
        angle = (place + 1) * np.pi / 4
        one = _player(pitch, samples, rng)
        sound[:, 0] += np.float32(np.cos(angle)) * one
        sound[:, 1] += np.float32(np.sin(angle)) * one
    sound = lowpass(sound, 900 + 2_600 * velocity + 1.2 * hertz(pitch), 1)
    return sound * (_bow(samples, seconds, attack, velocity) * np.float32(0.3 / players**0.5))[:, None]


def pizzicato(pitch: int, _seconds: float, velocity: float) -> Mono:
    """Pluck a cello's string with a finger."""
    samples = samples_of(0.9)
    t, f0 = times(samples), hertz(pitch)
    sound = np.zeros(samples, dtype=np.float32)
    for k in range(1, int(min(14, 5_000 // f0)) + 1):
        decay = np.float32(0.42 / (1 + 0.55 * (k - 1)) * 2 ** (-(pitch - 48) / 24))
        sound += (
            np.float32(np.sin(np.pi * k * 0.27) / k)
            * np.sin(2 * np.pi * np.float32(k * f0) * t)
            * np.exp(-t / decay)
        )
    sound[:60] *= ramp(60)
    sound[-2_000:] *= ramp(2_000)[::-1]
    return (peak(sound, 240, 3.0, 1.2) * np.float32(0.4 * velocity)).astype(np.float32)


def _player(pitch: int, samples: int, rng: np.random.Generator) -> Mono:
    t = times(samples)
    rate, depth = rng.uniform(4.9, 5.7), rng.uniform(9, 15)
    growing = np.clip((t - np.float32(0.18)) / np.float32(0.5), 0, 1)
    drift = np.float32(rng.normal(0, 3.0)) + np.float32(rng.uniform(1, 2.5)) * np.sin(
        2 * np.pi * np.float32(rng.uniform(0.3, 0.8)) * t
    )
    cents = drift + np.float32(depth) * growing * np.sin(
        2 * np.pi * np.float32(rate) * t + np.float32(rng.uniform(0, 6))
    )
    # The string starts a little flat, as the bow takes hold of it.
    cents = cents - np.float32(14) * np.exp(-t / np.float32(0.035))
    moving = hertz(pitch) * 2.0 ** (cents.astype(np.float64) / 1200)
    tone = wave("saw", phase(moving, samples, rng.uniform()), hertz(pitch) * 1.03)
    hair = bandpass(noise(samples, int(rng.integers(1 << 30))), 1_200, 6_000, 1) * np.float32(0.035)
    tone = highpass(tone + hair, 0.6 * hertz(pitch), 1)
    for place, decibels, q in ((290, 2.5, 2.0), (460, 3.0, 2.2), (1_100, -3.0, 1.0), (2_600, 2.0, 1.2)):
        tone = peak(tone, place, decibels, q)  # a box of spruce and maple
    return tone


def _bow(samples: int, seconds: float, attack: float, velocity: float) -> Mono:
    held = samples_of(seconds)
    level = np.full(samples, np.float32(velocity) ** np.float32(1.2), dtype=np.float32)
    # Each stroke swells to two thirds and leans back.
    place = np.arange(samples, dtype=np.float32) / max(1, held)
    level *= np.float32(0.8) + np.float32(0.2) * np.sin(np.pi * np.clip(place, 0, 1) ** np.float32(1.3))
    rise = min(samples_of(attack), held // 2)
    level[:rise] *= ramp(rise)
    level[held:] *= ramp(samples - held)[::-1] ** 2
    return level
