"""Slow sounds: warm pads, glass, and the weather outside."""

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.effects import bandpass, lowpass
from alpheus.exchange.demo.synth.envelopes import swell
from alpheus.exchange.demo.synth.oscillators import Modes, phase, ring, sine
from alpheus.exchange.demo.synth.sound import RATE_HZ, Stereo, noise, samples_of, times


def warm_pad(
    pitch: int,
    seconds: float,
    velocity: float,
    *,
    attack: float = 2.2,
    release: float = 3.2,
    open_: float = 1.0,
) -> Stereo:
    """Sound five detuned saws under a filter that opens and closes once, in time with the swell.

    Args:
        pitch: MIDI number.
        seconds: until it lets go.
        velocity: loudness.
        attack: seconds to rise.
        release: seconds to fall, beyond `seconds`.
        open_: how far the filter opens; 1 is warm, 2 is bright.
    """
    samples = samples_of(seconds + release)
    f0, rng = hertz(pitch), np.random.default_rng(4_000 + pitch * 7 + samples % 997)
    k = np.arange(1, int(min(36, 5_000 // f0)) + 1)
    cents = np.array([-9.0, -4.5, 0.0, 4.5, 9.0]) + rng.normal(0, 1, 5)
    hertz_of = np.outer(2 ** (cents / 1200), k * f0).ravel()
    saw = np.tile(1 / k, 5) + 0.6 * np.tile(k == 1, 5)
    angle = np.repeat((np.linspace(-0.84, 0.84, 5) + 1) * np.pi / 4, len(k))
    closed = saw / np.sqrt(1 + (hertz_of / (260 + 0.9 * f0)) ** 4)
    opened = saw / np.sqrt(1 + (hertz_of / ((800 + 1.6 * f0) * open_)) ** 4)
    steady = np.full(len(hertz_of), 1e6)
    # Both ends of the filter at once, as four rows: moving between them costs one multiplication.
    rows = np.stack(
        [closed * np.cos(angle), closed * np.sin(angle), opened * np.cos(angle), opened * np.sin(angle)]
    )
    sound = ring(Modes(hertz_of, steady, rows, rng.uniform(0, 1, len(hertz_of))), samples)
    arc = swell(samples, attack=samples / RATE_HZ * 0.55, release=samples / RATE_HZ * 0.4)[:, None]
    body = sound[:, :2] + np.float32(0.8) * arc * (sound[:, 2:] - sound[:, :2])
    return body * (swell(samples, attack=attack, release=release) * np.float32(0.08 * velocity))[:, None]


def glass(pitch: int, seconds: float, velocity: float) -> Stereo:
    """Rub the rim of a glass: a sine with a faint octave and twelfth, each side breathing by itself."""
    samples = samples_of(seconds + 2.5)
    t, f0 = times(samples), hertz(pitch)
    rng = np.random.default_rng(5_000 + pitch + samples % 991)
    sides = []
    for side in range(2):
        breath = 1 + 0.25 * np.sin(2 * np.pi * np.float32(rng.uniform(0.15, 0.5)) * t + np.float32(side * 2))
        tone = sine(phase(f0 * (1 + 0.0007 * side), samples))
        tone += np.float32(0.14) * sine(phase(2.003 * f0, samples)) + np.float32(0.05) * sine(
            phase(3.01 * f0, samples)
        )
        sides.append(tone * breath)
    rim = swell(samples, attack=min(1.2, seconds * 0.5), release=2.5)
    sound: Stereo = np.stack(sides, axis=1) * (rim * np.float32(0.2 * velocity))[:, None]
    return sound


def rain(seconds: float, *, drops_per_second: float, seed: int) -> Stereo:
    """Let it rain on a roof: a hiss of many drops far away and single ones near by."""
    samples = samples_of(seconds)
    rng = np.random.default_rng(seed)
    far = np.stack([bandpass(noise(samples, seed + side), 700, 5_200, 1) for side in range(2)], axis=1)
    gusts = np.interp(np.arange(samples), np.linspace(0, samples, 40), rng.uniform(0.5, 1.0, 40)).astype(
        np.float32
    )
    far *= (gusts * np.float32(0.03))[:, None]
    near = np.zeros((samples, 2), dtype=np.float32)
    count = int(seconds * drops_per_second)
    places = rng.integers(0, samples, count)
    near[places, rng.integers(0, 2, count)] = rng.exponential(0.4, count).clip(0, 1.3).astype(np.float32)
    return far + lowpass(bandpass(near, 900, 3_800, 1), 3_500, 1)


def wind(seconds: float, *, seed: int) -> Stereo:
    """Let wind go over a field: noise whose colour and strength wander."""
    samples = samples_of(seconds)
    rng = np.random.default_rng(seed)
    sides = []
    for side in range(2):
        air = noise(samples, seed + 10 + side)
        low, high = bandpass(air, 120, 420, 1), bandpass(air, 400, 1_100, 1)
        steps = max(4, int(seconds / 4))
        blend = np.interp(
            np.arange(samples), np.linspace(0, samples, steps), rng.uniform(0, 1, steps)
        ).astype(np.float32)
        sides.append(low * (1 - blend) + high * blend * np.float32(0.7))
    return np.stack(sides, axis=1) * np.float32(0.1)
