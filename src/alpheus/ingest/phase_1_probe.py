"""Phase 1: identify the file by its bytes and tell what it is."""

import hashlib
from pathlib import Path

from alpheus.audio.limits import Limits
from alpheus.audio.probe import probe
from alpheus.ingest import manifest
from alpheus.ingest.manifest import SourceFacts, asset_key
from alpheus.storage.blobs import Blobs


def run(source: Path, *, blobs: Blobs, limits: Limits) -> tuple[str, SourceFacts]:
    """Give the asset's key and the source's facts; what an earlier run found is taken from its manifest.

    Raises:
        AudioError: the file is no sound we can use.
    """
    size = source.stat().st_size
    limits.check_bytes(size)  # before a huge file is read only to be refused
    sha256 = _sha256(source)
    asset = asset_key(sha256)
    known = manifest.read_source(blobs, asset)
    if known is not None:
        return asset, known
    return asset, SourceFacts(source_sha256=sha256, source_bytes=size, probe=probe(source, limits))


def _sha256(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
