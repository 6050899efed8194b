"""What is held already that sounds like an asset, and the fingerprints and the index that this takes.

The index is a folder on this machine (`recognition.index`), made of the fingerprints that lie beside their assets: it may be
deleted at any time and is made anew. Each machine that asks has its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alpheus.catalogue.ear import Ear
from alpheus.catalogue.keep_asset import keep_fingerprint
from alpheus.catalogue.models import Asset
from alpheus.ingest.errors import IngestError, NoSpace
from alpheus.ingest.evidence import Held
from alpheus.ingest.manifest import fingerprint_path
from alpheus.ingest.phase_5_recognise import METHOD
from alpheus.ingest.recognise_again import recognise_again
from alpheus.recognition.method import Index
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobCorrupt, BlobMissing


@dataclass
class Recognised:
    """What a run came to."""

    made: int = 0
    indexed: int = 0
    forgotten: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # asset and why


def recognise(
    *,
    ear: Ear,
    scratch: Path | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Recognised:
    """Make the fingerprints that are missing, and bring the index up to what is held.

    Idempotent: what is there is left alone, so that a run may be stopped anywhere and begun again.

    Args:
        ear: where everything is.
        scratch: folder for decoded samples while they are needed.
        on_progress: told how many of the missing fingerprints are done, and of how many.

    Raises:
        NoSpace: the disk is too full.
        StoreUnavailable: the object store failed.
    """
    done = Recognised()
    missing = Asset.objects.filter(state=Asset.State.READY).exclude(fingerprint=METHOD.name)
    keys = list(missing.order_by("pk").values_list("key", flat=True))
    blobs = ear.blobs()
    for number, key in enumerate(keys):
        on_progress(number, len(keys))
        _make(key, blobs, ear, scratch, done)
    on_progress(len(keys), len(keys))
    gone = _catch_up(ear, done)
    if gone:
        index = index_of(ear)
        index.keep(index.names() - gone)
        done.forgotten = len(gone)
    return done


def held_like(*, asset: Asset, ear: Ear) -> Held:
    """Find what is held that has an asset's bytes, its samples, or passages of its sound.

    Bytes that are the same are the same asset: it is named itself when a recording has it.

    Raises:
        StoreUnavailable: the object store failed.
    """
    gone = _catch_up(ear, Recognised())
    same_sound = Asset.objects.filter(sound_sha256=asset.sound_sha256).exclude(pk=asset.pk)
    return Held(
        same_bytes=(asset.key,) if asset.recordings.exists() else (),
        same_sound=tuple(same_sound.order_by("pk").values_list("key", flat=True))
        if asset.sound_sha256
        else (),
        alike=index_of(ear).search(_fingerprint(ear.blobs(), asset.key), leave_out=gone | {asset.key})
        if asset.fingerprint
        else (),
    )


def index_of(ear: Ear) -> Index:
    """The index of everything held."""
    return METHOD.open(ear.folder / METHOD.name)


def _make(key: str, blobs: Blobs, ear: Ear, scratch: Path | None, done: Recognised) -> None:
    try:
        found = recognise_again(key, blobs=blobs, kek=ear.kek, scratch=scratch)
    except NoSpace:
        raise
    except (IngestError, BlobMissing, BlobCorrupt) as error:
        done.failed.append((key, str(error)))
        return
    asset = Asset.objects.filter(key=key).first()
    if asset is not None:
        keep_fingerprint(asset=asset, recognised=found)
        done.made += 1


def _catch_up(ear: Ear, done: Recognised) -> frozenset[str]:
    """Index what is held and not indexed; returns what is indexed and not held any more.

    That is left out of answers and stays for `recognise` to forget: it takes writing the index anew.
    """
    index = index_of(ear)
    held = frozenset(Asset.objects.filter(fingerprint=METHOD.name).values_list("key", flat=True))
    known = index.names()
    fresh = sorted(held - known)
    if fresh:
        index.add(_fingerprints(ear.blobs(), fresh, done))
    return known - held


def _fingerprints(blobs: Blobs, keys: list[str], done: Recognised) -> Iterator[tuple[str, bytes]]:
    for key in keys:
        try:
            fingerprint = _fingerprint(blobs, key)
        except BlobMissing as error:
            done.failed.append((key, str(error)))
            continue
        done.indexed += 1
        yield key, fingerprint


def _fingerprint(blobs: Blobs, key: str) -> bytes:
    return blobs.get(fingerprint_path(key, METHOD.name))
