"""How loud a sound is while it lasts."""

import numpy as np

from alpheus.exchange.demo.synth.sound import Mono, samples_of, times


def ramp(samples: int) -> Mono:
    """Rise from 0 to 1 along half a cosine, without a corner to click at."""
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(samples, dtype=np.float32) / max(1, samples))).astype(
        np.float32
    )


def eased(sound: Mono, *, attack: float = 0.002, release: float = 0.005) -> Mono:
    """Give a sound with its two ends (seconds) faded, in one channel or two."""
    rise, fall = min(samples_of(attack), len(sound) // 2), min(samples_of(release), len(sound) // 2)
    shaped = sound.copy()
    columns = (slice(None),) + (None,) * (sound.ndim - 1)
    if rise:
        shaped[:rise] *= ramp(rise)[columns]
    if fall:
        shaped[-fall:] *= ramp(fall)[::-1][columns]
    return shaped


def adsr(seconds: float, *, attack: float, decay: float, sustain: float, release: float) -> Mono:
    """Rise, fall to `sustain` exponentially, hold until `seconds`, then die away for `release` seconds more."""
    held = samples_of(seconds)
    t = times(held + samples_of(release))
    body: Mono = np.float32(sustain) + np.float32(1 - sustain) * np.exp(
        -np.maximum(t - np.float32(attack), 0) / np.float32(decay)
    )
    rise = ramp(min(samples_of(attack), len(body)))
    body[: len(rise)] *= rise
    tail = len(body) - held
    if tail:
        body[held:] *= np.exp(-5 * np.linspace(0, 1, tail, dtype=np.float32)) * ramp(tail)[
            ::-1
        ] ** np.float32(0.5)
    return body


def damped(sound: Mono, seconds: float, release: float) -> Mono:
    """Let a ringing sound be stopped at `seconds`, dying away over `release` seconds, in one channel or two."""
    held = samples_of(seconds)
    if held >= len(sound):
        return sound
    tail = min(samples_of(release), len(sound) - held)
    stopped = sound[: held + tail].copy()
    fall = np.exp(-4 * np.linspace(0, 1, tail, dtype=np.float32)) * ramp(tail)[::-1]
    stopped[held:] *= fall[(slice(None),) + (None,) * (sound.ndim - 1)]
    return stopped


def swell(samples: int, *, attack: float, release: float) -> Mono:
    """Rise over `attack` seconds and fall over `release` seconds, both along a cosine."""
    level = np.ones(samples, dtype=np.float32)
    rise, fall = min(samples_of(attack), samples // 2), min(samples_of(release), samples // 2)
    level[:rise] = ramp(rise)
    level[samples - fall :] = ramp(fall)[::-1]
    return level
