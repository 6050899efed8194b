"""Electric keys: a tine piano by frequency modulation, an organ, basses."""

from functools import lru_cache

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.envelopes import adsr, damped, ramp
from alpheus.exchange.demo.synth.oscillators import Modes, phase, ring, sine, wave
from alpheus.exchange.demo.synth.sound import Mono, samples_of, times

_TOUCHES = 6


def tine_piano(pitch: int, seconds: float, velocity: float) -> Mono:
    """Strike a tine before a pickup (two operators for the body, two for the bell; after Chowning, 1973)."""
    return damped(_tine(pitch, min(_TOUCHES, max(1, round(velocity * _TOUCHES)))), seconds, 0.14)


@lru_cache(maxsize=256)
def _tine(pitch: int, touch: int) -> Mono:
    samples = samples_of(4.0)
    t, f0, hard = times(samples), hertz(pitch), touch / _TOUCHES
    lasting = np.float32(1.5 * 2 ** (-(pitch - 60) / 24))
    index = np.float32(0.25 + 1.25 * hard**1.5) * np.exp(-t / (lasting * np.float32(0.55)))
    turns = phase(f0, samples)
    body = np.sin(2 * np.pi * (turns % 1.0).astype(np.float32) + index * sine(turns))
    bell_index = np.float32(0.5 * hard) * np.exp(-t / np.float32(0.12))
    bell = np.sin(2 * np.pi * (turns % 1.0).astype(np.float32) + bell_index * sine(turns * 14))
    sound = (body * np.float32(0.8) + bell * np.float32(0.25)) * np.exp(-t / lasting)
    rise = samples_of(0.0025)
    sound[:rise] *= ramp(rise)
    sound[-4_000:] *= ramp(4_000)[::-1]
    tone: Mono = sound * np.float32(0.25 * hard**1.1)
    return tone


def round_bass(pitch: int, seconds: float, velocity: float) -> Mono:
    """Pluck a bass whose brightness goes before its tone does."""
    return damped(_round(pitch, min(_TOUCHES, max(1, round(velocity * _TOUCHES)))), seconds, 0.06)


@lru_cache(maxsize=128)
def _round(pitch: int, touch: int) -> Mono:
    f0 = hertz(pitch)
    k = np.arange(1, int(min(24, 3_200 // f0)) + 1, dtype=np.float64)
    gain = np.exp(-0.34 * (k - 1) * (1.6 - touch / _TOUCHES)) / k**0.6
    sound = ring(Modes(k * f0, 1.6 / (1 + 1.1 * (k - 1) ** 1.1), gain), samples_of(3.0))
    rise = samples_of(0.004)
    sound[:rise] *= ramp(rise)
    sound[-3_000:] *= ramp(3_000)[::-1]
    return (sound * np.float32(0.3 * (touch / _TOUCHES))).astype(np.float32)


def deep_bass(pitch: int, seconds: float, velocity: float) -> Mono:
    """Hold a sine with a shadow of its octave: for sounding rooms."""
    shape = adsr(seconds, attack=0.012, decay=0.5, sustain=0.7, release=0.09)
    f0 = hertz(pitch)
    tone = sine(phase(f0, len(shape))) + np.float32(0.22) * sine(phase(2 * f0, len(shape)))
    tone += np.float32(0.05) * wave("saw", phase(f0, len(shape)), f0 * 4)
    return (tone * shape * np.float32(0.35 * velocity)).astype(np.float32)


def stab(pitch: int, seconds: float, velocity: float) -> Mono:
    """Stab a chord's note as an old polyphonic synthesiser does: two saws, brightness gone in a moment."""
    return damped(_saws(pitch, min(_TOUCHES, max(1, round(velocity * _TOUCHES)))), seconds, 0.12)


@lru_cache(maxsize=128)
def _saws(pitch: int, touch: int) -> Mono:
    f0, rng = hertz(pitch), np.random.default_rng(pitch)
    k = np.arange(1, int(min(40, 7_000 // f0)) + 1)
    gain = 1 / k * np.exp(-k * f0 / (900 + 3_000 * touch / _TOUCHES))
    decay = 0.9 / (1 + 0.28 * (k - 1))
    modes = Modes(
        np.concatenate([k * f0 * 0.9975, k * f0 * 1.0025]),
        np.concatenate([decay, decay]),
        np.concatenate([gain, gain])
        * np.stack([np.repeat([1.0, 0.35], len(k)), np.repeat([0.35, 1.0], len(k))]),
        np.tile(rng.uniform(0, 1, len(k)), 2),
    )
    sound = ring(modes, samples_of(2.4))
    rise = samples_of(0.003)
    sound[:rise] *= ramp(rise)[:, None]
    sound[-3_000:] *= ramp(3_000)[::-1][:, None]
    return (sound * np.float32(0.22 * touch / _TOUCHES)).astype(np.float32)
