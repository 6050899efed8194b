"""Recognition over real recordings: what is found again of re-encodes, trims and excerpts, and what is found wrongly.

Seven of ten recordings are held, the others are not; all are asked for, re-encoded at low rates by the machine's ffmpeg: 10 s from anywhere
in three codecs, and 45 s after the first 7.3 s in one. Among the recordings held stand thousands that were never recorded, made of the
landmarks of real ones at other times, so that chance has as much room as in a large catalogue. What is found though it is not held is compared
sample by sample: pieces of one game share passages, and to find those is right.
"""

import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from alpheus.audio.decode import decode
from alpheus.audio.limits import Limits
from alpheus.audio.pcm import Pcm
from alpheus.audio.probe import probe
from alpheus.audio.rates import STUDIO_RATE_HZ, stream_rate_hz
from alpheus.recognition.index import LandmarkIndex
from alpheus.recognition.landmarks import LandmarkMethod, read_peaks, write_peaks
from alpheus.recognition.method import Match
from benchmarks.report import Row, at_least, at_most, publish
from benchmarks.support import music

HELD_LEAST = 100
SECONDS_LEAST = 30.0  # shorter ones are effects, not music
EXCERPT_SECONDS = 10.0
TRIM_SECONDS, TRIMMED_SECONDS = 7.3, 45.0
MADE_UP = int(os.environ.get("BENCH_RECOGNISE_MADE_UP", "3000"))
MADE_UP_SECONDS = 240

RECALL_LEAST = 0.98
# A person waits for a look-up; a catalogue twenty times as large may take its time.
QUERY_MOST_S = 0.5
# Five rows of the fingerprint.
PLACE_MS = 100
# Samples of one recording agree after MP3 64; of two performances they do not, however alike.
SAME_SAMPLES = 0.5

ENDINGS = {".ogg", ".mp3", ".flac", ".opus", ".m4a", ".wav"}
CODECS = {
    "MP3 64": ("mp3", ["-c:a", "libmp3lame", "-b:a", "64k"]),
    "AAC 96": ("m4a", ["-c:a", "aac", "-b:a", "96k"]),
    "Opus 64": ("opus", ["-c:a", "libopus", "-b:a", "64k"]),
}
METHOD = LandmarkMethod()


@dataclass(frozen=True)
class Query:
    """A passage of a recording, re-encoded."""

    kind: str
    start_ms: int
    fingerprint: bytes


@dataclass(frozen=True)
class Heard:
    """A recording: its fingerprint, what that cost, and passages to ask for."""

    path: Path
    seconds: float
    fingerprint: bytes
    cost: float
    queries: tuple[Query, ...]


def main() -> None:
    """Measure over all music there is, or the first BENCH_RECOGNISE pieces."""
    if shutil.which("ffmpeg") is None:
        sys.exit(
            "Re-encoding takes the ffmpeg command line: install the package ffmpeg, then run this again."
        )
    folder = music.folder(3 * HELD_LEAST // 2)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    random.Random(7).shuffle(paths)
    paths = paths[: int(os.environ.get("BENCH_RECOGNISE", str(len(paths))))]
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        heard = _distinct(one for one in pool.map(_hear, paths, chunksize=4) if one is not None)
    held, others = heard[: len(heard) * 7 // 10], heard[len(heard) * 7 // 10 :]
    with tempfile.TemporaryDirectory() as index_folder:
        index = METHOD.open(Path(index_folder))
        index.add((str(one.path), one.fingerprint) for one in held)
        index.add(_made_up(held, MADE_UP))
        publish("recognise", _rows(held, others, index))


def _distinct(heard: Iterator[Heard]) -> list[Heard]:
    """Leave out copies: the same fingerprint twice."""
    return list({one.fingerprint: one for one in heard}.values())


def _hear(path: Path) -> Heard | None:
    """Decode a recording, fingerprint it, and make what is asked for."""
    limits, chance = Limits(), random.Random(path.name)
    known = probe(path, limits)
    if known.duration_ms is None or known.duration_ms < 1000 * SECONDS_LEAST:
        return None
    with tempfile.TemporaryDirectory() as folder:
        whole = _decoded(path, Path(folder) / "whole.f32")
        began = time.process_time()
        fingerprint = METHOD.fingerprint(whole)
        cost = time.process_time() - began
        at = chance.uniform(0, whole.seconds - EXCERPT_SECONDS)
        asked = [(f"10 s, {codec}", at, EXCERPT_SECONDS, codec) for codec in CODECS]
        codec = chance.choice(list(CODECS))
        asked.append((f"trimmed, {codec}", TRIM_SECONDS, TRIMMED_SECONDS, codec))
        queries = [
            Query(kind, round(1000 * start), METHOD.fingerprint(_again(whole, start, seconds, codec)))
            for kind, start, seconds, codec in asked
        ]
        return Heard(path, whole.seconds, fingerprint, cost, tuple(queries))


def _decoded(path: Path, target: Path) -> Pcm:
    return _decoded_at(stream_rate_hz(probe(path, Limits()).rate_hz), path, target)


def _decoded_at(rate_hz: int, path: Path, target: Path) -> Pcm:
    return decode(path, target, rate_hz=rate_hz, seconds=None, limits=Limits()).pcm


def _again(whole: Pcm, start: float, seconds: float, codec: str) -> Pcm:
    """Encode a passage and decode it again."""
    ending, options = CODECS[codec]
    first = round(start * whole.rate_hz)
    samples = whole.read(first, first + round(seconds * whole.rate_hz))
    target = whole.path.with_name(f"passage.{ending}")
    raw = ["-f", "f32le", "-ar", str(whole.rate_hz), "-ac", "2", "-i", "-"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *raw, *options, "-threads", "1", str(target)]
    subprocess.run(command, input=samples.astype("<f4").tobytes(), check=True)
    rate_hz = STUDIO_RATE_HZ if ending == "opus" else whole.rate_hz
    return _decoded_at(rate_hz, target, whole.path.with_name("passage.f32"))


def _made_up(held: list[Heard], count: int) -> Iterator[tuple[str, bytes]]:
    """Fingerprints of nothing: peaks of a real recording in an order of their own, four minutes of them."""
    chance = np.random.default_rng(7)
    peaks = np.concatenate([read_peaks(one.fingerprint) for one in held])
    for number in range(count):
        some = chance.choice(
            peaks, MADE_UP_SECONDS * len(peaks) // max(1, sum(int(one.seconds) for one in held))
        )
        rows = np.sort(chance.integers(0, MADE_UP_SECONDS * 50, len(some)))
        some["row"] = rows
        yield f"made up {number}", write_peaks(some)


@dataclass
class Tally:
    """What asking came to."""

    found: dict[str, list[bool]] = field(default_factory=dict)  # by kind of query
    times: list[float] = field(default_factory=list)
    wrong: int = 0
    shared: int = 0
    elsewhere: int = 0
    lowest_right: float = math.inf
    highest_wrong: float = 0.0


def _rows(held: list[Heard], others: list[Heard], index: LandmarkIndex) -> list[Row]:
    tally = Tally()
    for one in held:
        _ask(one, index, tally, name=str(one.path))
    for one in others:
        _ask(one, index, tally, name=None)
    return _told(held, others, tally, index)


def _ask(one: Heard, index: LandmarkIndex, tally: Tally, *, name: str | None) -> None:
    for query in one.queries:
        began = time.perf_counter()
        matches = index.search(query.fingerprint)
        tally.times.append(time.perf_counter() - began)
        if name is not None:
            right = [match for match in matches if match.name == name]
            tally.found.setdefault(query.kind, []).append(bool(right))
            if right:
                tally.lowest_right = min(tally.lowest_right, right[0].score)
                tally.elsewhere += not _placed(right[0], query)
            else:
                print("not found:", one.path.name, query.kind)
        for match in matches:
            if match.name != name:
                _judge(one, query, match, tally)


def _judge(one: Heard, query: Query, match: Match, tally: Tally) -> None:
    """Tell a false positive from two recordings that do share a passage."""
    likeness = _likeness_of(one.path, query, match)
    print(
        f"other: {one.path.name} {query.kind}: {Path(match.name).name} {match.score:g}, samples {likeness:.2f}"
    )
    if likeness >= SAME_SAMPLES:
        tally.shared += 1
    else:
        tally.wrong += 1
        tally.highest_wrong = max(tally.highest_wrong, match.score)


def _placed(match: Match, query: Query) -> bool:
    """Whether a passage was found where it was taken."""
    return any(
        abs(passage.other_ms - passage.own_ms - query.start_ms) <= PLACE_MS for passage in match.passages
    )


def _likeness_of(path: Path, query: Query, match: Match) -> float:
    """How alike two recordings' very samples are in a passage, whatever fingerprints say."""
    if not Path(match.name).is_file():
        return 0.0
    passage = max(match.passages, key=lambda each: each.length_ms)
    with tempfile.TemporaryDirectory() as folder:
        own = _decoded(path, Path(folder) / "own.f32")
        other = _decoded(Path(match.name), Path(folder) / "other.f32")
        at, there = (query.start_ms + passage.own_ms) / 1000, passage.other_ms / 1000
        return _likeness(own, at, other, there, min(passage.length_ms / 1000, 20.0))


def _likeness(own: Pcm, at: float, other: Pcm, there: float, seconds: float) -> float:
    """The highest normalised correlation of two passages within 0.2 s of each other."""
    if own.rate_hz != other.rate_hz:
        return 0.0
    rate, slack = own.rate_hz, 0.2
    a = own.read(round(at * rate), round((at + seconds) * rate)).mean(axis=1)
    start = max(0, round((there - slack) * rate))
    b = other.read(start, start + len(a) + round(2 * slack * rate)).mean(axis=1)
    if len(a) == 0 or len(b) < len(a):
        return 0.0
    size = 1 << (len(a) + len(b)).bit_length()
    cross = np.fft.irfft(np.conj(np.fft.rfft(a, size)) * np.fft.rfft(b, size), size)[: len(b) - len(a) + 1]
    power = np.cumsum(np.concatenate(([0.0], b.astype(np.float64) ** 2)))
    norms = np.sqrt(np.maximum(power[len(a) :] - power[: len(b) - len(a) + 1], 1e-12) * float(a @ a) + 1e-12)
    return float(np.abs(cross / norms).max())


def _told(held: list[Heard], others: list[Heard], tally: Tally, index: LandmarkIndex) -> list[Row]:
    everything = [each for kind in tally.found.values() for each in kind]
    seconds = sum(one.seconds for one in [*held, *others])
    size = index.size_bytes / len(index.names())
    rows = [
        at_least("recordings held", len(held), "recordings", HELD_LEAST),
        Row("recordings not held", len(others), "recordings"),
        Row("others held that are made up", MADE_UP, "recordings"),
        at_least(
            f"recall over {len(everything)} queries", sum(everything) / len(everything), "", RECALL_LEAST
        ),
        at_most(f"false positives of {len(tally.times)} queries", tally.wrong, "matches", 0),
        Row("the lowest score of what was found rightly", tally.lowest_right, "moments"),
        Row("the highest of what was not (a match needs 16)", tally.highest_wrong, "moments"),
        Row("found at another place than taken from (loops)", tally.elsewhere, "queries"),
        Row("passages whose samples another recording has", tally.shared, "matches"),
    ]
    rows += [
        Row(f"recall: {kind}", round(sum(each) / len(each), 4), "")
        for kind, each in sorted(tally.found.items())
    ]
    rows += [
        Row("a query, median", round(float(np.median(tally.times)), 4), "s"),
        at_most("a query, 99 of 100", float(np.quantile(tally.times, 0.99)), "s", QUERY_MOST_S),
        Row("sound fingerprinted per CPU second", round(seconds / sum(one.cost for one in [*held, *others])), "s"),
        Row("a fingerprint, per minute", round(60 * sum(len(one.fingerprint) for one in held) / sum(one.seconds for one in held)), "bytes"),
        Row("index, per recording", round(size), "bytes"),
    ]  # fmt: skip
    return rows


if __name__ == "__main__":
    main()
