"""Phase 6: encode a rendition, packet by packet, in both variants."""

from collections.abc import Iterator
from dataclasses import dataclass

from alpheus.audio import encode
from alpheus.audio.pcm import Pcm
from alpheus.packaging import boxes, layout
from alpheus.packaging.boxes import Packet
from alpheus.packaging.layout import Layout

_LOSSLESS = "flac"
_CD_BITS = 16
STUDIO_BITS = 24


@dataclass(frozen=True)
class Form:
    """How a rendition is written down."""

    name: str
    mime: str
    layout: Layout
    delay_samples: int
    init: bytes
    bits: int  # of a lossless sample; 0 for AAC
    dithered: bool


def form_of(name: str, *, rate_hz: int, source_bits: int | None, exact: bool) -> Form:
    """Give a rendition's form.

    FLAC keeps up to 24 bits of a lossless source and 16 of a lossy one, whose decoded samples have no more to tell.

    Args:
        name: one of `RENDITIONS_IN_ORDER`.
        rate_hz: the stream's rate.
        source_bits: of a lossless source; None for a lossy one.
        exact: whether the samples are the source's own, so that rounding them again loses nothing.
    """
    if name != _LOSSLESS:
        init = boxes.aac_init(rate_hz, encode.aac_config(rate_hz))
        return Form(
            name, boxes.aac_mime(), layout.aac(rate_hz), encode.AAC_DELAY_SAMPLES, init, 0, dithered=False
        )
    grid = layout.flac(rate_hz)
    bits = _CD_BITS if (source_bits or _CD_BITS) <= _CD_BITS else STUDIO_BITS
    streaminfo = encode.flac_streaminfo(encode.FlacForm(grid.frame_samples, bits), rate_hz)
    fits = exact and source_bits is not None and source_bits <= bits
    return Form(
        name, boxes.flac_mime(), grid, 0, boxes.flac_init(rate_hz, streaminfo), bits, dithered=not fits
    )


def run(form: Form, a: Pcm, b: Pcm) -> Iterator[tuple[Packet, Packet]]:
    """Encode both variants, a packet of each at a time; only once where B's samples are A's."""
    if b is a:
        yield from ((packet, packet) for packet in _packets(form, a))
    else:
        yield from zip(_packets(form, a), _packets(form, b), strict=True)


def count(form: Form, pcm: Pcm) -> int:
    """Give the number of packets, for progress."""
    return -(-(pcm.samples + form.delay_samples) // form.layout.frame_samples)


def _packets(form: Form, pcm: Pcm) -> Iterator[Packet]:
    frame = form.layout.frame_samples
    if form.name != _LOSSLESS:
        bits_per_second = 1000 * int(form.name.removeprefix("aac-"))
        for data in encode.aac_packets(pcm, bits_per_second=bits_per_second):
            yield Packet(data, frame)
        return
    flac = encode.FlacForm(frame, form.bits)
    for number, data in enumerate(encode.flac_packets(pcm, flac, dithered=form.dithered)):
        yield Packet(data, min(frame, pcm.samples - number * frame))
