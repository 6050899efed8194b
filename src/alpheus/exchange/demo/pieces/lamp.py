"""The Lamp Is Not the Sea: a nocturne for felt piano in D flat major.

A rising sixth asks, a falling line answers. The minor subdominant (Gbm6) is the lamp going round; the strange
light in the middle is E major seen from D flat.
"""

import numpy as np

from alpheus.exchange.demo.score import (
    Chord,
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
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.piano import felt_piano, pedal_noise
from alpheus.exchange.demo.synth.sound import Stereo
from alpheus.exchange.demo.words import Line

_BAR = 4.0
_SEED = 20_260_101

_INTRO = Harmony.written("Dbadd9 Gbmaj9/Db", _BAR)
_A = Harmony.written("Dbadd9 Bbm7 Gbmaj9 Ab9sus4:2 Ab:2 Fm7 Bbm9 Ebm9 Ab9sus4", _BAR)
_A2 = Harmony.written("Dbadd9 F7/A Bbm9 Gbmaj9 Db/F Ebm9 Ab9sus4:2 Ab7:2 Db69", _BAR)
_B = Harmony.written("Gbmaj7 Gbm6 Db/F Emaj7 Ebm9 Ab9sus4 Fm7 Bbm7:2 Ab7b9:2", _BAR)
_CODA = Harmony.written("Gbmaj9 Gbm6 Db/F Ebm9:2 Ab9sus4:2 Dbadd9", _BAR)

_MELODY_A = """
 -/1 Ab4/1 F5!/1.5 Eb5,/.5 | Db5/2.5 C5,/.5 Db5,/.5 Eb5/.5 | F5!/2 Db5/1 Bb4,/1 | Db5/2 C5,/2
 -/1 Ab4/1 Eb5!/1.5 C5,/.5 | Db5/2.5 F5/.5 Eb5,/.5 Db5,/.5 | Bb4/1.5 Db5/.5 Gb5!/1 F5/1 | Eb5/3 -/1
"""
_MELODY_A2 = """
 -/1 Ab4/1 F5!/1.5 Gb5/.5 | C5/1.5 Eb5/.5 F5!/1 Eb5,/1 | Db5/2 C5,/1 Bb4,/1 | Ab5!/1.5 F5,/.5 Db5/2
 -/1 Ab4/1 Ab5!!/1.5 F5/.5 | Gb5/1 F5,/.5 Eb5/.5 Db5/1 Bb4,/1 | Eb5!/1.5 Db5,/.5 C5/2 | Db5/3 -/1
"""
_MELODY_B = """
 Bb5!/1.5 Ab5/.5 F5/1 Db5,/1 | Eb5/1 Gb5/1 A5!/1 Gb5/1 | Ab5!/2 F5/1 Ab5/1 | B5!!/1.5 Ab5/.5 Eb5/2
 Gb5!/1.5 F5,/.5 Eb5/1 Bb4,/1 | Db5/1.5 Eb5/.5 Gb5/1 Bb5!/1 | Ab5/2 Eb5/1 C5,/1 | Db5/1 Bb4/1 A4/1 Gb4,/1
"""
_MELODY_CODA = """
 -/1 Ab4/1 F5/2 | -/1 A4/1 Eb5/2 | -/1 Ab4,/1 F5/1.5 Eb5,/.5 | Db5/2 Bb4,/2 | Ab4,/4
"""

# How the left hand walks over bass and chord (0 is the bass, 1 to 4 the voices above it), in eighths.
_WALKS = (
    (0, 2, 3, 4, 3, 2, 3, 1),
    (0, 1, 3, 4, 2, 3, 4, 3),
    (0, 2, 4, 3, 1, 3, 2, 3),
    (0, 1, 2, 3, 4, 3, 2, 3),
)

# The letter that the music is: one line to two bars.
_LETTER = (
    "Dear keeper, I have learned the hour you light it.",
    "I set my kettle by it, and my clock.",
    "From here the beam goes over me like reading,",
    "a hand that keeps its place along a page.",
    "You never say what all of it is meant for.",
    "I never ask. The harbour has its chart.",
    "But I have watched it find a man in trouble",
    "and leave him, found, and go on with the dark.",
    "The lamp is not the sea. It only crosses.",
    "The sea is everything it does not say.",
    "One stroke of yellow on a mile of weather,",
    "and then the mile of weather, and the grey.",
    "So turn. I am not lost, I am just listening.",
    "I count to nine, and you are back again.",
    "Nothing of you stays here when you have passed me.",
    "I find I do not want it to. And then",
    "you come around.",
)


def words() -> tuple[Line, ...]:
    """Give the letter's lines with the times at which the melody begins to say them."""
    clock = sketch().clock
    return tuple(
        Line(round(1000 * clock.seconds(_INTRO.beats + 8 * number)), text)
        for number, text in enumerate(_LETTER)
    )


def sketch() -> Sketch:
    """Write the piece."""
    rng = np.random.default_rng(_SEED)
    harmony = _INTRO + _A + _A2 + _B + _A2 + _CODA
    a, a2, b, last = (_INTRO.beats + part for part in (0.0, _A.beats, _A.beats + _A2.beats, 3 * _A.beats))
    coda = last + _A2.beats
    sung = [
        *arched(phrase(_MELODY_A, at=a, velocity=0.6)),
        *arched(phrase(_MELODY_A2, at=a2, velocity=0.66)),
        *arched(phrase(_MELODY_B, at=b, velocity=0.72), 0.2),
        *arched(phrase(_MELODY_A2, at=last, velocity=0.56)),
        *arched(phrase(_MELODY_CODA, at=coda, velocity=0.46)),
    ]
    return Sketch(
        clock=_clock(harmony.beats),
        harmony=harmony,
        parts={
            "melody": tuple(sung),
            "octaves": tuple(_octaves(sung, b, last)),
            "left": tuple(_left_hand(harmony, rng)),
        },
        scale=Scale.named("Db", "major"),
    )


def _clock(beats: float) -> Clock:
    """Breathe: every eight bars the tempo gives way a little, and at the end a lot."""
    tempo: list[tuple[float, float]] = [(0.0, 60.0), (8.0, 69.0)]
    for end in np.arange(40.0, beats - 24, 32.0):
        tempo += [(end - 5, 70.0), (end - 0.5, 58.0), (end + 1.5, 70.0)]
    return Clock(*tempo, (beats - 14, 66.0), (beats - 5, 50.0), (beats - 3.8, 44.0))


def _octaves(sung: list[Note], b: float, last: float) -> list[Note]:
    """Let the middle part's leaning notes be doubled an octave above, softly, where the hand can reach."""
    leaning = [note for note in sung if b <= note.at < last and note.beats >= 1 and note.velocity > 0.7]
    return moved(leaning, semitones=12, louder=-0.34)


def _left_hand(harmony: Harmony, rng: np.random.Generator) -> list[Note]:
    notes = []
    for at, beats, voices in harmony.voiced(low=pitch("Db3"), high=pitch("Ab4"), voices=4):
        chord = harmony.at(at)
        final = at + beats > harmony.beats - 1
        notes += _last_chord(at, chord, voices) if final else _walk(at, beats, chord, voices, rng)
    return notes


def _walk(
    at: float, beats: float, chord: Chord, voices: tuple[int, ...], rng: np.random.Generator
) -> list[Note]:
    hand = (chord.bass_pitch(pitch("F1")), *voices)
    steps = _WALKS[rng.integers(len(_WALKS))]
    notes = []
    for number in range(int(beats * 2)):
        if number and number == int(beats * 2) - 1 and rng.random() < 0.35:
            continue  # a breath before the next bar
        start = at + number / 2
        velocity = 0.5 if number == 0 else 0.34 + 0.05 * (number % 2 == 0)
        # The pedal holds what a bar began until the bar ends.
        notes.append(Note(start, at + beats - start + 0.1, hand[steps[number]], velocity))
    return notes


def _last_chord(at: float, chord: Chord, voices: tuple[int, ...]) -> list[Note]:
    low = chord.bass_pitch(pitch("F1"))
    hand = (low, low + 7, *voices[1:], pitch("Ab5"), pitch("Db6"))
    return [Note(at + 0.22 * number, 8.0, key, 0.46 - 0.025 * number) for number, key in enumerate(hand)]


def render() -> Stereo:
    """Play and mix the piece."""
    written = sketch()
    rng = np.random.default_rng(_SEED + 1)
    seconds = written.clock.seconds(written.harmony.beats) + 5.5
    sung = [*written.parts["melody"], *written.parts["octaves"]]
    melody = perform(played(_held(sung), rng, early_late=0.014), felt_piano, written.clock, seconds)
    left = perform(played(written.parts["left"], rng, early_late=0.016), felt_piano, written.clock, seconds)
    mix = mixed(
        [
            Strip(effects.shelf(melody, 2_000, -3.0, high=True), lufs=-19.0, room=0.42),
            Strip(effects.peak(left, 260, -2.0, 0.9), lufs=-22.0, room=0.3),
        ],
        effects.hall(2.8, bright=0.35, seed=3),
    )
    mix += pedal_noise(seconds, 5)
    return mastered(effects.lowpass(mix, 11_000, 1), lufs=-16.5, fade_in=0.2, fade_out=4.0)


def _held(sung: list[Note]) -> list[Note]:
    """Let each sung note reach into the next one, as fingers and pedal do."""
    return [Note(note.at, note.beats + 0.35, note.pitch, note.velocity) for note in sung]
