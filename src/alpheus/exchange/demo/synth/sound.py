"""What a sound is here, and how sounds are laid beside and over one another."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

RATE_HZ = 44_100

Mono = npt.NDArray[np.float32]  # shape (samples,)
Stereo = npt.NDArray[np.float32]  # shape (samples, 2): left, right


def samples_of(seconds: float) -> int:
    """Give a time in samples."""
    return round(seconds * RATE_HZ)


def times(samples: int) -> Mono:
    """Give the time of each sample in seconds."""
    return np.arange(samples, dtype=np.float32) / np.float32(RATE_HZ)


def silence(seconds: float) -> Stereo:
    """Give silence in two channels."""
    return np.zeros((samples_of(seconds), 2), dtype=np.float32)


def noise(samples: int, seed: int) -> Mono:
    """Give white noise of unit power, the same for the same seed."""
    return np.random.default_rng(seed).standard_normal(samples, dtype=np.float32)


def panned(sound: Mono, pan: float) -> Stereo:
    """Place a sound between left (-1) and right (1) at even power."""
    angle = (pan + 1) * np.pi / 4
    return np.stack([sound * np.float32(np.cos(angle)), sound * np.float32(np.sin(angle))], axis=1)


def lay(bus: Stereo, sound: Mono | Stereo, *, at_seconds: float, gain: float = 1.0, pan: float = 0.0) -> None:
    """Add a sound to a bus from a time on; what reaches beyond the bus's end is lost."""
    start = samples_of(at_seconds)
    if start >= len(bus):
        return
    stereo = sound if sound.ndim == 2 else panned(sound, pan)
    count = min(len(stereo), len(bus) - start)
    bus[start : start + count] += np.float32(gain) * stereo[:count]


def total(sounds: Iterable[Stereo]) -> Stereo:
    """Add sounds of different lengths that begin together."""
    parts = list(sounds)
    bus = np.zeros((max(len(part) for part in parts), 2), dtype=np.float32)
    for part in parts:
        bus[: len(part)] += part
    return bus
