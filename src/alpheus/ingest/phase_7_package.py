"""Phase 7: cut a rendition's packets into chunks and seal them, in temporary packs."""

from collections.abc import Callable, Iterator
from pathlib import Path

from alpheus.ingest.phase_6_encode import Form
from alpheus.packaging.boxes import Packet
from alpheus.packaging.rendition import RenditionWriter
from alpheus.storage.blobs import Blobs


def begin(form: Form, *, asset: str, blobs: Blobs, kek: bytes, folder: Path) -> RenditionWriter:
    """Open a writer with a new storage key; leaving its block without `finish` removes what it made."""
    return RenditionWriter(
        blobs,
        kek=kek,
        asset=asset,
        name=form.name,
        mime=form.mime,
        layout=form.layout,
        delay_samples=form.delay_samples,
        init=form.init,
        scratch=folder,
    )


def run(
    writer: RenditionWriter,
    packets: Iterator[tuple[Packet, Packet]],
    *,
    count: int,
    on_fraction: Callable[[float], None],
) -> None:
    """Write all packets into chunks, each sealed as soon as it is full."""
    for number, (a, b) in enumerate(packets, start=1):
        writer.add(a, b)
        on_fraction(number / count)
