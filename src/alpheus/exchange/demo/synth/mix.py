"""The desk: strips set by loudness, one room, and the master that everything leaves through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from alpheus.exchange.demo.score import Clock, Note
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.envelopes import ramp
from alpheus.exchange.demo.synth.loudness import integrated_lufs
from alpheus.exchange.demo.synth.sound import Mono, Stereo, lay, samples_of, silence

Instrument = Callable[[int, float, float], Mono]  # pitch, seconds, velocity; one channel or two

_CEILING = 10 ** (-1.6 / 20)  # samples; what lies between them stays under -1 dBTP


@dataclass(frozen=True)
class Strip:
    """One instrument on the desk: its sound, how loud it is, how much of it the room hears."""

    sound: Stereo
    lufs: float
    room: float = 0.2


def perform(
    notes: Sequence[Note],
    instrument: Instrument,
    clock: Clock,
    seconds: float,
    *,
    pan: Callable[[Note], float] = lambda _: 0.0,
) -> Stereo:
    """Let an instrument play notes."""
    bus = silence(seconds)
    for note in notes:
        start = clock.seconds(note.at)
        sound = instrument(note.pitch, clock.seconds(note.until) - start, note.velocity)
        lay(bus, sound, at_seconds=start, pan=pan(note))
    return bus


def mixed(strips: Sequence[Strip], room: Stereo, *, wet: float = 1.0) -> Stereo:
    """Set every strip to its loudness and add them, with the room's answer to all."""
    dry = np.zeros((max(len(strip.sound) for strip in strips), 2), dtype=np.float32)
    sent = np.zeros_like(dry)
    for strip in strips:
        gain = np.float32(10 ** ((strip.lufs - integrated_lufs(strip.sound)) / 20))
        dry[: len(strip.sound)] += gain * strip.sound
        if strip.room:
            sent[: len(strip.sound)] += gain * np.float32(strip.room) * strip.sound
    return dry + np.float32(wet) * effects.in_room(sent, room)


def mastered(
    mix: Stereo, *, lufs: float, fade_in: float = 0.005, fade_out: float = 2.5, air_db: float = 0.0
) -> Stereo:
    """Finish a mix: no rumble, a little glue, its loudness, nothing above -1 dBTP, and ends that reach silence.

    Args:
        mix: what the desk gives.
        lufs: integrated loudness to arrive at.
        fade_in: seconds.
        fade_out: seconds at the end in which the last resonance goes.
        air_db: above 9 kHz.
    """
    sound = effects.highpass(mix, 28)
    if air_db:
        sound = effects.shelf(sound, 9_000, air_db, high=True)
    # The compressor's threshold needs the loudness before it; the limiter takes so little that it needs no third look.
    sound = sound * np.float32(10 ** ((lufs - integrated_lufs(sound)) / 20))
    sound = effects.compressed(sound, threshold_db=lufs + 4, ratio=1.6)
    sound = sound * np.float32(10 ** ((lufs - integrated_lufs(sound)) / 20))
    sound = effects.limited(sound, _CEILING)
    rise, fall = samples_of(fade_in), samples_of(fade_out)
    if rise:
        sound[:rise] *= ramp(rise)[:, None]
    if fall:
        sound[-fall:] *= ramp(fall)[::-1][:, None]
    return sound
