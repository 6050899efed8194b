"""Import of a few hundred real pieces: rate, time to the first that plays, what is refused, a second run, beside ffmpeg.

The music is that of five Debian packages, all freely licensed, fetched once by apt-get; or any folder that
BENCH_MUSIC names. The peer is the ffmpeg command line that makes the same AAC 128 of the same files on as many cores.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.report import Row, at_least, at_most, publish
from benchmarks.support import music

FILES_LEAST = 300
# What import adds to encoding (confined decoding, measuring, sealing, flushing, tags, artwork, tables) at most doubles it.
BESIDE_MOST = 2.0
# A library that has not changed is looked through in this time per thousand files.
AGAIN_MOST_S = 1.0


def main() -> None:
    """Measure in a process of its own: Django keeps to the first data folder that a process names."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "ALPHEUS_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "alpheus.config.django",
        }
        root = Path(__file__).parents[1]
        subprocess.run(
            [sys.executable, "-m", "benchmarks.import_folder"], check=True, env=environment, cwd=root
        )


def measure() -> None:
    """Import everything into a fresh installation, look again, and let ffmpeg encode the same."""
    data = Path(os.environ["ALPHEUS_DATA"])
    publish("import_folder", _import_rows(music.folder(FILES_LEAST), data, os.cpu_count() or 1))


def _import_rows(folder: Path, data: Path, jobs: int) -> list[Row]:
    import django  # noqa: PLC0415 - the data folder must be known before Django reads its settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from alpheus.exchange.folder.import_folder import import_folder  # noqa: PLC0415
    from alpheus.exchange.folder.models import ImportedFile  # noqa: PLC0415
    from alpheus.exchange.folder.report import Report, Status  # noqa: PLC0415
    from alpheus.storage.blobs import Blobs  # noqa: PLC0415

    call_command("migrate", verbosity=0, skip_checks=True)
    blobs = Blobs.open((data / "objects").as_uri())
    marks: dict[str, float] = {}

    def watch(status: Status) -> None:
        marks.setdefault(status.phase, time.perf_counter())

    def bring(*, first_only: bool) -> Report:
        return import_folder(
            folder, blobs=blobs, kek=bytes(32), jobs=jobs, first_only=first_only, on_progress=watch
        )

    first = bring(first_only=True)
    again = bring(first_only=True)
    whole = bring(first_only=False)
    paths = [folder / row.path for row in ImportedFile.objects.filter(state="imported")]
    peer_seconds, peer = _ffmpeg(paths, jobs)
    return [
        at_least("files imported", first.imported, "files", FILES_LEAST),
        Row("files refused, each with its reason", len(first.refused), "files"),
        Row("duplicates skipped", first.duplicates, "files"),
        Row("releases", first.releases, "releases"),
        Row("until the first file plays", round(first.first_playable_seconds or 0, 1), "s"),
        Row("playable (AAC 128)", round(60 * first.imported / first.seconds, 1), "files/min"),
        Row("music made playable per second", round(first.audio_ms / 1000 / first.seconds, 1), "x"),
        at_most("until all play, beside the same encodes", first.seconds / peer_seconds, "x", BESIDE_MOST, peer=peer),
        at_most("a second run, per thousand files", again.seconds / first.found * 1000, "s", AGAIN_MOST_S),
        Row("the other three renditions", round(60 * first.imported / whole.seconds, 1), "files/min"),
    ]  # fmt: skip


def _ffmpeg(paths: list[Path], jobs: int) -> tuple[float, str]:
    """Seconds that ffmpeg takes for AAC 128 of all files, `jobs` at a time."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        sys.exit("The peer is the ffmpeg command line: install the package ffmpeg, then run this again.")
    head = [ffmpeg, "-nostdin", "-loglevel", "error", "-y", "-threads", "1"]
    tail = [
        "-vn",
        "-ac",
        "2",
        "-c:a",
        "aac",
        "-aac_coder",
        "twoloop",
        "-aac_pns",
        "0",
        "-b:a",
        "128k",
        "-threads",
        "1",
    ]

    with tempfile.TemporaryDirectory() as folder:

        def encode(numbered: tuple[int, Path]) -> None:
            number, path = numbered
            subprocess.run([*head, "-i", str(path), *tail, f"{folder}/{number}.m4a"], check=True)

        began = time.perf_counter()
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(encode, enumerate(paths)))
        took = time.perf_counter() - began
    version = subprocess.run([ffmpeg, "-version"], check=True, capture_output=True, text=True).stdout
    return took, " ".join(version.split()[:3])


if __name__ == "__main__":
    measure()
