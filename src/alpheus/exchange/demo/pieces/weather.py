"""Pressure, Falling and Rain, Eventually: one slow piece in two tracks, joined without a gap.

The bass falls step by step through the first track until only a suspended chord is left; the rain that has begun
under it carries the ear over the join into F major.
"""

import numpy as np

from alpheus.exchange.demo.score import Clock, Harmony, Note, Scale, Sketch, phrase, pitch, played
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.keys import deep_bass
from alpheus.exchange.demo.synth.mallets import vibraphone
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.pads import glass, rain, warm_pad, wind
from alpheus.exchange.demo.synth.sound import Stereo, samples_of

_SPAN = 8.0  # beats a chord lasts
_SEED = 20_260_303
_FALLING = Harmony.written("Dm9 Dm9/C Bbmaj9 Fadd9/A Gm9 Bbmaj9/F Cadd9/E Ebmaj7#11 Dm9 Gm9 A7sus4", _SPAN)
_RAIN = Harmony.written("Fmaj9 Cadd9/E Dm9 Bbmaj9 Fadd9/A Gm9 C9sus4 Fmaj9 Bbmaj9 Bbm6 Fadd9", _SPAN)
_HARMONY = _FALLING + _RAIN
_JOIN = _FALLING.beats
_CLOCK = Clock(
    (0, 60), (_JOIN - 8, 60), (_JOIN, 58), (_JOIN + 16, 63), (_HARMONY.beats - 8, 58), lead_seconds=0.0
)

# Glass: one breath to a chord, falling by steps; after the join it rises.
_HIGH = """
 -/3 A5/3 G5,/2 | -/2 F5/4 E5,/2 | -/3 D5/3 F5/2 | -/2 C5/6 | -/3 Bb4/3 D5/2 | -/2 C5/4 Bb4,/2
 -/3 G4/3 D5/2 | -/2 A5!/6 | -/2 F5/3 E5,/3 | -/3 D5/3 Bb4,/2 | -/2 A4/6
 -/2 C5/3 E5/3 | -/2 D5/4 G5/2 | -/1 A5!/4 F5/3 | -/2 D5/3 C5,/3 | -/1 C5/3 F5/2 A5/2 | -/1 Bb5!/4 A5/3
 -/2 G5/3 F5,/3 | -/2 E5/3 C5,/3 | -/1 D5/3 F5/2 A5/2 | -/1 G5/3 Db5/4 | -/2 C5/6
"""
# Vibraphone, drops: which voice of the chord (0 lowest) and when, over a chord's eight beats.
_DROPS = (
    ((0.0, 1), (1.5, 3), (2.0, 2), (3.5, 4), (5.0, 3), (6.5, 2)),
    ((0.5, 2), (1.0, 4), (2.5, 3), (4.0, 1), (4.5, 3), (6.0, 4), (7.5, 2)),
    ((0.0, 3), (1.0, 2), (3.0, 4), (3.5, 3), (5.5, 1), (7.0, 4)),
)


def sketch() -> Sketch:
    """Write the piece."""
    return Sketch(
        clock=_CLOCK,
        harmony=_HARMONY,
        parts={
            "pad": tuple(
                Note(at, beats, key, 0.6)
                for at, beats, voices in _HARMONY.voiced(low=pitch("A2"), high=pitch("D5"), voices=5)
                for key in voices
            ),
            "bass": tuple(
                Note(at, beats - 0.3, chord.bass_pitch(pitch("C2")), 0.6) for at, beats, chord in _HARMONY
            ),
            "glass": tuple(phrase(_HIGH, velocity=0.62)),
            "drops": tuple(_drops(np.random.default_rng(_SEED))),
        },
        scale=Scale.named("F", "major"),
    )


def _drops(rng: np.random.Generator) -> list[Note]:
    notes = []
    for number, (at, _, voices) in enumerate(_HARMONY.voiced(low=pitch("F4"), high=pitch("G5"), voices=4)):
        if number < 4:
            continue  # the glass is alone at first
        last = number == len(_HARMONY.spans) - 1
        sparse = at < _JOIN or last
        for beat, voice in _DROPS[number % 3]:
            if sparse and (rng.random() < 0.6 or (last and beat > 4)):
                continue
            key = voices[voice - 1] + (12 if rng.random() < 0.15 else 0)
            notes.append(
                Note(at + beat, 2.2, key, 0.34 + 0.18 * float(rng.random()) + (0 if sparse else 0.08))
            )
    return notes


def cuts() -> tuple[int, ...]:
    """Give the sample at which the second track begins: the bar line of the join."""
    return (samples_of(_CLOCK.seconds(_JOIN)),)


def render() -> Stereo:
    """Play and mix both tracks as one."""
    parts, rng = sketch().parts, np.random.default_rng(_SEED + 1)
    seconds = _CLOCK.seconds(_HARMONY.beats) + 7.0
    pad = perform(
        parts["pad"], lambda key, lasting, touch: warm_pad(key, lasting, touch, open_=1.8), _CLOCK, seconds
    )
    high = perform(parts["glass"], glass, _CLOCK, seconds)
    bass = perform(parts["bass"], deep_bass, _CLOCK, seconds)
    drops = perform(
        played(parts["drops"], rng, early_late=0.03),
        vibraphone,
        _CLOCK,
        seconds,
        pan=lambda note: ((note.pitch * 5) % 13 - 6) / 9,
    )
    mix = mixed(
        [
            Strip(effects.chorus(pad, mix=0.35), lufs=-21.0, room=0.5),
            Strip(high + np.float32(0.7) * effects.echo(high, 0.75, feedback=0.45), lufs=-23.0, room=0.7),
            Strip(bass, lufs=-26.0, room=0.0),
            Strip(drops + effects.echo(drops, 0.5, feedback=0.4), lufs=-24.5, room=0.6),
            Strip(_weather(seconds), lufs=-32.0, room=0.15),
        ],
        effects.hall(4.6, bright=0.45, predelay=0.03, seed=23),
    )
    return mastered(mix, lufs=-17.0, fade_in=2.5, fade_out=6.5)


def _weather(seconds: float) -> Stereo:
    """Let wind give way to rain around the join."""
    join = _CLOCK.seconds(_JOIN)
    t = np.arange(samples_of(seconds)) / 44_100
    wet = np.interp(t, [0, join - 22, join + 14, seconds - 20, seconds], [0, 0, 1, 0.9, 0.25]).astype(
        np.float32
    )
    dry = np.interp(t, [0, 6, join - 10, join + 10, seconds], [0.2, 1, 0.8, 0.1, 0.1]).astype(np.float32)
    drops = rain(seconds, drops_per_second=26, seed=_SEED)[: len(t)]
    air = wind(seconds, seed=_SEED + 7)[: len(t)]
    return drops * wet[:, None] + air * dry[:, None] * np.float32(0.6)
