"""Phase 5: what the sound is known by again: a digest of its samples, and a fingerprint that survives re-encoding."""

import hashlib
from collections.abc import Callable

from alpheus.audio.pcm import Pcm
from alpheus.ingest.manifest import Recognised, fingerprint_path
from alpheus.recognition.landmarks import LandmarkMethod
from alpheus.recognition.method import Method
from alpheus.storage.blobs import Blobs

METHOD: Method = LandmarkMethod()
_PIECE_BYTES = 1 << 20


def run(
    pcm: Pcm, *, blobs: Blobs, asset: str, digest: bool, on_fraction: Callable[[float], None]
) -> Recognised:
    """Fingerprint the samples and keep the fingerprint beside the asset.

    Args:
        pcm: the sound.
        blobs: where it is kept.
        asset: the asset's key.
        digest: whether the samples are the source's, so that their digest tells who has the same.
        on_fraction: told how much is done, 0 to 1.
    """
    fingerprint = METHOD.fingerprint(pcm, on_fraction)
    blobs.put(fingerprint_path(asset, METHOD.name), fingerprint)
    return Recognised(METHOD.name, len(fingerprint), _sha256(pcm) if digest else None)


def _sha256(pcm: Pcm) -> str:
    """Digest the samples with their rate, as they were before the sound was lowered to fit."""
    digest = hashlib.sha256(f"alpheus sound {pcm.rate_hz} ".encode())
    with pcm.path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
