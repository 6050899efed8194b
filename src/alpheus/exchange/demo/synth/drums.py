"""Drums from sweeps, modes and noise. Each has a handful of takes, so that no two beats are the same sample."""

from functools import lru_cache

import numpy as np

from alpheus.exchange.demo.synth.effects import bandpass, driven, highpass, lowpass
from alpheus.exchange.demo.synth.envelopes import ramp
from alpheus.exchange.demo.synth.oscillators import phase, sine
from alpheus.exchange.demo.synth.sound import RATE_HZ, Mono, noise, samples_of, times

KICK, SNARE, HAT, OPEN_HAT, CLAP, RIM, SHAKER, BRUSH = (
    36,
    38,
    42,
    46,
    39,
    37,
    70,
    40,
)  # General MIDI's numbers
_TAKES = 5


class Kit:
    """A drum kit to be performed like an instrument: the pitch says which drum.

    Args:
        soft: a dusty kit, played quietly, in place of a dry one for dancing.
    """

    def __init__(self, *, soft: bool = False) -> None:
        self._soft = soft
        self._beats = 0

    def __call__(self, drum: int, _seconds: float, velocity: float) -> Mono:
        """Strike a drum; takes follow one another in turn."""
        self._beats += 1
        return _struck(drum, (self._beats * 3) % _TAKES, self._soft) * np.float32(velocity)


@lru_cache(maxsize=128)
def _struck(drum: int, take: int, soft: bool) -> Mono:  # noqa: FBT001 - a part of the cache's key
    make = {KICK: _kick, SNARE: _snare, CLAP: _clap, RIM: _rim, SHAKER: _shaker, BRUSH: _brush}.get(drum)
    sound = make(take, soft) if make else _hat(take, soft, is_open=drum == OPEN_HAT)
    tail = len(sound) // 6
    sound[-tail:] *= ramp(tail)[::-1]
    sound[:24] *= ramp(24)
    return lowpass(sound, 8_000, 1) if soft else sound


def _decay(samples: int, seconds: float) -> Mono:
    level: Mono = np.exp(-times(samples) / np.float32(seconds))
    return level


def _kick(take: int, soft: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.5)
    t = times(samples)
    floor, sweep = (52.0, 70.0) if soft else (49.0, 150.0)
    hertz = floor + sweep * np.exp(-t / np.float32(0.022)) + 12 * np.exp(-t / np.float32(0.12))
    body = sine(phase(hertz.astype(np.float64), samples)) * _decay(samples, 0.13 if soft else 0.17)
    click = highpass(noise(samples, 100 + take), 1_500, 1) * _decay(samples, 0.003)
    return driven(body * np.float32(0.95) + click * np.float32(0.05 if soft else 0.1), 1.5)


def _snare(take: int, soft: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.32)
    skin = sum(
        np.float32(gain) * sine(phase(hertz * (1 + 0.004 * take), samples)) * _decay(samples, seconds)
        for hertz, gain, seconds in ((186.0, 0.6, 0.07), (331.0, 0.35, 0.045))
    )
    wires = bandpass(noise(samples, 200 + take), 1_100, 7_500, 1) * _decay(samples, 0.09 if soft else 0.075)
    return (skin * np.float32(0.8) + wires * np.float32(0.45)).astype(np.float32)


def _clap(take: int, _soft: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.3)
    hands = bandpass(noise(samples, 300 + take), 850, 3_600, 1)
    level = np.zeros(samples, dtype=np.float32)
    for number, at in enumerate((0.0, 0.011, 0.021, 0.03)):
        start = samples_of(at)
        level[start:] = np.maximum(level[start:], _decay(samples - start, 0.006 if number < 3 else 0.07))
    return (hands * level * np.float32(0.8)).astype(np.float32)


def _rim(take: int, _soft: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.1)
    stick = sine(phase(1_720.0, samples)) * _decay(samples, 0.008) + sine(phase(820.0, samples)) * _decay(
        samples, 0.014
    )
    wood = bandpass(noise(samples, 400 + take), 900, 4_000, 1) * _decay(samples, 0.006)
    return (stick * np.float32(0.35) + wood * np.float32(0.3)).astype(np.float32)


def _shaker(take: int, _soft: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.12)
    t = times(samples)
    seeds = bandpass(noise(samples, 500 + take), 3_800, 9_500, 1)
    level = np.exp(-(((t - np.float32(0.035)) / np.float32(0.02)) ** 2))
    sound: Mono = seeds * level * np.float32(0.35)
    return sound


def _brush(take: int, _soft: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.3)
    t = times(samples)
    sweep = bandpass(noise(samples, 600 + take), 1_000, 5_500, 1)
    level = np.minimum(t / np.float32(0.012), 1) * _decay(samples, 0.07)
    sound: Mono = sweep * level * np.float32(0.4)
    return sound


def _hat(take: int, soft: bool, *, is_open: bool) -> Mono:  # noqa: FBT001
    samples = samples_of(0.42 if is_open else 0.12)
    # Six inharmonic metals, as the drum machines of 1980 had them, under noise.
    metal = sum(
        np.sign(sine(phase(hertz, samples, take * 0.13)))
        for hertz in (4_127.0, 5_411.0, 6_113.0, 7_349.0, 3_237.0, 8_011.0)
    )
    air = highpass(noise(samples, 700 + take), 6_500, 2)
    sound = highpass(np.asarray(metal, dtype=np.float32) * np.float32(0.05), 7_000, 2) + air * np.float32(0.3)
    sound = lowpass(sound, 11_000, 1)
    return (
        sound * _decay(samples, (0.13 if is_open else 0.026) * (1.2 if soft else 1.0)) * np.float32(0.6)
    ).astype(np.float32)


def crackle(seconds: float, seed: int) -> Mono:
    """Give the dust of a record: sparse ticks over a faint rumbling hiss."""
    samples = samples_of(seconds)
    rng = np.random.default_rng(seed)
    ticks = np.zeros(samples, dtype=np.float32)
    count = int(seconds * 9)
    ticks[rng.integers(0, samples, count)] = rng.exponential(0.6, count) * rng.choice([-1, 1], count)
    bed = lowpass(noise(min(samples, 12 * RATE_HZ), seed), 2_500, 1) * np.float32(0.012)
    return lowpass(highpass(ticks, 700, 1), 5_000, 1) + np.resize(bed, samples)
