"""Plucked strings: a guzheng whose left hand bends what the right hand plucks, and a soft guitar."""

from functools import lru_cache

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.effects import bandpass, peak, warped
from alpheus.exchange.demo.synth.envelopes import damped, ramp
from alpheus.exchange.demo.synth.oscillators import Modes, ring
from alpheus.exchange.demo.synth.sound import Mono, noise, samples_of, times

_TOUCHES = 6


def guzheng(pitch: int, seconds: float, velocity: float) -> Mono:
    """Pluck a silk-wound steel string; notes longer than a second get the slow vibrato of the left hand."""
    touch = min(_TOUCHES, max(1, round(velocity * _TOUCHES)))
    sound = damped(_string(pitch, touch, 0.13, 1.0), seconds + 1.6, 0.9)
    return _pressed(sound, 0.0, 18.0 if seconds > 0.8 else 6.0)


def guzheng_from_below(pitch: int, seconds: float, velocity: float) -> Mono:
    """Pluck a string two semitones under the note and press it up into tune (shang hua yin)."""
    touch = min(_TOUCHES, max(1, round(velocity * _TOUCHES)))
    sound = damped(_string(pitch, touch, 0.13, 1.0), seconds + 1.6, 0.9)
    return _pressed(sound, -200.0, 22.0)


def nylon(pitch: int, seconds: float, velocity: float) -> Mono:
    """Pluck a nylon string with the flesh of the thumb."""
    touch = min(_TOUCHES, max(1, round(velocity * _TOUCHES)))
    return damped(_string(pitch, touch, 0.31, 0.42), seconds + 0.15, 0.25)


@lru_cache(maxsize=256)
def _string(pitch: int, touch: int, where: float, bright: float) -> Mono:
    """Ring as a string plucked at a point does: the modes that a Karplus-Strong loop has, each set by itself.

    Args:
        pitch: MIDI number.
        touch: 1 to 6.
        where: the place of the plectrum, as a part of the string's length.
        bright: 1 for a nail on steel, less for flesh on nylon.
    """
    f0, rng = hertz(pitch), np.random.default_rng(7_000 + 10 * pitch + touch)
    n = np.arange(1, int(min(60, 11_000 // f0)) + 1)
    partial = n * f0 * np.sqrt(1 + 0.00006 * n**2)
    gain = np.abs(np.sin(np.pi * n * where)) / n ** (1.25 - 0.35 * bright)
    gain *= np.exp(-partial / (1_100 + 4_200 * bright * (touch / _TOUCHES) ** 1.2))
    lasting = 1.9 * 2 ** (-(pitch - 57) / 22) * (0.55 + 0.45 * bright)
    decay = lasting / (1 + 0.05 * n**1.25 + (partial / 5_200) ** 2)
    # Two planes of vibration, not quite in tune with each other.
    modes = Modes(
        np.concatenate([partial, partial + rng.uniform(0.2, 0.7)]),
        np.concatenate([decay, decay * 0.45]),
        np.concatenate([gain * 0.75, gain * 0.5]),
    )
    samples = samples_of(min(7.0, 4 * lasting))
    sound = ring(modes, samples)
    sound = peak(peak(sound, 310, 3.0, 1.6), 880, 2.0, 1.8)  # paulownia board
    nail = samples_of(0.012)
    sound[:nail] += (
        np.float32(0.25 * bright)
        * bandpass(noise(nail, pitch), 1_800, 5_500, 1)
        * np.exp(-times(nail) / np.float32(0.0025))
    )
    rise = samples_of(0.0009)
    sound[:rise] *= ramp(rise)
    sound[-len(sound) // 10 :] *= ramp(len(sound) - (len(sound) - len(sound) // 10) + (len(sound) % 10 > 0))[
        ::-1
    ]
    return (sound * np.float32(0.22 * (touch / _TOUCHES) ** 1.1)).astype(np.float32)


def _pressed(sound: Mono, from_cents: float, vibrato_cents: float) -> Mono:
    """Bend a string: begin `from_cents` away, arrive after a fifth of a second, then sway."""
    t = times(len(sound))
    arrival = np.clip((t - np.float32(0.05)) / np.float32(0.16), 0, 1)
    cents = np.float32(from_cents) * (1 - arrival * arrival * (3 - 2 * arrival))
    growing = np.clip((t - np.float32(0.35)) / np.float32(0.5), 0, 1) * np.exp(-t / np.float32(1.8))
    cents += np.float32(vibrato_cents) * growing * np.sin(2 * np.pi * np.float32(5.1) * t)
    speed = 2 ** (cents / 1200) - 1
    moved = np.cumsum(speed, dtype=np.float64) / 44_100
    return warped(sound, moved.astype(np.float32))
