"""A voice that sings vowels by formants and touches its consonants: half a singer, half an instrument.

It is additive: every harmonic of the melody is as strong as the mouth's resonances let it be at that moment
(source and filter; Fant, 1960). Consonants are short bursts of noise and short closings of the mouth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alpheus.exchange.demo.score import Clock
from alpheus.exchange.demo.synth.effects import bandpass, lowpass
from alpheus.exchange.demo.synth.envelopes import eased
from alpheus.exchange.demo.synth.oscillators import phase
from alpheus.exchange.demo.synth.sound import RATE_HZ, Mono, noise, samples_of
from alpheus.exchange.demo.synth.syllables import Syllable

_FRAME = 128  # samples between two shapes of the mouth
_BANDWIDTHS_HZ = (90.0, 110.0, 170.0, 250.0)
_BREATH_SECONDS = 0.2  # a rest longer than this parts two phrases

Rows = npt.NDArray[np.float64]

# Formants in Hz (after Peterson and Barney, 1952, women; Mandarin's and Japanese own vowels between them).
VOWELS: dict[str, tuple[float, float, float, float]] = {
    "a": (850, 1_280, 2_800, 3_900),
    "o": (540, 920, 2_750, 3_800),
    "u": (370, 780, 2_650, 3_700),
    "U": (380, 1_350, 2_500, 3_700),
    "i": (320, 2_500, 3_100, 3_950),
    "y": (320, 2_000, 2_600, 3_700),
    "e": (520, 1_250, 2_700, 3_800),
    "E": (560, 2_050, 2_800, 3_850),
    "@": (560, 1_450, 2_700, 3_800),
    "I": (400, 1_550, 2_650, 3_800),
    "N": (300, 1_500, 2_500, 3_700),
    "G": (310, 1_050, 2_400, 3_600),
}

# Sounded consonants: where the formants come from, and how far the mouth is open.
_SOUNDED: dict[str, tuple[tuple[float, float, float, float], float]] = {
    "m": ((280, 950, 2_300, 3_600), 0.3),
    "n": ((280, 1_600, 2_500, 3_700), 0.3),
    "l": ((360, 1_250, 2_700, 3_700), 0.4),
    "r": ((380, 1_350, 1_900, 3_500), 0.4),
    "w": ((320, 720, 2_400, 3_600), 0.5),
    "y": ((290, 2_300, 3_000, 3_800), 0.5),
    "b": ((250, 800, 2_300, 3_600), 0.08),
    "d": ((260, 1_700, 2_600, 3_700), 0.08),
    "g": ((260, 1_900, 2_300, 3_600), 0.08),
}

# Breathed ones: (low, high) Hz of the noise, its seconds and strength, and the seconds of silence before it.
_BREATHED: dict[str, tuple[float, float, float, float, float]] = {
    "b": (300, 1_500, 0.012, 0.25, 0.0),
    "p": (400, 2_200, 0.05, 0.3, 0.05),
    "d": (2_000, 5_000, 0.012, 0.25, 0.0),
    "t": (2_500, 6_000, 0.045, 0.35, 0.05),
    "g": (1_200, 2_600, 0.018, 0.25, 0.0),
    "k": (1_300, 3_200, 0.05, 0.35, 0.05),
    "f": (1_200, 7_000, 0.09, 0.16, 0.0),
    "h": (600, 2_600, 0.08, 0.22, 0.0),
    "s": (4_800, 9_500, 0.1, 0.34, 0.0),
    "sh": (2_200, 6_000, 0.1, 0.34, 0.0),
    "x": (3_500, 8_000, 0.1, 0.3, 0.0),
    "z": (4_500, 9_000, 0.05, 0.3, 0.03),
    "c": (4_500, 9_000, 0.09, 0.34, 0.04),
    "zh": (2_300, 5_500, 0.045, 0.3, 0.03),
    "ch": (2_300, 6_000, 0.085, 0.34, 0.04),
    "j": (3_200, 7_000, 0.045, 0.28, 0.03),
    "q": (3_200, 7_500, 0.085, 0.32, 0.04),
}


@dataclass(frozen=True)
class Sung:
    """A syllable on a note, in beats."""

    at: float
    beats: float
    pitch: int
    syllable: Syllable
    velocity: float = 0.7


@dataclass(frozen=True)
class Singer:
    """What makes one voice another."""

    seed: int
    formants: float = 1.0  # the size of the mouth: above 1 is smaller
    tilt: float = 1.12  # how soft: harmonics fall with this power
    vibrato_cents: float = 24.0
    glide_seconds: float = 0.07
    highest_hertz: float = 7_500.0
    breath: float = 0.006


def sing(line: Sequence[Sung], clock: Clock, seconds: float, singer: Singer) -> Mono:
    """Sing a line, phrase by phrase, in one channel of `seconds`."""
    bus = np.zeros(samples_of(seconds), dtype=np.float32)
    for number, phrase in enumerate(_phrases(line, clock)):
        start = max(0.0, clock.seconds(phrase[0].at) - 0.15)
        sound = _phrase(phrase, clock, start, singer, number)
        first = samples_of(start)
        count = min(len(sound), len(bus) - first)
        bus[first : first + count] += sound[:count]
    return bus


def _phrases(line: Sequence[Sung], clock: Clock) -> list[list[Sung]]:
    phrases: list[list[Sung]] = []
    for sung in line:
        before = phrases[-1][-1] if phrases else None
        if before and clock.seconds(sung.at) - clock.seconds(before.at + before.beats) < _BREATH_SECONDS:
            phrases[-1].append(sung)
        else:
            phrases.append([sung])
    return phrases


def _phrase(phrase: Sequence[Sung], clock: Clock, start: float, singer: Singer, number: int) -> Mono:
    begins = [clock.seconds(sung.at) - start for sung in phrase]
    ends = [*begins[1:], clock.seconds(phrase[-1].at + phrase[-1].beats) - start]
    frames = int((ends[-1] + 0.35) * RATE_HZ / _FRAME) + 2
    at = np.arange(frames) * _FRAME / RATE_HZ
    melody = _melody(phrase, begins, at, singer, number)
    mouth, opening = _mouth(phrase, begins, ends, at)
    voiced = _voiced(melody, mouth * singer.formants, opening, singer)
    airy = _consonants(phrase, begins, len(voiced), singer)
    breathing = bandpass(noise(len(voiced), singer.seed + number), 1_500, 6_500, 1) * _upsampled(opening)
    return eased(voiced + airy + np.float32(singer.breath) * breathing, attack=0.01, release=0.05)


def _melody(phrase: Sequence[Sung], begins: Sequence[float], at: Rows, singer: Singer, number: int) -> Rows:
    """Give the pitch over time in Hz: steps that glide, a vibrato that comes late, a hand's breadth of drift."""
    pitches = np.full(len(at), float(phrase[0].pitch))
    since = np.zeros(len(at))
    for sung, begin in zip(phrase, begins, strict=True):
        after = at >= begin - singer.glide_seconds * 0.4
        pitches[after] = sung.pitch
        since[after] = np.maximum(0, at[after] - begin)
    width = max(1, int(singer.glide_seconds * RATE_HZ / _FRAME))
    kernel = np.hanning(width + 2)[1:-1]
    pitches = np.convolve(
        np.pad(pitches, (width // 2, width - 1 - width // 2), mode="edge"), kernel / kernel.sum(), "valid"
    )
    rng = np.random.default_rng(singer.seed * 31 + number)
    drift = np.interp(
        at, np.linspace(0, at[-1], max(3, int(at[-1] * 4))), rng.normal(0, 4, max(3, int(at[-1] * 4)))
    )
    vibrato = (
        singer.vibrato_cents
        * np.clip((since - 0.28) / 0.4, 0, 1)
        * np.sin(2 * np.pi * 5.3 * at + 0.3 * np.sin(at * 3))
    )
    return np.asarray(440.0 * 2.0 ** ((pitches - 69) / 12 + (vibrato + drift) / 1200), dtype=np.float64)


def _mouth(
    phrase: Sequence[Sung], begins: Sequence[float], ends: Sequence[float], at: Rows
) -> tuple[Rows, Rows]:
    """Give the formants (frames, 4) and how far the mouth is open (frames)."""
    points: list[tuple[float, tuple[float, ...]]] = []
    level: list[tuple[float, float]] = [(0.0, 0.0)]
    for index, (sung, begin, end) in enumerate(zip(phrase, begins, ends, strict=True)):
        loud = sung.velocity
        level += _closing(sung.syllable.onset, begin, loud, first=index == 0)
        if sung.syllable.onset in _SOUNDED:
            points.append((begin - 0.05, _SOUNDED[sung.syllable.onset][0]))
        vowels = sung.syllable.vowels
        for place, vowel in zip(_places(vowels, begin, end), vowels, strict=True):
            points.append((place, VOWELS[vowel]))
        nasal = vowels[-1] in "NG"
        body = loud * (0.55 if nasal else 0.92)
        level += [(begin + 0.06, loud), (max(begin + 0.07, end - 0.13), body)]
    level += [(ends[-1] - 0.02, 0.6 * phrase[-1].velocity), (ends[-1] + 0.22, 0.0), (at[-1] + 1, 0.0)]
    when = [point for point, _ in points]
    formants = np.stack([np.interp(at, when, [row[k] for _, row in points]) for k in range(4)], axis=1)
    level.sort()
    opening = np.interp(at, [place for place, _ in level], [height for _, height in level])
    kernel = np.hanning(11)[1:-1]
    return formants, np.convolve(opening, kernel / kernel.sum(), "same")


def _closing(onset: str, begin: float, loud: float, *, first: bool) -> list[tuple[float, float]]:
    """Close the mouth for a consonant that lies before the beat."""
    if onset in _SOUNDED:
        depth = _SOUNDED[onset][1] * loud
        return [
            (begin - 0.075, 0.0 if first else 0.75 * loud),
            (begin - 0.055, depth),
            (begin - 0.012, depth),
        ]
    if onset in _BREATHED:
        _, _, lasting, _, pause = _BREATHED[onset]
        return [
            (begin - lasting - pause - 0.035, 0.0 if first else 0.7 * loud),
            (begin - lasting - pause, 0.0),
            (begin - 0.006, 0.0),
        ]
    return [(begin - 0.03, 0.0 if first else 0.8 * loud), (begin, 0.75 * loud)]


def _places(vowels: str, begin: float, end: float) -> list[float]:
    """Say when each vowel of a syllable is reached: glides pass quickly, the fullest vowel lasts."""
    length = end - begin
    main = max(range(len(vowels)), key=lambda index: "NGiyuU@IeoEa".index(vowels[index]))
    places = []
    for index in range(len(vowels)):
        if index < main:
            places.append(begin + 0.015 + 0.05 * index)
        elif index == main:
            places.append(begin + 0.03 + 0.06 * main)
        else:
            places.append(end - min(0.13, 0.3 * length) * (1 - 0.4 * (index - main - 1)))
    # The fullest vowel is still there when the next one is far.
    return places


def _voiced(melody: Rows, mouth: Rows, opening: Rows, singer: Singer) -> Mono:
    samples = (len(melody) - 1) * _FRAME
    turns = phase(np.interp(np.arange(samples), np.arange(len(melody)) * _FRAME, melody), samples)
    angle = (2 * np.pi * (turns % 1.0)).astype(np.float32)
    highest = int(singer.highest_hertz // float(melody.max()))
    twice_cos = 2 * np.cos(angle)
    before, now = np.zeros(samples, dtype=np.float32), np.sin(angle)
    sound = np.zeros(samples, dtype=np.float32)
    for k in range(1, highest + 1):
        sound += _upsampled(_through_mouth(k * melody, mouth) * opening / k**singer.tilt) * now
        # sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x): one multiplication instead of a sine.
        before, now = now, twice_cos * now - before
    return sound * np.float32(0.35)


def _through_mouth(frequency: Rows, mouth: Rows) -> Rows:
    total = np.full(len(frequency), 0.012)
    for k, (bandwidth, weight) in enumerate(zip(_BANDWIDTHS_HZ, (1.0, 0.75, 0.4, 0.28), strict=True)):
        total += weight / np.sqrt(1 + ((frequency - mouth[:, k]) / bandwidth) ** 2)
    return total


def _upsampled(frames: Rows) -> Mono:
    """Go evenly from frame to frame."""
    rows: Mono = frames.astype(np.float32)
    part: Mono = np.arange(_FRAME, dtype=np.float32) / np.float32(_FRAME)
    between: Mono = rows[:-1, None] + (rows[1:] - rows[:-1])[:, None] * part
    return between.reshape(-1)


def _consonants(phrase: Sequence[Sung], begins: Sequence[float], samples: int, singer: Singer) -> Mono:
    sound = np.zeros(samples, dtype=np.float32)
    for index, (sung, begin) in enumerate(zip(phrase, begins, strict=True)):
        spoken = _BREATHED.get(sung.syllable.onset)
        if not spoken:
            continue
        low, high, lasting, strength, _ = spoken
        burst = bandpass(noise(samples_of(lasting + 0.02), singer.seed + 77 * index), low, high, 1)
        burst = eased(burst, attack=min(0.03, lasting / 3), release=0.025) * np.float32(
            0.32 * strength * sung.velocity
        )
        start = max(0, samples_of(begin - lasting))
        count = min(len(burst), samples - start)
        sound[start : start + count] += burst[:count]
    return lowpass(sound, 9_000, 1)
