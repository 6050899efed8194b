"""What is done to sounds after they are made: filters, rooms, echoes, warmth, and the two that watch the level."""

from functools import lru_cache
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy import fft
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, lfilter, sosfilt

from alpheus.exchange.demo.synth.envelopes import ramp
from alpheus.exchange.demo.synth.sound import RATE_HZ, Mono, Stereo, noise, samples_of

_Coefficients = npt.NDArray[np.float64]


def _through(sections: _Coefficients, sound: Mono) -> Mono:
    return cast("Mono", sosfilt(sections, sound, axis=0).astype(np.float32))


@lru_cache(maxsize=256)
def _butterworth(order: int, hertz: float | tuple[float, float], kind: str) -> _Coefficients:
    return cast("_Coefficients", butter(order, hertz, btype=kind, fs=RATE_HZ, output="sos"))


def lowpass(sound: Mono, hertz: float, order: int = 2) -> Mono:
    """Let through what is below a frequency (Butterworth)."""
    return _through(_butterworth(order, hertz, "lowpass"), sound)


def highpass(sound: Mono, hertz: float, order: int = 2) -> Mono:
    """Let through what is above a frequency (Butterworth)."""
    return _through(_butterworth(order, hertz, "highpass"), sound)


def bandpass(sound: Mono, low: float, high: float, order: int = 2) -> Mono:
    """Let through what is between two frequencies (Butterworth)."""
    return _through(_butterworth(order, (low, high), "bandpass"), sound)


def peak(sound: Mono, hertz: float, decibels: float, q: float = 1.0) -> Mono:
    """Raise or lower what is around a frequency (R. Bristow-Johnson's cookbook)."""
    a, w = 10 ** (decibels / 40), 2 * np.pi * hertz / RATE_HZ
    alpha, cos = np.sin(w) / (2 * q), np.cos(w)
    return _biquad(sound, (1 + alpha * a, -2 * cos, 1 - alpha * a), (1 + alpha / a, -2 * cos, 1 - alpha / a))


def shelf(sound: Mono, hertz: float, decibels: float, *, high: bool) -> Mono:
    """Raise or lower all above (`high`) or below a frequency (the same cookbook, slope 1)."""
    a, w = 10 ** (decibels / 40), 2 * np.pi * hertz / RATE_HZ
    cos, root = np.cos(w) * (1 if high else -1), 2 * np.sqrt(a) * np.sin(w) / np.sqrt(2)
    sign = 1 if high else -1
    return _biquad(
        sound,
        (
            a * ((a + 1) + (a - 1) * cos + root),
            -2 * a * sign * ((a - 1) + (a + 1) * cos),
            a * ((a + 1) + (a - 1) * cos - root),
        ),
        (
            (a + 1) - (a - 1) * cos + root,
            2 * sign * ((a - 1) - (a + 1) * cos),
            (a + 1) - (a - 1) * cos - root,
        ),
    )


def _biquad(sound: Mono, b: tuple[float, float, float], a: tuple[float, float, float]) -> Mono:
    return _through(np.array([[*(x / a[0] for x in b), 1.0, a[1] / a[0], a[2] / a[0]]]), sound)


def driven(sound: Mono, amount: float) -> Mono:
    """Warm a sound as tape does: loud parts lean over, quiet ones stay."""
    bent: Mono = np.tanh(sound * np.float32(amount)) / np.float32(np.tanh(amount))
    return bent


@lru_cache(maxsize=16)
def hall(seconds: float, *, bright: float = 0.5, predelay: float = 0.018, seed: int = 7) -> Stereo:
    """Make a room: the answer of a hall to a click, noise that dies away sooner the higher it is.

    Args:
        seconds: until the middle of the spectrum is 60 dB down.
        bright: 0 to 1, how long the highs last.
        predelay: seconds until the first answer.
        seed: which room of this kind.
    """
    samples = samples_of(seconds * 1.1)
    t = np.arange(samples, dtype=np.float32) / np.float32(RATE_HZ)
    edges = (120.0, 420.0, 1_400.0, 4_200.0)
    lasting = (0.9, 1.15, 1.0, 0.45 + 0.35 * bright, 0.2 + 0.35 * bright)
    weights = (0.55, 1.0, 0.85, 0.35 + 0.3 * bright, 0.1 + 0.3 * bright)
    room = np.zeros((samples, 2), dtype=np.float32)
    for channel in range(2):
        white = noise(samples, seed * 10 + channel)
        low = [lowpass(white, edge, 1) for edge in edges]
        bands = [
            low[0],
            *(upper - lower for lower, upper in pairwise(low)),
            white - low[-1],
        ]
        for band, share, weight in zip(bands, lasting, weights, strict=True):
            room[:, channel] += np.float32(weight) * band * np.exp(-6.91 * t / np.float32(seconds * share))
    # The room fills over its first moments instead of starting at its loudest.
    filling = samples_of(0.03 + 0.012 * seconds)
    room[:filling] *= ramp(filling)[:, None] * np.float32(0.7) + np.float32(0.3)
    for number, gap in enumerate(np.random.default_rng(seed).uniform(0.007, 0.055, 14)):
        room[samples_of(gap), number % 2] += np.float32(9.0 * np.exp(-gap * 30) * (1 if number % 3 else -1))
    room = np.concatenate([np.zeros((samples_of(predelay), 2), dtype=np.float32), room])
    tail = len(room) // 5
    room[-tail:] *= ramp(tail)[::-1][:, None]
    room /= np.sqrt(np.sum(room**2, axis=0, keepdims=True))
    return room


def in_room(sound: Stereo, room: Stereo) -> Stereo:
    """Give the room's answer to a sound, without the sound itself; its lows are kept out, they only blur."""
    fed = highpass(sound, 150, 1)
    return np.stack([_convolved(fed[:, side], room[:, side]) for side in range(2)], axis=1)


def _convolved(sound: Mono, answer: Mono) -> Mono:
    """Convolve by overlap and add, in blocks that stay in the processor's cache, cut at the sound's end."""
    size = 1 << int(np.ceil(np.log2(3 * len(answer))))
    step = size - len(answer) + 1
    spectrum = fft.rfft(answer, size)
    out = np.zeros(len(sound) + size, dtype=np.float32)
    for start in range(0, len(sound), step):
        block = fft.rfft(np.ascontiguousarray(sound[start : start + step]), size)
        out[start : start + size] += fft.irfft(block * spectrum, size)
    return out[: len(sound)]


def echo(sound: Stereo, seconds: float, *, feedback: float, damp_hertz: float = 3_500) -> Stereo:
    """Give echoes that cross from side to side and grow duller, without the sound itself."""
    wet = np.zeros_like(sound)
    delay = samples_of(seconds)
    returning, gain = sound, 1.0
    for turn in range(1, 12):
        gain *= feedback
        if gain < 0.01 or turn * delay >= len(sound):
            break
        returning = lowpass(returning[:, ::-1], damp_hertz, 1)
        wet[turn * delay :] += np.float32(gain) * returning[: len(sound) - turn * delay]
    return wet


def warped(sound: Mono, seconds_moved: Mono) -> Mono:
    """Read a sound ahead or behind by a time that moves (seconds per sample): chorus, wow, bent strings."""
    place = np.arange(len(seconds_moved)) + seconds_moved * RATE_HZ
    place = np.clip(place, 0, len(sound) - 2)
    index = place.astype(np.int32)
    part = (place - index).astype(np.float32)
    part = part[:, None] if sound.ndim == 2 else part
    read: Mono = sound[index] * (1 - part) + sound[index + 1] * part
    return read


def chorus(sound: Stereo, *, depth: float = 0.0025, hertz: float = 0.6, mix: float = 0.5) -> Stereo:
    """Add a second player to each side who is never quite together with the first."""
    t = np.arange(len(sound), dtype=np.float32) / np.float32(RATE_HZ)
    wet = np.empty_like(sound)
    for side in range(2):
        sway = -np.float32(0.012) + np.float32(depth) * np.sin(
            2 * np.pi * np.float32(hertz) * t + np.float32(side * 1.7)
        )
        wet[:, side] = warped(sound[:, side], sway.astype(np.float32))
    return (1 - np.float32(mix) / 2) * sound + np.float32(mix) * wet


def compressed(
    sound: Stereo, *, threshold_db: float, ratio: float, attack: float = 0.02, release: float = 0.18
) -> Stereo:
    """Hold loud passages back gently, both sides alike.

    The level is followed in steps of 64 samples: enough for a bus, and sixty times less work.
    """
    step = 64
    power = np.einsum("ij,ij->i", sound, sound).astype(np.float64) / 2
    padded = np.pad(power, (0, -len(power) % step)).reshape(-1, step).mean(axis=1)
    fast, slow = (1 - np.exp(-step / (RATE_HZ * seconds)) for seconds in (attack, release))
    level = lfilter([fast], [1, fast - 1], padded)
    level = np.maximum(level, lfilter([slow], [1, slow - 1], padded))
    over = np.maximum(0.0, 10 * np.log10(level + 1e-12) - threshold_db)
    gain = 10 ** (-over * (1 - 1 / ratio) / 20)
    smooth = np.interp(np.arange(len(sound)), np.arange(len(gain)) * step + step / 2, gain)
    held_back: Stereo = sound * smooth.astype(np.float32)[:, None]
    return held_back


def limited(sound: Stereo, ceiling: float, *, ahead: float = 0.004) -> Stereo:
    """Keep every sample under a ceiling by turning down early and smoothly, never by cutting."""
    highest = np.maximum(np.abs(sound[:, 0]), np.abs(sound[:, 1]))
    needed: Mono = np.minimum(np.float32(1), np.float32(ceiling) / np.maximum(highest, np.float32(1e-9)))
    width = 2 * samples_of(ahead) + 1
    # The smallest gain needed nearby, then its mean over half as wide: never above what a sample needs.
    held = minimum_filter1d(needed, width)
    turned_down: Stereo = sound * uniform_filter1d(held, width // 2).astype(np.float32)[:, None]
    return turned_down
