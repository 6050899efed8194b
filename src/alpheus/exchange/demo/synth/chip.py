"""A sound chip of three pulse waves, a stepped triangle and shift-register noise, without its aliases."""

from functools import lru_cache

import numpy as np

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth.effects import lowpass
from alpheus.exchange.demo.synth.envelopes import eased
from alpheus.exchange.demo.synth.oscillators import phase, wave
from alpheus.exchange.demo.synth.sound import Mono, samples_of, times

_FRAME_SECONDS = 1 / 60  # such chips were told what to do once per picture


def pulse_lead(pitch: int, seconds: float, velocity: float) -> Mono:
    """Sing with a quarter pulse: late vibrato, volume in sixteen steps."""
    samples = samples_of(seconds)
    t = times(samples)
    vibrato = np.clip((t - np.float32(0.16)) / np.float32(0.15), 0, 1) * np.sin(
        2 * np.pi * np.float32(6.2) * t
    )
    moving = hertz(pitch) * 2.0 ** (14 * vibrato.astype(np.float64) / 1200)
    tone = wave("pulse", phase(moving, samples), hertz(pitch) * 1.02, duty=0.25)
    level = np.exp(-t / np.float32(0.9)) * np.float32(0.55) + np.float32(0.45)
    return eased(tone * _stepped(level * np.float32(velocity)) * np.float32(0.2), attack=0.001, release=0.008)


def pulse_pluck(pitch: int, seconds: float, velocity: float) -> Mono:
    """Play a short thin pulse, for chords broken quickly."""
    samples = samples_of(max(seconds, 0.05))
    tone = wave("pulse", phase(hertz(pitch), samples), hertz(pitch), duty=0.125)
    level = np.exp(-times(samples) / np.float32(0.16))
    return eased(
        tone * _stepped(level * np.float32(velocity)) * np.float32(0.18), attack=0.001, release=0.006
    )


def square_harmony(pitch: int, seconds: float, velocity: float) -> Mono:
    """Hold a half pulse, softly."""
    samples = samples_of(seconds)
    tone = wave("pulse", phase(hertz(pitch), samples), hertz(pitch), duty=0.5)
    return eased(tone * np.float32(0.12 * velocity), attack=0.004, release=0.012)


def stepped_triangle(pitch: int, seconds: float, velocity: float) -> Mono:
    """Play the chip's bass: a triangle of sixteen steps, all or nothing."""
    samples = samples_of(seconds)
    tone = wave("triangle", phase(hertz(pitch), samples), hertz(pitch))
    steps = np.round(tone * 5) / 5
    return eased(
        lowpass(steps.astype(np.float32), 6_000, 2) * np.float32(0.3 * velocity), attack=0.001, release=0.006
    )


def chip_drum(drum: int, _seconds: float, velocity: float) -> Mono:
    """Strike a drum made of a falling triangle (36) or of shift-register noise (38, 42)."""
    return _drum(drum) * np.float32(velocity)


@lru_cache(maxsize=8)
def _drum(drum: int) -> Mono:
    if drum == 36:
        samples = samples_of(0.16)
        falling = 45 + 190 * np.exp(-times(samples).astype(np.float64) / 0.03)
        tone = wave("triangle", phase(falling, samples), 240.0) * np.exp(-times(samples) / np.float32(0.07))
        return eased(tone * np.float32(0.5), release=0.02)
    samples, hold, decay = (samples_of(0.2), 5, 0.055) if drum == 38 else (samples_of(0.07), 2, 0.016)
    bits = _register(samples // hold + 1)
    tone = lowpass(np.repeat(bits, hold)[:samples], 9_000, 1)
    return eased(
        tone * _stepped(np.exp(-times(samples) / np.float32(decay))) * np.float32(0.22), release=0.01
    )


def _register(count: int) -> Mono:
    """Run the 15-bit shift register that such chips made noise with."""
    state, bits = 1, np.empty(count, dtype=np.float32)
    for index in range(count):
        state = state >> 1 | ((state ^ state >> 1) & 1) << 14
        bits[index] = 1.0 if state & 1 else -1.0
    return bits


def _stepped(level: Mono) -> Mono:
    """Round a level to sixteen steps, sixty times a second, with corners just soft enough not to tick."""
    frame = samples_of(_FRAME_SECONDS)
    heights = np.round(level[::frame] * 15) / 15
    held = np.repeat(heights, frame)[: len(level)].astype(np.float32)
    kernel = np.ones(32, dtype=np.float32) / 32
    return np.convolve(np.pad(held, (16, 15), mode="edge"), kernel, mode="valid").astype(np.float32)
