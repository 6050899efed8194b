"""A felt piano: strings struck softly through cloth, heard from the bench."""

from functools import lru_cache

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.effects import bandpass, lowpass
from alpheus.exchange.demo.synth.envelopes import damped, ramp
from alpheus.exchange.demo.synth.oscillators import Modes, ring
from alpheus.exchange.demo.synth.sound import RATE_HZ, Mono, Stereo, noise, panned, samples_of, times

_TOUCHES = 8  # how many degrees of softness are told apart: each is a sound of its own, made once


def felt_piano(pitch: int, seconds: float, velocity: float) -> Mono:
    """Play a note that its damper ends."""
    touch = min(_TOUCHES, max(1, round(velocity * _TOUCHES)))
    release = 0.35 if pitch < 55 else 0.22
    return damped(_string(pitch, touch), seconds, release)


@lru_cache(maxsize=512)
def _string(pitch: int, touch: int) -> Stereo:
    """Sound one key with its dampers up.

    Partials are stretched by stiffness (Fletcher, 1964) and each rings twice: at once together with its neighbour strings
    and soon gone, then alone and long (Weinreich, 1977).
    """
    f0, rng = hertz(pitch), np.random.default_rng(1000 * pitch + touch)
    lasting = 5.2 * 2 ** (-(pitch - 48) / 20)
    n = np.arange(1, int(min(34, 7_000 // f0)) + 1)
    partial = n * f0 * np.sqrt(1 + _stiffness(pitch) * n**2) / np.sqrt(1 + _stiffness(pitch))
    softness = 420 + 1_500 * (touch / _TOUCHES) ** 1.5 + 0.75 * f0
    # A hammer at an eighth of the string leaves the eighth partial out; felt lets little through above `softness`.
    gain = np.abs(np.sin(np.pi * n / 8.3)) / n**0.72 * np.exp(-partial / softness)
    gain *= rng.uniform(0.75, 1.25, len(n))
    decay = lasting / (1 + 0.32 * (n - 1) ** 0.9 + (partial / 4_500) ** 2)
    beat = rng.uniform(0.12, 0.5, len(n)) * (1 + n * 0.12)
    modes = Modes(
        hertz=np.concatenate([partial, partial + beat, partial - 0.6 * beat]),
        decay_seconds=np.concatenate([decay * 0.22, decay, decay * 0.8]),
        gains=np.concatenate([gain * 0.9, gain * 0.38, gain * 0.3]) * _sides(len(n), pitch, rng),
        phases=np.concatenate([np.zeros(len(n)), rng.uniform(-0.06, 0.06, 2 * len(n))]),
    )
    samples = samples_of(min(9.0, 3.2 * lasting))
    sound = ring(modes, samples) * np.float32(0.16)
    strike = samples_of(0.0045 - 0.0025 * touch / _TOUCHES)
    sound[:strike] *= ramp(strike)[:, None]
    sound[-RATE_HZ // 4 :] *= ramp(RATE_HZ // 4)[::-1][:, None]
    thud = _hammer(pitch, touch)
    sound[: len(thud)] += thud
    return sound * np.float32((touch / _TOUCHES) ** 1.15)


def _stiffness(pitch: int) -> float:
    return float(0.00018 * 2 ** ((pitch - 49) / 10))


def _sides(
    partials: int, pitch: int, rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Place the keys from left to right, and each partial a little elsewhere, as a soundboard does."""
    place = np.clip((pitch - 62) / 60, -0.5, 0.5) + rng.uniform(-0.22, 0.22, 3 * partials)
    angle = (place + 1) * np.pi / 4
    return np.stack([np.cos(angle), np.sin(angle)])


def _hammer(pitch: int, touch: int) -> Stereo:
    """Felt on wood: the breath before the tone."""
    samples = samples_of(0.12)
    t = times(samples)
    cloth = bandpass(noise(samples, 31 * pitch + touch), 250, 1_600, 1) * np.exp(-t / np.float32(0.012))
    wood = np.sin(2 * np.pi * np.float32(92 + pitch * 0.4) * t) * np.exp(-t / np.float32(0.03))
    key = lowpass(noise(samples, 17 * pitch), 500, 1) * np.exp(-t / np.float32(0.045))
    sound = np.float32(0.045) * cloth + np.float32(0.02) * wood + np.float32(0.02) * key
    sound[:40] *= ramp(40)
    return panned(sound.astype(np.float32), (pitch - 62) / 80)


def pedal_noise(seconds: float, seed: int) -> Stereo:
    """Give the room tone of a close microphone: soft, dull, never quite still."""
    samples = samples_of(seconds)
    floor = [lowpass(noise(samples, seed + side), 700, 1) for side in range(2)]
    return np.stack(floor, axis=1) * np.float32(0.0025)
