"""The recordings encoded and imported once for all installations of a run: that takes longer than most journeys.

They are encoded under a mark that tells B from A; the import then finds them ready made. Stored objects are named by what
they are and never written again, so installations hold them by hard links; all else each has for itself.
"""

import fcntl
import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from journeys import installation as installations
from journeys import recordings
from journeys.recordings import Piece

from alpheus.ingest.ingest import ingest
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER
from alpheus.storage.blobs import Blobs

KEK = bytes(range(32))
"""One for all installations that share objects; the objects are sealed under it."""
FOLDER: Path | None = None
"""Where the stock of this run lies; a temporary folder of the process where nobody says."""


def furnish(data: Path, pieces: Sequence[Piece]) -> dict[str, str]:
    """Make `data` the folder of an installation that has imported some pieces; their assets by title."""
    folder = _folder()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / "kept"
        if not (kept / "assets.json").exists():
            shutil.rmtree(kept, ignore_errors=True)
            (kept / "assets.json").write_text(json.dumps(_imported(pieces, kept)))
        shutil.copytree(kept / "data", data, ignore=shutil.ignore_patterns("objects"))
        shutil.copytree(kept / "data" / "objects", data / "objects", copy_function=_linked)
        return dict(json.loads((kept / "assets.json").read_text()))


def _folder() -> Path:
    global FOLDER  # noqa: PLW0603 - known when it is first needed
    FOLDER = FOLDER or Path(tempfile.mkdtemp(prefix="alpheus-stock-"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER


def _imported(pieces: Sequence[Piece], folder: Path) -> dict[str, str]:
    """Encode pieces and import them, as their files, into an installation that never starts."""
    music, data = folder / "music", folder / "data"
    (data / "objects").mkdir(parents=True)
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        made = pool.map(_encoded, pieces, [music] * len(pieces), [data / "objects"] * len(pieces))
        assets = {piece.title: asset for piece, asset in zip(pieces, made, strict=True)}
    installations.prepared(data, kek=KEK).command("import", str(music), "--jobs", "1")
    return assets


def _encoded(piece: Piece, music: Path, objects: Path) -> str:
    """Write a piece's file and encode it; its asset."""
    file = recordings.write_flac(piece, music / piece.album)
    blobs = Blobs.open(objects.as_uri())
    return str(
        ingest(file, blobs=blobs, kek=KEK, renditions=RENDITIONS_IN_ORDER, mark=recordings.piloted).asset
    )


def _linked(source: str, target: str) -> None:
    """A hard link, where both lie on one file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
