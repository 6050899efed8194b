"""Written music: pitches, chords, voice leading, phrases and time. Nothing here makes a sound.

Pitches are MIDI numbers (60 is middle C, equal temperament, A4 = 440 Hz); times are beats until a `Clock` turns
them into seconds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product

import numpy as np

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NAME = re.compile(r"([A-G])([#b]?)(-?\d+)")
_SYMBOL = re.compile(r"([A-G][#b]?)([^/]*)(?:/([A-G][#b]?))?")

# Semitones above the root, the tone that may be left out last.
_QUALITIES: Mapping[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "69": (0, 4, 9, 2, 7),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7": (0, 4, 10, 7),
    "7b9": (4, 10, 1, 7, 0),
    "9": (0, 4, 10, 2, 7),
    "13": (0, 4, 10, 9, 2),
    "9sus4": (0, 5, 10, 2, 7),
    "7sus4": (0, 5, 10, 7),
    "maj7": (0, 4, 11, 7),
    "maj9": (0, 4, 11, 2, 7),
    "maj7#11": (0, 4, 11, 6, 7),
    "m7": (0, 3, 10, 7),
    "m9": (0, 3, 10, 2, 7),
    "m11": (0, 3, 10, 5, 2),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
}


def pitch(name: str) -> int:
    """Give the number of a pitch by its name: "C4" is 60, "Eb3" is 51."""
    found = _NAME.fullmatch(name)
    if not found:
        raise ValueError(f"{name!r} is not a pitch; write a letter, # or b, and an octave, such as Eb4")
    letter, accidental, octave = found.groups()
    return _LETTERS[letter] + {"#": 1, "b": -1, "": 0}[accidental] + 12 * (int(octave) + 1)


def pitch_class(name: str) -> int:
    """Give the pitch class (0 to 11) of a letter with its accidental."""
    return pitch(f"{name}4") % 12


def hertz(number: float) -> float:
    """Give the frequency of a pitch in Hz."""
    return float(440.0 * 2.0 ** ((number - 69) / 12))


@dataclass(frozen=True)
class Note:
    """A note: where and how long in beats, its pitch, how hard from 0 to 1."""

    at: float
    beats: float
    pitch: int
    velocity: float = 0.7

    @property
    def until(self) -> float:
        """The beat where it ends."""
        return self.at + self.beats


@dataclass(frozen=True)
class Chord:
    """A chord by its symbol: "Gbmaj9", "Db/F"."""

    symbol: str

    @cached_property
    def _parts(self) -> tuple[str, str, str | None]:
        found = _SYMBOL.fullmatch(self.symbol)
        if not found or found.group(2) not in _QUALITIES:
            raise ValueError(f"{self.symbol!r} is not a chord this score knows")
        return found.group(1), found.group(2), found.group(3)

    @cached_property
    def root(self) -> int:
        """The root's pitch class."""
        return pitch_class(self._parts[0])

    @cached_property
    def bass(self) -> int:
        """The pitch class of the lowest voice."""
        return pitch_class(self._parts[2]) if self._parts[2] else self.root

    @cached_property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes, the most telling first."""
        return tuple((self.root + step) % 12 for step in _QUALITIES[self._parts[1]])

    def __contains__(self, number: int) -> bool:
        return number % 12 in {*self.tones, self.bass}

    def bass_pitch(self, low: int) -> int:
        """Give the lowest voice's pitch at or above `low`."""
        return low + (self.bass - low) % 12


@dataclass(frozen=True)
class Harmony:
    """Chords in time: (beats, chord) one after another."""

    spans: tuple[tuple[float, Chord], ...]

    @classmethod
    def written(cls, text: str, beats: float) -> "Harmony":
        """Read chords such as "Db Bbm7:2 Ab:2", each `beats` long unless its own length follows a colon."""
        spans = []
        for token in text.replace("|", " ").split():
            symbol, _, own = token.partition(":")
            spans.append((float(own or beats), Chord(symbol)))
        return cls(tuple(spans))

    def __add__(self, other: "Harmony") -> "Harmony":
        return Harmony(self.spans + other.spans)

    def __mul__(self, times: int) -> "Harmony":
        return Harmony(self.spans * times)

    def __iter__(self) -> Iterator[tuple[float, float, Chord]]:
        """Give (start, beats, chord)."""
        at = 0.0
        for beats, chord in self.spans:
            yield at, beats, chord
            at += beats

    @property
    def beats(self) -> float:
        """The length of all."""
        return sum(beats for beats, _ in self.spans)

    def at(self, beat: float) -> Chord:
        """Give the chord that sounds at a beat; the last one after the end."""
        for start, beats, chord in self:
            if beat < start + beats - 1e-6:
                return chord
        return self.spans[-1][1]

    def voiced(self, *, low: int, high: int, voices: int) -> list[tuple[float, float, tuple[int, ...]]]:
        """Lead `voices` voices through the chords, each moving as little as it can.

        Returns: (start, beats, pitches from low to high).
        """
        led = []
        before: tuple[int, ...] | None = None
        for at, beats, chord in self:
            # A chord with too few tones doubles its root first, then its fifth.
            tones = (*chord.tones, chord.root, *chord.tones[::-1])[:voices]
            before = _nearest(tones, before, low, high)
            led.append((at, beats, before))
        return led


def _nearest(tones: Sequence[int], before: tuple[int, ...] | None, low: int, high: int) -> tuple[int, ...]:
    """Choose the voicing of `tones` between `low` and `high` that is best spaced and nearest to the one before."""
    places = [range(low + (tone - low) % 12, high + 1, 12) for tone in tones]
    choices = {tuple(sorted(choice)) for choice in product(*places) if len(set(choice)) == len(tones)}
    return min(sorted(choices), key=lambda choice: _unease(choice, before, low, high))


def _unease(choice: tuple[int, ...], before: tuple[int, ...] | None, low: int, high: int) -> float:
    # Seconds are welcome once, low and high together are not: about what a pianist's hand would avoid.
    gaps = [upper - lower for lower, upper in pairwise(choice)]
    spacing = sum(4.0 for gap in gaps if gap < 2) + sum(0.7 * (gap - 7) for gap in gaps if gap > 7)
    centre = abs(sum(choice) / len(choice) - (low + high) / 2)
    if before is None:
        return spacing + centre
    moved = sum(min(abs(one - other) for other in before) for one in choice)
    return spacing + moved + 0.35 * centre + 0.6 * abs(choice[-1] - before[-1])


@dataclass(frozen=True)
class Scale:
    """A scale: a tonic's pitch class and the steps above it in semitones."""

    tonic: int
    steps: tuple[int, ...]

    @classmethod
    def named(cls, tonic: str, mode: str) -> "Scale":
        """Give a scale such as ("D", "pentatonic")."""
        return cls(pitch_class(tonic), MODES[mode])

    def __contains__(self, number: int) -> bool:
        return (number - self.tonic) % 12 in self.steps

    def pitch(self, degree: int, octave: int = 4) -> int:
        """Give the pitch of a degree counted from 0 at the tonic of an octave; degrees run on in both directions."""
        turns, step = divmod(degree, len(self.steps))
        return self.tonic + self.steps[step] + 12 * (octave + 1 + turns)


MODES: Mapping[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "pentatonic": (0, 2, 4, 7, 9),
}


def phrase(text: str, *, at: float = 0.0, velocity: float = 0.7) -> list[Note]:
    """Read a melody: "Ab4/1 F5/1.5 -/.5" is two notes and a rest; "!" after a pitch leans on it, "," lets it go by.

    Args:
        text: pitches with their beats; bar lines are for the eye.
        at: the beat of the first.
        velocity: of a plain note; leaning adds 0.12, letting go takes 0.14 away.
    """
    notes = []
    for token in text.replace("|", " ").split():
        name, _, beats = token.partition("/")
        if name != "-":
            lean = 0.12 * name.count("!") - 0.14 * name.count(",")
            notes.append(Note(at, float(beats), pitch(name.strip("!,")), velocity + lean))
        at += float(beats)
    return notes


def moved(
    notes: Iterable[Note], *, beats: float = 0.0, semitones: int = 0, louder: float = 0.0
) -> list[Note]:
    """Give the notes elsewhere in time, pitch and loudness."""
    return [
        replace(
            note, at=note.at + beats, pitch=note.pitch + semitones, velocity=_heard(note.velocity + louder)
        )
        for note in notes
    ]


def arched(notes: Sequence[Note], depth: float = 0.12) -> list[Note]:
    """Let a phrase swell towards its middle and fall away, as breath does."""
    if not notes:
        return []
    start, end = notes[0].at, max(note.until for note in notes)
    return [
        replace(
            note,
            velocity=_heard(
                note.velocity + depth * (np.sin(np.pi * (note.at - start) / (end - start)) - 0.5)
            ),
        )
        for note in notes
    ]


def played(
    notes: Sequence[Note], rng: np.random.Generator, *, early_late: float = 0.012, touch: float = 0.05
) -> list[Note]:
    """Give the notes as a hand would play them: a little early or late (beats, one sigma), a little unevenly."""
    offsets = rng.normal(0.0, early_late, len(notes)).clip(-2.5 * early_late, 2.5 * early_late)
    touches = rng.normal(0.0, touch, len(notes))
    return [
        replace(note, at=max(0.0, note.at + float(offset)), velocity=_heard(note.velocity + float(more)))
        for note, offset, more in zip(notes, offsets, touches, strict=True)
    ]


def _heard(velocity: float) -> float:
    return float(min(1.0, max(0.05, velocity)))


class Clock:
    """Turns beats into seconds: tempo that moves, and swing.

    Args:
        tempo: (beat, beats per minute) points; between two the tempo moves evenly.
        swing: where the second half of a `swung` lies, 0.5 is straight, 0.67 a triplet.
        swung: the length in beats that swings: 1 for eighths, 0.5 for sixteenths.
        lead_seconds: quiet before the first beat.
    """

    def __init__(
        self,
        *tempo: tuple[float, float],
        swing: float = 0.5,
        swung: float = 1.0,
        lead_seconds: float = 0.25,
    ) -> None:
        self._swing, self._swung = swing, swung
        last = tempo[-1][0] + 600
        self._beats = np.arange(0.0, last, 1 / 16)
        minutes = np.interp(self._beats, [beat for beat, _ in tempo], [bpm for _, bpm in tempo])
        self._seconds = lead_seconds + np.concatenate([[0.0], np.cumsum(60 / 16 / minutes)[:-1]])

    def seconds(self, beat: float) -> float:
        """Give the time of a beat."""
        whole, part = divmod(beat, self._swung)
        part /= self._swung
        late = part * 2 * self._swing if part < 0.5 else self._swing + (part - 0.5) * 2 * (1 - self._swing)
        return float(np.interp((whole + late) * self._swung, self._beats, self._seconds))


@dataclass(frozen=True)
class Sketch:
    """A piece as written: its time, its chords, its parts by name, and the scale its melodies stay in."""

    clock: Clock
    harmony: Harmony
    parts: Mapping[str, tuple[Note, ...]]
    scale: Scale

    def foreign(self, part: str) -> list[Note]:
        """Give the notes of a part that belong neither to the scale nor to the chord they sound in."""
        return [
            note
            for note in self.parts[part]
            if note.pitch not in self.scale and note.pitch not in self.harmony.at(note.at)
        ]

    def outside_chord(self, part: str) -> list[Note]:
        """Give the notes of a part that do not belong to the chord they start in."""
        return [note for note in self.parts[part] if note.pitch not in self.harmony.at(note.at)]
