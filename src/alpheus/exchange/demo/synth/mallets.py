"""Bars struck with mallets: marimba, vibraphone, music box."""

from functools import lru_cache

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.effects import bandpass
from alpheus.exchange.demo.synth.envelopes import damped, ramp
from alpheus.exchange.demo.synth.oscillators import Modes, ring
from alpheus.exchange.demo.synth.sound import Mono, noise, samples_of, times

_TOUCHES = 6

# Partials of a bar cut so that its first overtones are in tune (Fletcher and Rossing, ch. 19), and how they last.
_MARIMBA = ((1.0, 3.93, 9.2, 16.1), (1.0, 0.5, 0.26, 0.1), (1.0, 0.3, 0.13, 0.07))
_VIBRAPHONE = ((1.0, 4.0, 10.1, 17.5), (1.0, 0.3, 0.12, 0.03), (1.0, 0.45, 0.2, 0.1))
_MUSIC_BOX = ((1.0, 2.76, 5.4, 8.93), (1.0, 0.35, 0.22, 0.1), (1.0, 0.7, 0.4, 0.25))


def marimba(pitch: int, _seconds: float, velocity: float) -> Mono:
    """Strike a rosewood bar; it rings as long as it will."""
    return _bar("marimba", pitch, _touch(velocity))


def vibraphone(pitch: int, seconds: float, velocity: float) -> Mono:
    """Strike an aluminium bar over a turning fan, until its damper comes."""
    sound = damped(_bar("vibraphone", pitch, _touch(velocity)), seconds + 0.1, 0.5)
    fan: Mono = 1 + np.float32(0.16) * np.sin(
        2 * np.pi * np.float32(4.7) * times(len(sound)) + np.float32(pitch)
    )
    return sound * fan


def music_box(pitch: int, _seconds: float, velocity: float) -> Mono:
    """Pluck a steel comb."""
    return _bar("music box", pitch, _touch(velocity))


def _touch(velocity: float) -> int:
    return min(_TOUCHES, max(1, round(velocity * _TOUCHES)))


@lru_cache(maxsize=512)
def _bar(kind: str, pitch: int, touch: int) -> Mono:
    ratios, gains, lasting = {"marimba": _MARIMBA, "vibraphone": _VIBRAPHONE, "music box": _MUSIC_BOX}[kind]
    longest = {"marimba": 0.62, "vibraphone": 2.6, "music box": 1.3}[kind] * 2 ** (-(pitch - 60) / 26)
    f0, hard = hertz(pitch), (touch / _TOUCHES) ** 0.8
    partial = f0 * np.array(ratios)
    # A soft mallet stays on the bar longer than a high partial's swing and so silences it.
    gain = np.array(gains) * np.where(np.arange(len(ratios)) == 0, 1.0, hard) * np.exp(-partial / 7_000)
    modes = Modes(partial, longest * np.array(lasting), gain)
    samples = samples_of(min(7.0, 5 * longest))
    sound = ring(modes, samples)
    if kind == "marimba":  # the tube under the bar answers a moment later
        tube = ring(Modes(np.array([f0 * 1.0015]), np.array([longest * 1.25]), np.array([0.45])), samples)
        sound += tube * (1 - np.exp(-times(samples) / np.float32(0.02)))
    click = samples_of(0.02)
    sound[:click] += (
        np.float32(0.16 * hard)
        * bandpass(noise(click, pitch), 700, 4_500, 1)
        * np.exp(-times(click) / np.float32(0.004))
    )
    rise = samples_of(0.0012 if kind != "vibraphone" else 0.003)
    sound[:rise] *= ramp(rise)
    tail = len(sound) // 8
    sound[-tail:] *= ramp(tail)[::-1]
    return (sound * np.float32(0.3 * (touch / _TOUCHES) ** 1.2)).astype(np.float32)
