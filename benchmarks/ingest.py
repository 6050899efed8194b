"""Ingest of a song beside the `ffmpeg` command line that makes the same four encodes of it.

Ingest does more: it decodes in a confined process, measures loudness and peaks, predicts the ends, cuts chunks, encrypts and
flushes them to disk. The two take turns; each figure is the median of its rounds. The peer is the machine's own ffmpeg, ours
the FFmpeg within PyAV: their versions may differ.
"""

import multiprocessing
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alpheus.ingest.ingest import ingest
from alpheus.storage.blobs import Blobs
from benchmarks.report import Row, at_most, publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from audio import sounds

SONG_SECONDS = 180.0
ROUNDS = 3

# What ingest adds costs a quarter at most; the first rendition is ready within twice what encoding it alone takes.
CPU_MOST = 1.25
FIRST_MOST = 2.0
# Of a source of any length: blocks of a MiB, encoders and Python itself.
MEMORY_MIB_MOST = 400

_AAC = ["-c:a", "aac", "-aac_coder", "twoloop", "-aac_pns", "0"]
_KBITS = (128, 64, 256)


@dataclass(frozen=True)
class Cost:
    """CPU and wall time of one run, children included; `first` is when the first rendition was ready."""

    cpu: float
    wall: float
    first: float


def main(seconds: float = SONG_SECONDS, rounds: int = ROUNDS) -> None:
    """Measure songs of so many seconds."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        sys.exit("The peer is the ffmpeg command line: install the package ffmpeg, then run this again.")
    with tempfile.TemporaryDirectory() as folder:
        song = Path(folder) / "song.flac"
        # In a process of its own, so that making the song does not count as our memory.
        maker = multiprocessing.get_context("spawn").Process(target=_make, args=(song, seconds))
        maker.start()
        maker.join()
        ours, theirs, alone = [], [], []
        for number in range(rounds):
            ours.append(_ours(song, Path(folder) / f"objects-{number}"))
            theirs.append(_timed(lambda: _ffmpeg(ffmpeg, song, _everything())))
            alone.append(_timed(lambda: _ffmpeg(ffmpeg, song, _aac(_KBITS[0]))))
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    publish(
        "ingest", _rows(seconds, ours, theirs=theirs, alone=alone, peak_mib=peak_mib, peer=_version(ffmpeg))
    )


def _make(song: Path, seconds: float) -> None:
    sounds.write(song, sounds.music(seconds))


def _rows(
    seconds: float, ours: list[Cost], *, theirs: list[Cost], alone: list[Cost], peak_mib: float, peer: str
) -> list[Row]:
    cpu, wall, first = (
        statistics.median(getattr(cost, name) for cost in ours) for name in ("cpu", "wall", "first")
    )
    their_cpu = statistics.median(cost.cpu for cost in theirs)
    their_first = statistics.median(cost.wall for cost in alone)
    song = f"a song of {seconds:g} s"
    return [
        at_most(f"CPU for {song}, beside the same encodes", cpu / their_cpu, "x", CPU_MOST, peer=peer),
        at_most(
            f"{song}: until AAC 128 is ready, beside encoding it alone",
            first / their_first,
            "x",
            FIRST_MOST,
            peer=peer,
        ),
        Row(f"{song}: until AAC 128 is ready", round(first, 2), "s"),
        Row(f"{song}: until all four renditions are ready", round(wall, 2), "s"),
        Row("music brought in per CPU second", round(seconds / cpu, 1), "s"),
        at_most("memory of the process", round(peak_mib), "MiB", MEMORY_MIB_MOST),
    ]


def _ours(song: Path, objects: Path) -> Cost:
    ready: list[float] = []
    start = time.perf_counter()
    cost = _timed(
        lambda: ingest(
            song,
            blobs=Blobs.open(objects.as_uri()),
            kek=bytes(32),
            on_ready=lambda _: ready.append(time.perf_counter() - start),
        )
    )
    return Cost(cost.cpu, cost.wall, ready[0])


def _timed(work: Callable[[], object]) -> Cost:
    cpu, wall = _cpu(), time.perf_counter()
    work()
    took = time.perf_counter() - wall
    return Cost(_cpu() - cpu, took, took)


def _cpu() -> float:
    """CPU seconds of this process and its finished children."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _ffmpeg(ffmpeg: str, song: Path, outputs: list[str]) -> None:
    command = [ffmpeg, "-nostdin", "-loglevel", "error", "-y", "-threads", "1", "-i", str(song), *outputs]
    subprocess.run(command, check=True, cwd=song.parent)


def _aac(kbits: int) -> list[str]:
    return [*_AAC, "-b:a", f"{kbits}k", "-threads", "1", f"aac-{kbits}.m4a"]


def _everything() -> list[str]:
    aac = [word for kbits in _KBITS for word in _aac(kbits)]
    return [*aac, "-c:a", "flac", "-frame_size", "2752", "-threads", "1", "out.flac"]


def _version(ffmpeg: str) -> str:
    said = subprocess.run([ffmpeg, "-version"], check=True, capture_output=True, text=True).stdout
    return " ".join(said.split()[0:3:2])


if __name__ == "__main__":
    main()
