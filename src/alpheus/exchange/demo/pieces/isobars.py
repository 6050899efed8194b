"""Isobars: two marimbas with one pattern of twelve notes, one of them drifting ahead; colours change underneath.

The second player leaves in the middle of a stage, hurries for two rounds and arrives a note ahead: a new piece made of
the same notes. Vibraphone and music box pick out the melodies that appear.
"""

import numpy as np

from alpheus.exchange.demo.score import Clock, Harmony, Note, Scale, Sketch, pitch, played
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.keys import deep_bass, tine_piano
from alpheus.exchange.demo.synth.mallets import marimba, music_box, vibraphone
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.sound import Stereo

_SEED = 20_260_404
_PATTERN = ("A3", "E4", "B4", "A4", "C#5", "E4", "F#4", "B4", "A4", "E4", "C#5", "F#4")
_ACCENTS = (0.74, 0.5, 0.6, 0.52, 0.66, 0.48, 0.68, 0.54, 0.62, 0.46, 0.6, 0.5)
_STEP = 0.25  # beats
_ROUND = _STEP * len(_PATTERN)
_ROUNDS_A_STAGE = 8
_STAGE = _ROUND * _ROUNDS_A_STAGE

# Colours under the pattern, two to a stage.
_COLOURS = (
    "A69 A69", "A69 F#m11", "F#m11 Dmaj9", "Dmaj9 Bm11", "E9sus4 F#m11", "Dmaj9 E9sus4",
    "F#m11 Dmaj9", "Bm11 E9sus4", "A69 A69",
)  # fmt: skip
_HARMONY = Harmony.written(" ".join(_COLOURS), _STAGE / 2)
# How many notes the second player is ahead in each stage; back together at the end.
_AHEAD = (0, 0, 1, 2, 3, 4, 5, 7, 0)
_ENDING = 4.0  # beats of the last chord
_CLOCK = Clock((0, 128), (_HARMONY.beats - 6, 128), (_HARMONY.beats, 108))


def _ahead(beat: float) -> float:
    """Give the beats by which the second player is ahead: steady, then sliding over a stage's last two rounds."""
    stage = min(int(beat // _STAGE), len(_AHEAD) - 1)
    here, there = _AHEAD[stage], _AHEAD[min(stage + 1, len(_AHEAD) - 1)]
    if there == 0:
        there = 12 if here else 0  # all the way round is together again
    slide = np.clip((beat - stage * _STAGE - (_STAGE - 2 * _ROUND)) / (2 * _ROUND), 0, 1)
    return float((here + (there - here) * slide) * _STEP)


def sketch() -> Sketch:
    """Write the piece."""
    first, second = _marimbas()
    return Sketch(
        clock=_CLOCK,
        harmony=_HARMONY,
        parts={
            "first": tuple(first),
            "second": tuple(second),
            "bass": tuple(_bass()),
            "chords": tuple(_chords()),
            "vibraphone": tuple(_melody()),
            "box": tuple(_sparks()),
            "end": tuple(
                Note(_HARMONY.beats + 0.03 * n, 6, pitch(key), 0.6)
                for n, key in enumerate(("A2", "E3", "B3", "C#4", "F#4", "A4"))
            ),
        },
        scale=Scale.named("A", "major"),
    )


def _marimbas() -> tuple[list[Note], list[Note]]:
    steps = int(_HARMONY.beats / _STEP)
    first, second = [], []
    for number in range(steps):
        at, which = number * _STEP, number % len(_PATTERN)
        swell = 0.08 * np.sin(2 * np.pi * at / _STAGE) + min(0.0, (at - 12) / 60)
        first.append(Note(at, _STEP, pitch(_PATTERN[which]), _ACCENTS[which] + float(swell)))
    entry = 4 * _ROUND
    for number in range(int(steps * 1.2)):
        own = number * _STEP
        at = own
        for _ in range(6):  # where is this note, when its player is ahead by what they are ahead there?
            at = own - _ahead(at)
        if entry <= at < _HARMONY.beats:
            which = number % len(_PATTERN)
            second.append(
                Note(
                    at,
                    _STEP,
                    pitch(_PATTERN[which]),
                    _ACCENTS[(which + 5) % 12] * 0.92 + min(0.0, float(at - entry - 6) / 30),
                )
            )
    return first, second


def _bass() -> list[Note]:
    notes = []
    for at, beats, chord in _HARMONY:
        if at < _STAGE * 1.5 or at >= _HARMONY.beats - _STAGE / 2:
            continue
        low = chord.bass_pitch(pitch("E2"))
        for start, length, rise in ((0.0, 4.0, 0), (4.5, 1.2, 0), (6.0, 4.0, 0), (10.5, 1.3, 7)):
            if start < beats:
                key = low + (rise if (low + rise) in chord else 0)
                notes.append(Note(at + start, length, key, 0.6 if rise == 0 else 0.5))
    return notes


def _chords() -> list[Note]:
    notes = []
    for at, beats, voices in _HARMONY.voiced(low=pitch("B3"), high=pitch("C#5"), voices=4):
        if at >= _STAGE:
            for part in (0.0, beats / 2):
                notes += [Note(at + part, beats / 2 - 0.2, key, 0.34) for key in voices]
    return notes


def _melody() -> list[Note]:
    """Pick tones out of what both marimbas play: the same tones at the same time, let ring."""
    rng = np.random.default_rng(_SEED)
    first, second = _marimbas()
    notes, free = [], 0.0
    for note in sorted([*first, *second], key=lambda one: one.at):
        inside = 3 * _STAGE <= note.at < 8 * _STAGE
        if inside and note.at >= free and note.pitch >= pitch("A4") and rng.random() < 0.5:
            lasting = float(rng.choice([0.75, 1.0, 1.5, 2.25]))
            notes.append(Note(note.at, lasting, note.pitch + (12 if note.at > 5 * _STAGE else 0), 0.55))
            free = note.at + lasting
            if rng.random() < 0.16:
                free += 3.0
    return notes


def _sparks() -> list[Note]:
    rng = np.random.default_rng(_SEED + 1)
    first, _ = _marimbas()
    return [
        Note(note.at, 1.0, note.pitch + 24, 0.28 + 0.2 * float(rng.random()))
        for note in first
        if 5 * _STAGE <= note.at < 8 * _STAGE and note.pitch < pitch("B4") and rng.random() < 0.12
    ]


def render() -> Stereo:
    """Play and mix the piece."""
    parts, rng = sketch().parts, np.random.default_rng(_SEED + 2)
    seconds = _CLOCK.seconds(_HARMONY.beats) + 6.5

    def play(name: str, side: float) -> Stereo:
        hand = played(parts[name], rng, early_late=0.008, touch=0.035)
        bars = perform(hand, marimba, _CLOCK, seconds, pan=lambda note: side + (note.pitch - 66) / 60)
        return effects.shelf(bars, 1_300, 6.0, high=True)

    vibes = perform(played(parts["vibraphone"], rng), vibraphone, _CLOCK, seconds, pan=lambda _: 0.12)
    mix = mixed(
        [
            Strip(
                play("first", -0.5) + perform(parts["end"], marimba, _CLOCK, seconds), lufs=-20.0, room=0.24
            ),
            Strip(play("second", 0.5), lufs=-20.5, room=0.24),
            Strip(
                perform(parts["bass"], deep_bass, _CLOCK, seconds)
                + perform(parts["end"][:1], deep_bass, _CLOCK, seconds),
                lufs=-24.0,
                room=0.0,
            ),
            Strip(
                effects.chorus(perform(parts["chords"], tine_piano, _CLOCK, seconds)), lufs=-26.0, room=0.35
            ),
            Strip(vibes + effects.echo(vibes, 0.35, feedback=0.35), lufs=-23.5, room=0.4),
            Strip(
                perform(
                    parts["box"], music_box, _CLOCK, seconds, pan=lambda note: ((note.pitch % 7) - 3) / 4
                ),
                lufs=-30.0,
                room=0.6,
            ),
        ],
        effects.hall(1.9, bright=0.5, seed=31),
    )
    return mastered(mix, lufs=-15.5, fade_out=3.5, air_db=2.0)
