"""Postcard with No Island: a waltz for string quartet and felt piano, G minor that ends in G major.

The first violin has the tune, the cello plucks the ground, the middle strings lean on two and three. When the tune
comes back it has company: second violin in sixths below.
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
from alpheus.exchange.demo.synth.bowed import bowed, pizzicato
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.piano import felt_piano
from alpheus.exchange.demo.synth.sound import Stereo

_BAR = 3.0
_SEED = 20_260_707
_INTRO = Harmony.written("Gm Cm6 Gm D7", _BAR)
_A = Harmony.written("Gm Gm Cm6 Cm6 D7 D7 Gm Gm/F Ebmaj7 Ebmaj7 Cm Cm Am7b5 D7 Gm D7", _BAR)
_B = Harmony.written("Bb Bb F7 F7 Bb G7 Cm Cm Eb Ebm6 Bb/F G7b9 Cm7 F7 Bb D7", _BAR)
_C = Harmony.written("G G Am7 D7 Bm7 Em7 Am7 D7 G/B Cmaj7 Cm6 G/D Am7 D7 G G", _BAR)
_CODA = Harmony.written("Cmaj7 Cm6 G/B Em7 Am7 D7 G G", _BAR)
_HARMONY = _INTRO + _A + _B + _A + _C + _CODA
_STARTS = dict(
    zip(
        ("a", "b", "a2", "c", "coda"),
        np.cumsum([_INTRO.beats, _A.beats, _B.beats, _A.beats, _C.beats]).tolist(),
        strict=True,
    )
)

_TUNE_A = """
 D5!/2 Eb5/1 | D5/1 Bb4/2 | C5!/2 D5/1 | C5/1 A4/2 | A4/1 C5/1 Eb5/1 | D5!/2 C5/1 | Bb4/2 A4,/1 | G4/3
 G5!/2 F5/1 | D5/1 Bb4/2 | Eb5!/2 D5/1 | C5/1 G4/2 | C5/1 Eb5/1 G5/1 | F#5!/2 D5/1 | G5/3 | -/1 D5/1 C5/1
"""
_TUNE_B = """
 F5!/1.5 G5/.5 F5/1 | D5/3 | Eb5!/1.5 F5/.5 Eb5/1 | C5/3 | D5/1 F5/1 Bb5!/1 | G5/2 F5/1 | Eb5/2 D5/1 | C5/3
 G5/1 Bb5!/1 G5/1 | Gb5/2 Eb5/1 | F5!/2 D5/1 | F5/1 D5/1 B4/1 | C5/1 Eb5/1 G5!/1 | F5/1 Eb5/1 C5/1 | Bb4/3 | D5/1 F#5/1 A5/1
"""
_TUNE_C = """
 D5!/2 E5/1 | D5/1 B4/2 | C5!/2 D5/1 | C5/1 A4/2 | F#5!/2 D5/1 | G5/2 E5/1 | A5!/1 G5/1 E5/1 | F#5/1 D5/1 A4/1
 B5!/2 G5/1 | E5/1 G5/1 B5/1 | A5!/2 Eb5/1 | D5/1 G5/1 B5/1 | C6!/2 A5/1 | F#5/1 E5/1 D5/1 | G5/5 -/1
"""
_TUNE_CODA = "E5!/2 G5/1 | Eb5/2 G5,/1 | D5/3 | B4/2 E5/1 | C5!/2 E5/1 | D5/1 C5/1 A4/1 | G4/6"


def sketch() -> Sketch:
    """Write the piece."""
    return Sketch(
        clock=_clock(),
        harmony=_HARMONY,
        parts={
            "violin": tuple(_violin()),
            "second": tuple(_second()),
            "middle": tuple(_middle()),
            "cello": tuple(_cello()),
            "piano": tuple(_piano()),
        },
        scale=Scale.named("G", "minor"),
    )


def _clock() -> Clock:
    tempo: list[tuple[float, float]] = [(0.0, 118.0), (12.0, 134.0)]
    for start in list(_STARTS.values())[1:]:
        tempo += [(start - 5, 136.0), (start - 1, 112.0), (start + 2, 136.0)]
    return Clock(*tempo, (_HARMONY.beats - 12, 126.0), (_HARMONY.beats - 6, 92.0), (_HARMONY.beats, 76.0))


def _sections(text: str, at: float, velocity: float) -> list[Note]:
    """Phrase a tune in breaths of four bars."""
    notes = phrase(text, at=at, velocity=velocity)
    breaths = [[note for note in notes if start <= note.at - at < start + 12] for start in range(0, 48, 12)]
    return [note for breath in breaths for note in arched(breath, 0.18)]


def _violin() -> list[Note]:
    return [
        *_sections(_TUNE_A, _STARTS["a"], 0.62),
        *_sections(_TUNE_B, _STARTS["b"], 0.74),
        *_sections(_TUNE_A, _STARTS["a2"], 0.68),
        *_sections(_TUNE_C, _STARTS["c"], 0.78),
        *_sections(_TUNE_CODA, _STARTS["coda"], 0.58),
    ]


def _second(lowest: int = 55) -> list[Note]:
    """Follow the violin in the nearest chord tone a third to a sixth below, from the tune's return on."""
    notes = []
    for note in _violin():
        if note.at < _STARTS["a2"] or note.beats < 1:
            continue
        below = [
            key
            for key in range(note.pitch - 9, note.pitch - 2)
            if key in _HARMONY.at(note.at) and key >= lowest
        ]
        if below:
            notes.append(Note(note.at, note.beats, below[-1], note.velocity * 0.8))
    return notes


def _middle() -> list[Note]:
    """Lean on two and three; hold the chord where the tune sings highest."""
    notes = []
    for at, beats, voices in _HARMONY.voiced(low=pitch("D3"), high=pitch("Bb4"), voices=3):
        if at + beats >= _HARMONY.beats - 3:
            notes += [Note(at, beats, key, 0.5) for key in voices]
        elif _STARTS["c"] <= at < _STARTS["coda"] or at >= _STARTS["coda"]:
            notes += [Note(at, beats * 0.97, key, 0.46) for key in voices]
        else:
            notes += [
                Note(at + beat, 0.55, key, 0.5 if beat == 1 else 0.42) for beat in (1, 2) for key in voices
            ]
    return notes


def _cello() -> list[Note]:
    notes = []
    for number, (at, beats, chord) in enumerate(_HARMONY):
        low = chord.bass_pitch(pitch("C2") + (0 if number % 2 else 2))
        notes.append(Note(at, beats, low, 0.8))
        fifth = low + 7 if (low + 7) in chord else low + 12
        if number % 4 == 3 and at < _STARTS["c"]:
            notes.append(Note(at + 2, 1.0, fifth, 0.5))
    return notes


def _piano() -> list[Note]:
    """Open alone, then drop single notes into the gaps; broken chords under the major part."""
    intro = phrase("D5/1 G5/1 Bb5/1 | A5/2 Eb5,/1 | D5/1 Bb4/1 G4/1 | F#4/2 A4,/1", velocity=0.5)
    ground = [Note(at, 3.0, chord.bass_pitch(pitch("G2")), 0.4) for at, _, chord in _INTRO]
    broken = []
    for at, _, voices in _HARMONY.voiced(low=pitch("G4"), high=pitch("D6"), voices=3):
        if _STARTS["c"] <= at < _HARMONY.beats - 6:
            order = (0, 1, 2, 1, 2, 1) if int(at / 3) % 2 else (0, 2, 1, 2, 1, 2)
            broken += [
                Note(at + step / 2, 1.2, voices[voice], 0.36 - 0.02 * step)
                for step, voice in enumerate(order)
            ]
        elif _STARTS["b"] <= at < _STARTS["a2"] and int(at / 3) % 2:
            broken += [Note(at + 1, 2.0, voices[2], 0.36), Note(at + 2, 1.5, voices[1], 0.3)]
    ending = [
        Note(_HARMONY.beats - 6 + 0.25 * step, 8.0, pitch(key), 0.4)
        for step, key in enumerate(("G2", "D3", "B3", "G4", "D5", "B5"))
    ]
    return [*intro, *ground, *broken, *ending]


def _cello_bow(notes: tuple[Note, ...]) -> list[Note]:
    return [note for note in notes if note.at >= _STARTS["c"]]


def render() -> Stereo:
    """Play and mix the piece."""
    parts, clock, rng = sketch().parts, _clock(), np.random.default_rng(_SEED)
    seconds = clock.seconds(_HARMONY.beats) + 5.0
    lead = perform(
        played(_legato(parts["violin"]), rng),
        lambda key, lasting, touch: bowed(key, lasting, touch, players=2, attack=0.07),
        clock,
        seconds,
    )
    second = perform(played(_legato(parts["second"]), rng), bowed, clock, seconds)
    middle = perform(
        played(parts["middle"], rng, early_late=0.016),
        lambda key, lasting, touch: bowed(key, lasting, touch, players=2, attack=0.05),
        clock,
        seconds,
    )
    plucked = perform(
        played([note for note in parts["cello"] if note.at < _STARTS["c"]], rng),
        pizzicato,
        clock,
        seconds,
        pan=lambda _: 0.4,
    )
    drawn = perform(_cello_bow(parts["cello"]), bowed, clock, seconds)
    piano = perform(played(parts["piano"], rng, early_late=0.016), felt_piano, clock, seconds)
    mix = mixed(
        [
            Strip(_seated(effects.shelf(lead, 3_500, -2.5, high=True), -0.35), lufs=-18.5, room=0.42),
            Strip(_seated(second, -0.12), lufs=-23.0, room=0.42),
            Strip(_seated(effects.peak(middle, 450, -1.5, 0.8), 0.2), lufs=-22.5, room=0.4),
            Strip(plucked, lufs=-22.0, room=0.3),
            Strip(_seated(effects.lowpass(drawn, 1_800, 1), 0.42), lufs=-22.5, room=0.35),
            Strip(piano, lufs=-23.5, room=0.4),
        ],
        effects.hall(2.3, bright=0.5, predelay=0.022, seed=71),
    )
    return mastered(mix, lufs=-16.0, fade_in=0.1, fade_out=3.5)


def _legato(notes: tuple[Note, ...]) -> list[Note]:
    return moved([Note(note.at, note.beats * 1.02, note.pitch, note.velocity) for note in notes])


def _seated(sound: Stereo, place: float) -> Stereo:
    """Seat a player: turn the two sides' balance towards a place between -1 and 1."""
    return sound * np.array([1 - max(0.0, place), 1 + min(0.0, place)], dtype=np.float32)
