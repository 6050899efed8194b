"""The recordings encoded once for all installations of a run: encoding them takes longer than most journeys.

They are encoded under a mark that tells B from A; an import then finds them ready made. Stored objects are named by what
they are and never written again, so installations hold them by hard links.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from journeys import recordings
from journeys.recordings import Piece

from alpheus.ingest.ingest import ingest
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER
from alpheus.storage.blobs import Blobs

KEK = bytes(range(32))
"""One for all installations that share objects; the objects are sealed under it."""
FOLDER: Path | None = None
"""Where the stock of this run lies; a temporary folder of the process where nobody says."""


def taken(pieces: Sequence[Piece], *, objects: Path, music: Path) -> dict[str, str]:
    """Put the stored objects and the files of some pieces where they are asked for; their assets by title."""
    folder = _folder()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assets = {piece.title: _asset(piece, folder) for piece in pieces}
        for piece in pieces:
            kept = folder / piece.title
            shutil.copytree(kept / "objects", objects, copy_function=_linked, dirs_exist_ok=True)
            shutil.copytree(kept / "music", music / piece.album, dirs_exist_ok=True)
    return assets


def _folder() -> Path:
    global FOLDER  # noqa: PLW0603 - known when it is first needed
    FOLDER = FOLDER or Path(tempfile.mkdtemp(prefix="alpheus-stock-"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER


def _asset(piece: Piece, folder: Path) -> str:
    """Encode a piece where nobody has yet."""
    kept = folder / piece.title
    if not (kept / "asset.json").exists():
        shutil.rmtree(kept, ignore_errors=True)
        file = recordings.write_flac(piece, kept / "music")
        manifest = ingest(
            file,
            blobs=Blobs.open((kept / "objects").as_uri()),
            kek=KEK,
            renditions=RENDITIONS_IN_ORDER,
            mark=recordings.piloted,
        )
        (kept / "asset.json").write_text(json.dumps(manifest.asset))
    return str(json.loads((kept / "asset.json").read_text()))


def _linked(source: str, target: str) -> None:
    """A hard link, where both lie on one file system."""
    if Path(target).exists():
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
