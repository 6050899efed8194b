"""What worker processes do: read tags, make covers, ingest. No database, no Django."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alpheus.audio.tags import Tags, read_tags
from alpheus.catalogue import artwork
from alpheus.catalogue.artwork import Artwork
from alpheus.catalogue.cover_store import put_images
from alpheus.catalogue.errors import CoverRefused
from alpheus.exchange.folder.mending import decoded
from alpheus.exchange.folder.scan import Found
from alpheus.ingest.ingest import ingest
from alpheus.ingest.manifest import Manifest, Progress
from alpheus.packaging.rendition import RenditionIndex
from alpheus.storage.blobs import Blobs

_TELL_SECONDS = 0.2
_LYRICS_BYTES_MAX = 2**20


@dataclass(frozen=True)
class Context:
    """What every task works with."""

    root: Path
    blobs: Blobs
    kek: bytes
    scratch: Path


@dataclass(frozen=True)
class Read:
    """A file's tags (without the cover's bytes), its cover's digest, and the lyrics beside it."""

    found: Found
    tags: Tags
    cover: str = ""
    lyrics: str = ""


@dataclass(frozen=True)
class CoverOrder:
    """Artwork to make: of an image file, or of the one inside a file of music."""

    path: Path
    inside: bool


@dataclass(frozen=True)
class IngestOrder:
    """A file to ingest, and which renditions to make."""

    path: Path
    renditions: tuple[str, ...]


@dataclass(frozen=True)
class Ready:
    """A rendition is ready."""

    index: RenditionIndex


def read_files(context: Context, order: Sequence[Found], tell: Callable[[object], None]) -> list[Read]:
    """Read the tags of some files."""
    read = []
    for found in order:
        read.append(_read(context.root, found))
        tell(len(read))
    return read


def make_cover(
    context: Context, orders: Sequence[CoverOrder], _tell: Callable[[object], None]
) -> tuple[Artwork | None, list[str]]:
    """Make artwork of the first of some pictures that can be, and put its images into the object store.

    Returns it without its images (None when no picture would do) and why others were left out.
    """
    notes: list[str] = []
    for order in orders:
        path = context.root / order.path
        source = read_tags(path).cover if order.inside else _bytes(path, artwork.BYTES_MAX + 1)
        try:
            made = artwork.make(source or b"")
        except CoverRefused as error:
            notes.append(f"A cover was left out. {error}")
            continue
        put_images(made, blobs=context.blobs)
        return replace(made, images={}), notes
    return None, notes


def ingest_file(context: Context, order: IngestOrder, tell: Callable[[object], None]) -> Manifest:
    """Ingest a file; tells Progress a few times a second and each rendition that is ready.

    Raises:
        Refused: it cannot be used.
        NoSpace: the disk is too full.
        StoreUnavailable: the object store failed.
    """
    last = 0.0

    def progress(now: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= _TELL_SECONDS:
            last = time.monotonic()
            tell(now)

    return ingest(
        context.root / order.path,
        blobs=context.blobs,
        kek=context.kek,
        renditions=order.renditions,
        on_progress=progress,
        on_ready=lambda index: tell(Ready(index)),
        scratch=context.scratch,
    )


def _read(root: Path, found: Found) -> Read:
    tags = read_tags(root / found.path)
    digest = hashlib.sha256(tags.cover).hexdigest() if tags.cover else ""
    lyrics = decoded(_bytes(found.lyrics, _LYRICS_BYTES_MAX)) if found.lyrics else ""
    return Read(found, replace(tags, cover=None), digest, lyrics)


def _bytes(path: Path, limit: int) -> bytes:
    with path.open("rb") as source:
        return source.read(limit)
