"""The phases in order: from a file to all that an edge needs.

Each phase looks first whether its output is there, so that a run may be killed anywhere and begun again: what is in
the object store is not made twice, and what is not whole is not there.
"""

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from alpheus.audio.decode import Decoded
from alpheus.audio.errors import AudioError, DiskFull, Unreadable
from alpheus.audio.limits import Limits
from alpheus.audio.pcm import Pcm
from alpheus.ingest import (
    manifest,
    phase_1_probe,
    phase_2_decode,
    phase_3_measure,
    phase_4_examine,
    phase_5_recognise,
    phase_6_encode,
    phase_7_package,
    phase_8_index,
)
from alpheus.ingest.errors import IngestError, NoSpace, Refused
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER, DecodeFacts, Manifest, Progress, SourceFacts
from alpheus.ingest.mark import Mark, unmarked
from alpheus.ingest.reporting import Reporter, Share
from alpheus.ingest.workspace import workspace
from alpheus.packaging.rendition import RenditionIndex
from alpheus.storage.blobs import Blobs

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""What the machine lacks, and not the file."""


def ingest(
    source: Path,
    *,
    blobs: Blobs,
    kek: bytes,
    renditions: Sequence[str] = RENDITIONS_IN_ORDER,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_ready: Callable[[RenditionIndex], None] = lambda _: None,
    mark: Mark = unmarked,
    limits: Limits | None = None,
    scratch: Path | None = None,
) -> Manifest:
    """Bring a file in.

    Idempotent and restartable: renditions that are ready are not made again (`on_ready` is told of them all the same).

    Args:
        source: the file.
        blobs: where everything is kept.
        kek: the key-encryption key, 32 bytes.
        renditions: which to make, in this order.
        on_progress: told how far it is.
        on_ready: told of each rendition as soon as an edge can serve it.
        mark: makes variant B.
        limits: what the file may be and cost; by default 4 GiB and 4 hours at most, half a second at least.
        scratch: folder for decoded samples while they are needed; the system's temporary folder by default.

    Raises:
        Refused: the file cannot be used; nothing of it was kept.
        NoSpace: the disk is too full.
        StoreUnavailable: the object store failed.
    """
    report = Reporter(on_progress)
    try:
        with workspace(scratch) as folder:
            room = _Room(blobs, kek, limits or Limits(), folder, report, mark)
            return _phases(source, room, renditions, on_ready)
    except DiskFull as error:
        raise NoSpace(f"{error.reason} {error.remedy}") from error
    except AudioError as error:
        raise Refused(source.name, error.reason, error.remedy) from error


@dataclass(frozen=True)
class _Room:
    """What every phase of a run works with."""

    blobs: Blobs
    kek: bytes
    limits: Limits
    folder: Path
    report: Reporter
    mark: Mark


class _Sound:
    """A file's samples, decoded when they are first wanted and only then, and variant B made of them likewise."""

    def __init__(self, source: Path, asset: str, facts: SourceFacts, room: _Room) -> None:
        self._source, self.asset, self.facts, self._room = source, asset, facts, room

    @cached_property
    def decoded(self) -> tuple[Decoded, DecodeFacts]:
        """The samples, the same as an earlier run found."""
        before = _stamp(self._source)
        decoded, facts = phase_2_decode.run(
            self._source,
            self._room.folder,
            probe=self.facts.probe,
            limits=self._room.limits,
            on_fraction=lambda within: self._room.report("decode", within),
        )
        known = manifest.read_decode(self._room.blobs, self.asset)
        if known is not None and known.samples != facts.samples:
            raise IngestError(
                f"{self._source.name} decoded to {known.samples} samples before and to {facts.samples} now, which "
                f"another version of FFmpeg may do. Remove asset {self.asset} and bring it in again."
            )
        if _stamp(self._source) != before or before[0] != self.facts.source_bytes:
            raise Unreadable(
                "It changed while it was read.", "Wait until it is copied whole, then bring it again."
            )
        return decoded, facts

    @cached_property
    def variants(self) -> tuple[Pcm, Pcm]:
        """The samples of A and B."""
        a = self.decoded[0].pcm
        return a, self._room.mark(a, self._room.folder)


def _stamp(source: Path) -> tuple[int, int]:
    status = source.stat()
    return status.st_size, status.st_mtime_ns


def _phases(
    source: Path, room: _Room, renditions: Sequence[str], on_ready: Callable[[RenditionIndex], None]
) -> Manifest:
    room.report("probe", 0.0)
    asset, facts = _identified(source, room)
    sound = _Sound(source, asset, facts, room)
    decoded = _decoded(asset, facts, sound, room)
    _measure(asset, sound, room)
    _examine(asset, sound, room)
    _recognise(asset, sound, room)
    shares = room.report.shares(renditions)
    for name, share in zip(renditions, shares, strict=True):
        index = phase_8_index.ready(room.blobs, asset, name)
        on_ready(index or _made(name, decoded, sound, room, share))
    room.report.done()
    return manifest.read_manifest(room.blobs, asset)


def _identified(source: Path, room: _Room) -> tuple[str, SourceFacts]:
    try:
        return phase_1_probe.run(source, blobs=room.blobs, limits=room.limits)
    except OSError as error:
        if error.errno in _NO_ROOM:  # the file is not to blame, and it would be lost if it were
            raise NoSpace(f"{os.strerror(error.errno or 0)}. Make room.") from error
        raise Unreadable(
            f"It cannot be opened: {os.strerror(error.errno or 0)}.",
            "Check that it is a file and that this program may read it.",
        ) from error


def _decoded(asset: str, facts: SourceFacts, sound: _Sound, room: _Room) -> DecodeFacts:
    """Decode unless an earlier run told the facts; only then is anything kept of the file."""
    known = manifest.read_decode(room.blobs, asset)
    if known is None:
        known = sound.decoded[1]
        manifest.write(room.blobs, asset, "probe", facts)
        manifest.write(room.blobs, asset, "decode", known)
    return known


def _measure(asset: str, sound: _Sound, room: _Room) -> None:
    if manifest.read_measure(room.blobs, asset) is None:
        pcm = sound.decoded[0].pcm
        measured = phase_3_measure.run(pcm, on_fraction=lambda within: room.report("measure", within))
        manifest.write(room.blobs, asset, "measure", measured)


def _examine(asset: str, sound: _Sound, room: _Room) -> None:
    if manifest.read_examine(room.blobs, asset) is None:
        decoded = sound.decoded[0]
        found = phase_4_examine.run(
            decoded.pcm, peak=decoded.peak, on_fraction=lambda within: room.report("examine", within)
        )
        manifest.write(room.blobs, asset, "examine", found)


def _recognise(asset: str, sound: _Sound, room: _Room) -> None:
    if manifest.read_recognise(room.blobs, asset) is None:
        known = phase_5_recognise.run(
            sound.decoded[0].pcm,
            blobs=room.blobs,
            asset=asset,
            digest=True,
            on_fraction=lambda within: room.report("recognise", within),
        )
        manifest.write(room.blobs, asset, "recognise", known)


def _made(name: str, decoded: DecodeFacts, sound: _Sound, room: _Room, share: Share) -> RenditionIndex:
    """Encode, package and publish one rendition; half of one is removed when anything fails."""
    form = phase_6_encode.form_of(
        name, rate_hz=decoded.rate_hz, source_bits=sound.facts.probe.bits, exact=decoded.exact
    )
    a, b = sound.variants
    packets = phase_6_encode.run(form, a, b)
    count = phase_6_encode.count(form, a)
    with phase_7_package.begin(
        form, asset=sound.asset, blobs=room.blobs, kek=room.kek, folder=room.folder
    ) as writer:
        phase_7_package.run(writer, packets, count=count, on_fraction=share.encoding)
        share.packaged()
        index = phase_8_index.run(writer, samples=decoded.samples)
        share.published()
    return index
