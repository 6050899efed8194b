"""Alignment: landmarks that two recordings share at one distance in time, and how few may be chance. Pure.

Landmarks agree by chance all the time, but at all distances. Of a passage of ten seconds about 310 are asked for; in
100,000 recordings of four minutes 55,000 are found by chance (7.4e8 entries / 2^22 hashes x 310), spread over 1.2e9 pairs of recording and
distance, so that three rows of distance hold 1.4e-4 of them: more than six in one place are less likely than 1e-9 (Poisson).
Music is not chance: pieces in one key and tempo, or made of the same loops, share more. What is asked of a match,
`ALIGNED_LEAST`, is therefore above what real recordings that are not held reached (`make bench B=recognise`).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alpheus.recognition.method import Match, Passage
from alpheus.recognition.pairs import Landmarks
from alpheus.recognition.spectrogram import ROW_MS, WINDOW_MS

Numbers = npt.NDArray[np.int64]

ALIGNED_LEAST = 16  # moments of one passage in which landmarks agree at one distance
SECONDS_LEAST = 4  # seconds of the passage in which some of them lie
_ALIGNED_A_SECOND = 1.5  # fewer are no passage but coincidences in a row
_GAP_ROWS = 3000 // ROW_MS  # a passage ends where none follow for so long
_PORTION, _STEP = 2048, 1536  # landmarks asked for at once (66 s), and from one portion to the next
_SUSPECTED = 8  # landmarks of a portion at one distance that are worth a look
_DISTANCES = 4  # of one recording and portion: loops agree at many
_NAMES = 50  # looked at of one portion
_DISTANCE_BITS = 21
_SAME_ROWS = 2  # distances that differ by no more are one


@dataclass(frozen=True)
class Hits:
    """Landmarks found: of which recording, when in the one that asks, when in that one; rows of 20 ms."""

    numbers: Numbers
    own: Numbers
    other: Numbers


@dataclass(frozen=True)
class _Line:
    """Landmarks of one recording at one distance: when in the one that asks."""

    number: int
    distance: int
    own: Numbers


def matches(
    asked: Landmarks, find: Callable[[Landmarks], Hits], names: Sequence[str], leave_out: frozenset[str]
) -> list[Match]:
    """Find recordings that share a passage.

    Args:
        asked: landmarks of the sound.
        find: looks landmarks up.
        names: of the recordings, by number.
        leave_out: names that are not asked about.
    """
    lines: dict[int, list[_Line]] = {}
    skipped = np.array([name in leave_out for name in names], dtype=bool)
    for portion in _portions(asked):
        for line in _lines(find(portion), skipped):
            _join(lines.setdefault(line.number, []), line)
    found = []
    for number, mine in lines.items():
        passages = _passages(mine)
        if passages:
            score = sum(count for count, _ in passages)
            in_order = sorted((passage for _, passage in passages), key=lambda passage: passage.own_ms)
            found.append(Match(names[number], float(score), confidence(score), tuple(in_order)))
    return found


def confidence(score: float) -> float:
    """How sure a score makes: half at the half of what is asked for, and the other half halves with each as much."""
    return round(1.0 - math.pow(2.0, -2 * score / ALIGNED_LEAST), 4)


def _portions(asked: Landmarks) -> Iterator[Landmarks]:
    for start in range(0, max(1, len(asked.hashes) - _PORTION + _STEP), _STEP):
        yield asked.part(start, start + _PORTION)


def _lines(hits: Hits, skipped: npt.NDArray[np.bool_]) -> list[_Line]:
    """Find distances at which many landmarks of one recording agree, give or take a row."""
    if skipped.any():
        wanted = ~skipped[hits.numbers]
        hits = Hits(hits.numbers[wanted], hits.own[wanted], hits.other[wanted])
    keys = hits.numbers << (_DISTANCE_BITS + 1) | (hits.other - hits.own + (1 << _DISTANCE_BITS - 1))
    order = np.argsort(keys, kind="stable")
    keys, own = keys[order], hits.own[order]
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    places, counts = keys[firsts], np.diff(firsts, append=len(keys))
    together = counts.copy()
    beside = np.flatnonzero(np.diff(places) == 1)
    together[beside] += counts[beside + 1]
    suspected = np.flatnonzero(together >= _SUSPECTED)
    suspected = suspected[np.argsort(-together[suspected], kind="stable")]
    lines: list[_Line] = []
    distances: dict[int, int] = {}
    for place in suspected:
        number = int(places[place]) >> (_DISTANCE_BITS + 1)
        if distances.get(number, 0) >= _DISTANCES or (number not in distances and len(distances) >= _NAMES):
            continue
        distances[number] = distances.get(number, 0) + 1
        distance = (int(places[place]) & ((1 << _DISTANCE_BITS + 1) - 1)) - (1 << _DISTANCE_BITS - 1)
        first = int(firsts[place])
        lines.append(_Line(number, distance, own[first : first + int(together[place])]))
    return lines


def _join(lines: list[_Line], line: _Line) -> None:
    """Put a line to one at the same distance, or beside the others."""
    for at, each in enumerate(lines):
        if abs(each.distance - line.distance) <= _SAME_ROWS:
            lines[at] = _Line(each.number, each.distance, np.concatenate((each.own, line.own)))
            return
    lines.append(line)


def _passages(lines: Sequence[_Line]) -> list[tuple[int, Passage]]:
    """Cut lines into passages with their scores; where two overlap in our time the better one stays."""
    found = [each for line in lines for each in _of_line(line)]
    kept: list[tuple[int, Passage]] = []
    for score, passage in sorted(found, key=lambda each: (-each[0], each[1].own_ms)):
        if all(not _overlap(passage, other) for _, other in kept):
            kept.append((score, passage))
    return kept


def _of_line(line: _Line) -> Iterator[tuple[int, Passage]]:
    rows = np.unique(line.own)  # landmarks that begin in one row are one: a single chord is no passage
    for part in np.split(rows, np.flatnonzero(np.diff(rows) > _GAP_ROWS) + 1):
        seconds = len(np.unique(part * ROW_MS // 1000))
        length_ms = int(part[-1] - part[0]) * ROW_MS + WINDOW_MS
        dense = len(part) >= _ALIGNED_A_SECOND * length_ms / 1000
        if len(part) >= ALIGNED_LEAST and seconds >= SECONDS_LEAST and dense:
            own_ms = int(part[0]) * ROW_MS
            yield len(part), Passage(own_ms, max(0, own_ms + line.distance * ROW_MS), length_ms)


def _overlap(one: Passage, two: Passage) -> bool:
    return one.own_ms < two.own_ms + two.length_ms and two.own_ms < one.own_ms + one.length_ms
