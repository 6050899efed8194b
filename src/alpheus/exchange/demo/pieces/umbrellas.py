"""우산 두 개 (Two Umbrellas): a slow groove in E flat with brushes, tine piano, a round bass and a nylon guitar.

Everything swings in sixteenths, the snare a little late; the tape the band was recorded on is not in good health.
"""

import numpy as np

from alpheus.exchange.demo.score import (
    Clock,
    Harmony,
    Note,
    Scale,
    Sketch,
    arched,
    moved,
    phrase,
    pitch,
    played,
)
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.drums import BRUSH, HAT, KICK, OPEN_HAT, RIM, SNARE, Kit, crackle
from alpheus.exchange.demo.synth.keys import round_bass, tine_piano
from alpheus.exchange.demo.synth.mallets import vibraphone
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.pads import rain
from alpheus.exchange.demo.synth.plucked import nylon
from alpheus.exchange.demo.synth.sound import Stereo, panned, times

_BAR = 4.0
_SEED = 20_260_505
_LOOP = Harmony.written("Abmaj9 Gm7 Fm9 Bb13 Abmaj9 G7b9 Cm9 Bbm9:2 Eb9:2", _BAR)
_BRIDGE = Harmony.written("Cm9 Fm9 Bb13 Ebmaj9 Abmaj9 Dm7b5:2 G7b9:2 Cm9 Bb9sus4", _BAR)
_TURN = Harmony.written("Abmaj9 Gm7 Fm9 Bb9sus4", _BAR)
_OUT = Harmony.written("Abmaj9 Gm7 Fm9 Ebmaj9", _BAR)
_HARMONY = _TURN + _LOOP + _BRIDGE + _LOOP + _TURN + _LOOP + _OUT
_STARTS = dict(
    zip(("intro", "a", "b", "a2", "rest", "a3", "out"), (0, 16, 48, 80, 112, 128, 160), strict=True)
)
_CLOCK = Clock((0, 80), (_STARTS["out"] + 8, 80), (_HARMONY.beats, 68), swing=0.6, swung=0.5)

_TUNE = """
 -/.5 G4/.5 Bb4/.5 C5/.5 Eb5!/1.5 C5,/.5 | Bb4/2 -/.5 Bb4,/.5 C5/.5 D5/.5 | Eb5!/1 C5/1 Ab4,/1 G4/1 | F4/1.5 G4/.5 D4/2
 -/.5 G4/.5 Bb4/.5 C5/.5 Eb5!/1.5 G5/.5 | F5/1.5 D5,/.5 B4/1 Ab4,/1 | G4/1 Bb4/.5 C5/.5 Eb5!/1.5 D5,/.5 | Db5/1 C5/1 Bb4/2
"""
_TUNE_B = """
 Eb5!/1.5 D5/.5 C5/1 G4,/1 | Ab4/1.5 C5/.5 Eb5/2 | D5!/1.5 C5/.5 Bb4/1 G4,/1 | Bb4/2 -/1 G4/1
 C5/1.5 Eb5/.5 G5!/2 | F5/1 D5/1 B4/1 Ab4,/1 | G4/2 Eb5/1 D5,/1 | C5/2 -/2
"""
# (beat, drum, velocity) of two bars, the second answering the first.
_BEAT = (
    (0, KICK, 0.95), (0.5, HAT, 0.35), (1, SNARE, 0.62), (1, HAT, 0.5), (1.5, HAT, 0.3), (1.75, KICK, 0.55),
    (2, HAT, 0.5), (2.5, KICK, 0.85), (2.5, HAT, 0.32), (3, SNARE, 0.66), (3, HAT, 0.5), (3.5, HAT, 0.36), (3.75, BRUSH, 0.3),
    (4, KICK, 0.92), (4, HAT, 0.45), (4.5, HAT, 0.32), (4.75, KICK, 0.5), (5, SNARE, 0.62), (5, HAT, 0.5), (5.5, HAT, 0.3),
    (6, HAT, 0.46), (6.25, KICK, 0.6), (6.5, KICK, 0.8), (6.5, HAT, 0.3), (7, SNARE, 0.68), (7.25, BRUSH, 0.28), (7.5, OPEN_HAT, 0.3), (7.75, BRUSH, 0.34),
)  # fmt: skip


def sketch() -> Sketch:
    """Write the piece."""
    rng = np.random.default_rng(_SEED)
    return Sketch(
        clock=_CLOCK,
        harmony=_HARMONY,
        parts={
            "guitar": tuple(_guitar()),
            "answers": tuple(_answers()),
            "keys": tuple(_keys(rng)),
            "bass": tuple(_bass(rng)),
            "drums": tuple(_drums(rng)),
        },
        scale=Scale.named("Eb", "major"),
    )


def _guitar() -> list[Note]:
    at = _STARTS
    return [
        *arched(phrase(_TUNE, at=at["a"], velocity=0.62)),
        *arched(phrase(_TUNE_B, at=at["b"], velocity=0.68)),
        *arched(phrase(_TUNE, at=at["a2"], velocity=0.66)),
        *arched(phrase(_TUNE, at=at["a3"], velocity=0.62)),
        *phrase(
            "-/.5 G4/.5 Bb4/.5 C5/.5 Eb5/2 | -/2 D5/1 Bb4/1 | C5/2 Ab4,/1 G4/1 | -/1 Bb4/1 G4,/2",
            at=at["out"],
            velocity=0.5,
        ),
    ]


def _answers() -> list[Note]:
    """Let the vibraphone echo the tune's beginning in the rest and shadow its last turn an octave higher."""
    rest = phrase(
        "-/1 Eb5/.5 C5/.5 Bb4/1 G4,/1 | -/2 F5/.5 D5/.5 Bb4/1 | -/1 Ab5!/1 G5/.5 Eb5/.5 C5/1 | -/1 F5/1 Eb5/.5 C5/.5 Bb4,/1",
        at=_STARTS["rest"],
        velocity=0.55,
    )
    shadow = [note for note in phrase(_TUNE, at=_STARTS["a3"], velocity=0.5) if note.beats >= 1]
    return [*rest, *moved(shadow, semitones=12, louder=-0.1)]


def _keys(rng: np.random.Generator) -> list[Note]:
    notes = []
    for at, beats, voices in _HARMONY.voiced(low=pitch("Eb3"), high=pitch("D5"), voices=4):
        rolled = 0.03 if at < _STARTS["a"] or at >= _STARTS["out"] else 0.012
        notes += [Note(at + rolled * n, beats * 0.62, key, 0.56) for n, key in enumerate(voices)]
        again = 2.5 if beats > 2 else 1.25
        if rng.random() < 0.85 and at < _STARTS["out"] + 8:
            notes += [Note(at + again, min(1.2, beats - again), key, 0.42) for key in voices[1:]]
    return notes


def _bass(rng: np.random.Generator) -> list[Note]:
    notes = []
    spans = list(_HARMONY)
    for (at, beats, chord), (_, _, following) in zip(spans, [*spans[1:], spans[-1]], strict=True):
        if at < 8 or _STARTS["rest"] <= at < _STARTS["rest"] + 8:
            continue
        low, coming = chord.bass_pitch(pitch("Eb2")), following.bass_pitch(pitch("Eb2"))
        notes.append(Note(at, 1.4, low, 0.85))
        if beats > 2:
            fifth = low + 7 if (low + 7) in chord else low + 12
            notes.append(Note(at + 1.75, 0.5, low, 0.6))
            notes.append(Note(at + 2.5, 0.9, fifth if rng.random() < 0.6 else low + 12, 0.7))
            if coming != low:  # lead into the next root by a step from above or below
                notes.append(Note(at + 3.5, 0.4, coming + (2 if coming < low else -2), 0.55))
    return notes


def _drums(rng: np.random.Generator) -> list[Note]:
    notes = []
    for start in np.arange(_STARTS["a"], _STARTS["out"] + 8, 8.0):
        resting = _STARTS["rest"] <= start < _STARTS["rest"] + 16
        for beat, drum, velocity in _BEAT:
            if resting and drum in {KICK, SNARE} and not (start > _STARTS["rest"] and beat >= 6):
                continue
            if drum == BRUSH and rng.random() < 0.4:
                continue
            kind = RIM if drum == SNARE and _STARTS["a"] <= start < _STARTS["b"] else drum
            late = 0.035 if drum == SNARE else 0.0  # the snare leans back
            notes.append(
                Note(
                    float(start) + beat + late, 0.2, kind, min(1.0, velocity * float(rng.uniform(0.88, 1.08)))
                )
            )
    return notes


def render() -> Stereo:
    """Play and mix the piece."""
    parts, rng = sketch().parts, np.random.default_rng(_SEED + 1)
    seconds = _CLOCK.seconds(_HARMONY.beats) + 4.5
    keys = perform(played(parts["keys"], rng), tine_piano, _CLOCK, seconds)
    tremolo = np.float32(0.22) * np.sin(2 * np.pi * np.float32(2.7) * times(len(keys)))
    keys = effects.driven(keys * np.stack([1 + tremolo, 1 - tremolo], axis=1) * np.float32(1.5), 1.4)
    tops = [note for note in parts["drums"] if note.pitch != KICK]
    drums = perform(
        played(tops, rng, early_late=0.006, touch=0.03), Kit(soft=True), _CLOCK, seconds, pan=_place
    )
    answers = perform(played(parts["answers"], rng), vibraphone, _CLOCK, seconds, pan=lambda _: 0.35)
    guitar = perform(
        played(parts["guitar"], rng, early_late=0.018), nylon, _CLOCK, seconds, pan=lambda _: -0.18
    )
    kick = perform([note for note in parts["drums"] if note.pitch == KICK], Kit(soft=True), _CLOCK, seconds)
    mix = mixed(
        [
            Strip(effects.lowpass(effects.chorus(keys, mix=0.3), 5_500, 1), lufs=-20.5, room=0.22),
            Strip(perform(parts["bass"], round_bass, _CLOCK, seconds), lufs=-20.0, room=0.0),
            Strip(kick, lufs=-22.5, room=0.0),
            Strip(effects.driven(drums, 1.3), lufs=-20.5, room=0.14),
            Strip(guitar, lufs=-19.5, room=0.3),
            Strip(answers + effects.echo(answers, 0.56, feedback=0.4), lufs=-25.0, room=0.45),
            Strip(
                rain(seconds, drops_per_second=14, seed=_SEED) + panned(crackle(seconds, _SEED), 0.0),
                lufs=-41.0,
                room=0.0,
            ),
        ],
        effects.hall(1.5, bright=0.35, seed=41),
    )
    return mastered(_tape(mix), lufs=-14.5, fade_in=0.8, fade_out=3.0)


def _place(note: Note) -> float:
    return {KICK: 0.0, SNARE: 0.05, RIM: 0.22, HAT: -0.32, OPEN_HAT: -0.32, BRUSH: 0.3}[note.pitch]


def _tape(mix: Stereo) -> Stereo:
    """Play it from a tired tape: wow of a few cents, warmth, no highs to speak of."""
    t = times(len(mix))
    wow = np.float32(0.0006) * np.sin(2 * np.pi * np.float32(0.55) * t) + np.float32(0.00012) * np.sin(
        2 * np.pi * np.float32(3.1) * t
    )
    return effects.lowpass(
        effects.driven(
            effects.warped(mix, (wow - np.float32(0.001)).astype(np.float32)) * np.float32(2), 0.9
        ),
        11_500,
        1,
    )
