"""Tones without aliases: wavetables that hold no harmonic above the limit of hearing, and modes that ring and decay."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from alpheus.exchange.demo.synth.sound import RATE_HZ, Mono

_TABLE = 4096
_HIGHEST_HZ = 18_000
_BLOCK = 512

Row = npt.NDArray[np.float64]


@lru_cache(maxsize=256)
def _table(shape: str, harmonics: int, duty: float) -> Mono:
    k = np.arange(1, harmonics + 1)
    odd = k % 2 == 1
    amplitude: Row
    if shape == "saw":
        amplitude = 1 / k
    elif shape == "triangle":
        amplitude = np.where(odd, 1 / k**2.0, 0) * np.where(k % 4 == 1, 1, -1)
    else:  # a pulse of the given duty
        amplitude = np.sin(np.pi * k * duty) / k
    # Lanczos: the series ends softly, so that the wave does not ring at its corners.
    amplitude = amplitude * np.sinc(k / (harmonics + 1)) ** 0.5
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    # Sines for the saw and the triangle, cosines for the pulse.
    spectrum[1 : harmonics + 1] = amplitude * (1.0 if shape == "pulse" else -1j)
    wave = np.fft.irfft(spectrum) * _TABLE / 2
    wave /= np.sqrt(np.mean(wave**2)) * np.sqrt(2)
    return np.append(wave, wave[0]).astype(np.float32)


def phase(hertz: Mono | Row | float, samples: int, start: float = 0.0) -> Row:
    """Add up a frequency, steady or moving, to a phase in turns, from `start` on."""
    if isinstance(hertz, float | int):
        steady: Row = np.arange(samples, dtype=np.float64) * (float(hertz) / RATE_HZ)
        return start + steady
    moved: Row = np.concatenate([[0.0], np.cumsum(hertz[: samples - 1], dtype=np.float64)])
    moved *= 1 / RATE_HZ
    return start + moved


def wave(shape: str, turns: Row, highest_hertz: float, *, duty: float = 0.5) -> Mono:
    """Read a band-limited wave ("saw", "triangle" or "pulse") along a phase.

    Args:
        shape: which wave; each has the power of a sine of amplitude 1.
        turns: phase in turns.
        highest_hertz: the highest frequency of its fundamental, which decides how many harmonics there are.
        duty: of a pulse.
    """
    harmonics = int(max(1, min(_TABLE // 4, _HIGHEST_HZ // highest_hertz)))
    table = _table(shape, harmonics, duty)
    place = (turns % 1.0) * _TABLE
    index = place.astype(np.int32)
    index[index == _TABLE] = 0
    part = (place - index).astype(np.float32)
    lower = table[index]
    return lower + part * (table[index + 1] - lower)


def sine(turns: Row) -> Mono:
    """Read a sine along a phase in turns."""
    return np.sin((2 * np.pi * (turns % 1.0)).astype(np.float32))


@dataclass(frozen=True)
class Modes:
    """Ways in which a body rings, each a decaying sine: arrays of one length.

    `gains` may have several rows, one per channel.
    """

    hertz: Row
    decay_seconds: Row  # to 1/e
    gains: Row
    phases: Row | None = None  # turns; 0 starts as a sine does, at zero


def ring(modes: Modes, samples: int) -> Mono:
    """Sound all modes together, as one matrix product.

    A decaying sine is a power series: sample 512 j + k is the product of a part for j and a part for k, so a
    thousand modes cost one multiplication of matrices.

    Returns: shape (samples,), or (samples, rows) where gains have rows.
    """
    gains = np.atleast_2d(modes.gains)
    audible = modes.hertz < RATE_HZ * 0.45
    hertz, gains = modes.hertz[audible], gains[:, audible]
    pole = -1 / (modes.decay_seconds[audible] * RATE_HZ) + 2j * np.pi * hertz / RATE_HZ
    turn = np.zeros(len(hertz)) if modes.phases is None else modes.phases[audible]
    first = np.exp(2j * np.pi * (turn - 0.25))
    blocks = -(-samples // _BLOCK)
    coarse = np.exp(np.outer(np.arange(blocks) * _BLOCK, pole)) * first
    fine = np.exp(np.outer(pole, np.arange(_BLOCK)))
    right = np.concatenate([fine.real, fine.imag]).astype(np.float32)
    channels = []
    for row in gains:
        scaled = coarse * row
        left = np.concatenate([scaled.real, -scaled.imag], axis=1).astype(np.float32)
        channels.append((left @ right).reshape(-1)[:samples])
    return channels[0] if len(channels) == 1 else np.stack(channels, axis=1)
