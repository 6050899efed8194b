"""What ingest tells: the key of an asset, its progress, and the typed manifest of each phase, kept with the asset.

Manifests lie at `assets/<asset[:2]>/<asset>/manifest-<phase>.json`; what encode, package and index made is described
by each rendition's own index (`packaging.rendition`).
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from alpheus.audio import loudness
from alpheus.audio.faults import Faults
from alpheus.audio.measure import Measure
from alpheus.audio.probe import Probe
from alpheus.audio.spectrum import Cutoff
from alpheus.audio.stereo import Likeness
from alpheus.ingest import phase_3_measure
from alpheus.packaging.rendition import asset_folder, index_path
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobMissing

VERSION = 1  # raise it when the same source must give other bytes: assets made before are then made anew

PHASES = ("probe", "decode", "measure", "examine", "recognise", "encode", "package", "index")
RENDITIONS_IN_ORDER = ("aac-128", "aac-64", "aac-256", "flac")  # the first makes a recording playable


def asset_key(source_sha256: str) -> str:
    """Name the asset that a source file becomes: 32 hexadecimal digits.

    Args:
        source_sha256: of the file's bytes, as 64 hexadecimal digits.
    """
    return hashlib.sha256(f"alpheus asset {VERSION} {source_sha256}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Progress:
    """How far ingest is: `fraction` of the whole and `within` the phase, both 0 to 1 and never falling."""

    phase: str
    fraction: float
    within: float


@dataclass(frozen=True)
class SourceFacts:
    """Phase 1: the file and what it is."""

    source_sha256: str
    source_bytes: int
    probe: Probe


@dataclass(frozen=True)
class DecodeFacts:
    """Phase 2: the samples that came out of it, and what there is to say about them."""

    rate_hz: int
    samples: int
    peak: float
    exact: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Recognised:
    """Phase 5: the method and size of the fingerprint, and the digest of the samples where they are the source's own."""

    method: str
    fingerprint_bytes: int
    sound_sha256: str | None


@dataclass(frozen=True)
class Manifest:
    """All that ingest knows of an asset."""

    asset: str
    source_sha256: str
    source_bytes: int
    probe: Probe
    measure: Measure
    rate_hz: int
    samples: int
    notes: tuple[str, ...]  # what its owner should know: clipped, resampled, lowered, damaged
    renditions: tuple[str, ...]  # those ready, in the order they are made
    faults: Faults | None = None  # None for what was brought in before sounds were examined
    recognised: Recognised | None = None  # the same, until it is made up for

    @property
    def duration_ms(self) -> int:
        """The true length, from its samples."""
        return round(1000 * self.samples / self.rate_hz)


def album_loudness(manifests: Sequence[Manifest]) -> tuple[float, float]:
    """Give an album's integrated loudness in LUFS, as if its tracks were one, and its highest true peak in dBTP.

    Raises:
        ValueError: there are no tracks.
    """
    if not manifests:
        raise ValueError("an album has at least one track")
    blocks = loudness.merged(dict(manifest.measure.loudness_blocks) for manifest in manifests)
    return round(loudness.integrated(blocks), 2), max(m.measure.true_peak_dbtp for m in manifests)


def manifest_path(asset: str, phase: str) -> str:
    """Name the blob of a phase's manifest."""
    return f"{asset_folder(asset)}/manifest-{phase}.json"


def read_manifest(blobs: Blobs, asset: str) -> Manifest:
    """Read what is known of an asset that was measured.

    Raises:
        BlobMissing: it was not, or not whole.
        StoreUnavailable: the store failed.
    """
    source = read_source(blobs, asset)
    decoded = read_decode(blobs, asset)
    measured = read_measure(blobs, asset)
    if source is None or decoded is None or measured is None:
        raise BlobMissing(f"Asset {asset} has not been measured yet.")
    return assembled(blobs, asset, source, decoded, measured)


def assembled(
    blobs: Blobs, asset: str, source: SourceFacts, decoded: DecodeFacts, measured: Measure
) -> Manifest:
    """Put the phases' manifests together, with the renditions that are ready now."""
    return Manifest(
        asset=asset,
        source_sha256=source.source_sha256,
        source_bytes=source.source_bytes,
        probe=source.probe,
        measure=measured,
        rate_hz=decoded.rate_hz,
        samples=decoded.samples,
        notes=decoded.notes + phase_3_measure.notes(measured),
        renditions=tuple(name for name in RENDITIONS_IN_ORDER if blobs.exists(index_path(asset, name))),
        faults=read_examine(blobs, asset),
        recognised=read_recognise(blobs, asset),
    )


def read_source(blobs: Blobs, asset: str) -> SourceFacts | None:
    """Read phase 1's manifest; None when it is not there."""
    data = _read(blobs, asset, "probe")
    if data is None:
        return None
    probe = data["probe"]
    probe["pictures"] = tuple((width, height) for width, height in probe["pictures"])
    return SourceFacts(data["source_sha256"], data["source_bytes"], Probe(**probe))


def read_decode(blobs: Blobs, asset: str) -> DecodeFacts | None:
    """Read phase 2's manifest; None when it is not there."""
    data = _read(blobs, asset, "decode")
    return None if data is None else DecodeFacts(**{**data, "notes": tuple(data["notes"])})


def read_measure(blobs: Blobs, asset: str) -> Measure | None:
    """Read phase 3's manifest; None when it is not there."""
    data = _read(blobs, asset, "measure")
    if data is None:
        return None
    blocks = tuple((tenths, count) for tenths, count in data["loudness_blocks"])
    return Measure(**{**data, "peaks": base64.b64decode(data["peaks"]), "loudness_blocks": blocks})


def read_examine(blobs: Blobs, asset: str) -> Faults | None:
    """Read phase 4's manifest; None when it is not there."""
    data = _read(blobs, asset, "examine")
    if data is None:
        return None
    silences = tuple((start, length) for start, length in data["silences"])
    cutoff = None if data["cutoff"] is None else Cutoff(**data["cutoff"])
    return Faults(**{**data, "silences": silences, "stereo": Likeness(**data["stereo"]), "cutoff": cutoff})


def read_recognise(blobs: Blobs, asset: str) -> Recognised | None:
    """Read phase 5's manifest; None when it is not there."""
    data = _read(blobs, asset, "recognise")
    return None if data is None else Recognised(**data)


def fingerprint_path(asset: str, method: str) -> str:
    """Name the blob of an asset's fingerprint."""
    return f"{asset_folder(asset)}/fingerprint-{method}"


def write(
    blobs: Blobs, asset: str, phase: str, facts: SourceFacts | DecodeFacts | Measure | Faults | Recognised
) -> None:
    """Keep a phase's manifest; nothing happens when it is there already: a phase always gives the same."""
    data = asdict(facts)
    if isinstance(facts, Measure):
        data["peaks"] = base64.b64encode(facts.peaks).decode()
    blobs.put(
        manifest_path(asset, phase), json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    )


def _read(blobs: Blobs, asset: str, phase: str) -> dict[str, Any] | None:
    try:
        return dict(json.loads(blobs.get(manifest_path(asset, phase))))
    except BlobMissing:
        return None
