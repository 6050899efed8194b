"""Runs in the confined process: what a file is, without decoding more of it than a moment."""

import base64
from pathlib import Path
from typing import Any

import av

from alpheus.audio import container, tag_fields
from alpheus.audio.errors import Unreadable
from alpheus.audio.limits import Limits

_PACKETS_TO_TRY = 64


def inspect(path: Path, limits: Limits) -> dict[str, Any]:
    """Tell what a file holds: codec, container, rate, channels, bits, claimed length, pictures.

    The rate is that of the first decoded frame: headers of HE-AAC name half of it.

    Raises:
        Unreadable: nothing in it can be decoded.
    """
    with container.opened(path, limits) as source:
        context = source.stream.codec_context
        rate_hz, channels, layout = _heard(source)
        return {
            "codec": container.name_of(source.stream),
            "container": container.CONTAINERS.get(source.container.format.name, source.container.format.name),
            "lossless": container.is_lossless(context.name),
            "floating": "_f" in context.name,
            "bits": container.bits_of(source.stream),
            "rate_hz": rate_hz,
            "channels": channels,
            "layout": layout,
            "seconds": container.seconds_of(source),
            "bit_rate": source.stream.bit_rate or source.container.bit_rate or 0,
            "pictures": [
                [s.codec_context.width, s.codec_context.height] for s in source.container.streams.video
            ],
        }


def tags(path: Path, limits: Limits) -> dict[str, Any]:
    """Give a file's tags: `fields`, texts by name, and `cover` in base 64; by tinytag if it can, else by FFmpeg."""
    cover = None
    try:
        fields = tag_fields.read_fields(path, tag_fields.ALL)
        cover = tag_fields.read_cover(path)
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the parser
        fields = {}
    if not fields:
        with container.opened(path, limits) as source:
            found = {**source.stream.metadata, **source.container.metadata}
        for name, text in found.items():
            tag_fields.add(fields, name, [text])
    return {"fields": fields, "cover": base64.b64encode(cover or b"").decode()}


def _heard(source: container.Source) -> tuple[int, int, str]:
    """Decode until something sounds."""
    for tried, packet in enumerate(source.container.demux(source.stream)):
        try:
            frames = source.stream.codec_context.decode(packet)
        except av.FFmpegError:
            frames = []
        if frames:
            return frames[0].sample_rate, frames[0].layout.nb_channels, frames[0].layout.name
        if tried > _PACKETS_TO_TRY:
            break
    raise Unreadable(
        "No sound could be decoded from its beginning.",
        "Copy or download it again from its original; if that is the same, export it again.",
    )
