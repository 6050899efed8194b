"""Load the demo: render it piece by piece and import each as soon as it is there, so that the first plays early."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils import timezone

from alpheus.exchange.demo import catalogue
from alpheus.exchange.demo.catalogue import Release, Track
from alpheus.exchange.demo.describe import describe_recording, describe_release
from alpheus.exchange.demo.render import file_of, render_demo
from alpheus.exchange.folder.import_folder import import_folder
from alpheus.exchange.folder.mending import path_text
from alpheus.exchange.folder.models import ImportedFile
from alpheus.exchange.folder.scan import path_key
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER
from alpheus.storage.blobs import Blobs


def load_demo(*, data: Path, blobs: Blobs, kek: bytes, on_progress: Callable[[str], None]) -> None:
    """Render and import what of the demo is not loaded yet; do nothing when all of it is.

    Args:
        data: the data folder; the demo lies in `demo` under it.
        blobs: where renditions and covers are kept.
        kek: the key-encryption key, 32 bytes.
        on_progress: told in sentences what has become playable.

    Raises:
        ImportStopped: the disk is full or the object store failed; a later run goes on.
    """
    folder = (data / "demo").resolve()
    if _is_loaded(folder):
        on_progress("The demo is loaded already.")
        return
    cores = os.cpu_count() or 1

    def playable(file: Path) -> None:
        import_folder(folder, blobs=blobs, kek=kek, jobs=1, first_only=True)
        _describe(folder)
        on_progress(f"You can play “{file.stem.partition(' ')[2]}” now.")

    on_progress(
        f"Composing the demo: {sum(len(release.tracks) for release in catalogue.RELEASES)} tracks, made by this program."
    )
    render_demo(folder, jobs=cores - 1, on_piece=playable)
    on_progress("All of the demo plays; making its other qualities.")
    import_folder(folder, blobs=blobs, kek=kek, jobs=cores)
    _describe(folder)
    on_progress("The demo is loaded.")


def _tracks(folder: Path) -> Iterator[tuple[Release, Track, Path]]:
    for release in catalogue.RELEASES:
        for track in release.tracks:
            yield release, track, file_of(folder, release, track)


def _imported(folder: Path) -> dict[str, ImportedFile]:
    """Give what is remembered of the demo's files, by path."""
    rows = ImportedFile.objects.filter(folder__key=path_key(folder), state=ImportedFile.State.IMPORTED)
    return {row.path: row for row in rows.select_related("asset", "recording", "release")}


def _is_loaded(folder: Path) -> bool:
    """Tell whether every file of this version is there, imported, and has all its renditions."""
    rows = _imported(folder)
    for _, _, file in _tracks(folder):
        row = rows.get(path_text(file.relative_to(folder)))
        if not file.exists() or row is None or row.asset is None:
            return False
        made = {rendition.name for rendition in row.asset.renditions.all()}
        if not set(RENDITIONS_IN_ORDER) <= made:
            return False
    return True


def _describe(folder: Path) -> None:
    rows, now = _imported(folder), timezone.now()
    for release, track, file in _tracks(folder):
        row = rows.get(path_text(file.relative_to(folder)))
        if row is not None and row.recording is not None and row.release is not None:
            describe_recording(row=row.recording, track=track, file=file, now=now)
            describe_release(row=row.release, release=release, now=now)
