"""Write: samples into a tagged FLAC file with a cover (RFC 9639), the same bytes each time."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.codec.context import Flags

Integers = npt.NDArray[np.int16]  # shape (samples, 2)

_BLOCK_SAMPLES = 4_096
_FRAMES_AT_ONCE = 64
_STREAMINFO, _VORBIS_COMMENT, _PICTURE = 0, 4, 6
_FRONT_COVER = 3  # picture type (RFC 9639 §8.8)
_BLOCK_BYTES_MAX = (1 << 24) - 1


def write_flac(
    path: Path,
    samples: Integers,
    *,
    rate_hz: int,
    comments: Sequence[tuple[str, str]] = (),
    png: bytes = b"",
) -> None:
    """Write 16-bit stereo as FLAC, whole or not at all: the file appears under its name when it is complete.

    Args:
        path: the file; its folder exists.
        samples: shape (samples, 2).
        rate_hz: samples per second.
        comments: Vorbis comments, (name, value); a name may come several times.
        png: the front cover; empty for none.

    Raises:
        ValueError: the samples are not 16-bit stereo, or a block is too large for FLAC.
    """
    if samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[1] != 2:
        raise ValueError("FLAC is written from 16-bit stereo: an int16 array of shape (samples, 2)")
    blocks = [(_STREAMINFO, _streaminfo(samples, rate_hz)), (_VORBIS_COMMENT, _comments(comments))]
    if png:
        blocks.append((_PICTURE, _picture(png)))
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as out:
        out.write(b"fLaC")
        for number, (kind, body) in enumerate(blocks):
            out.write(_header(kind, len(body), last=number == len(blocks) - 1) + body)
        for packet in _packets(samples, rate_hz):
            out.write(packet)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _header(kind: int, length: int, *, last: bool) -> bytes:
    if length > _BLOCK_BYTES_MAX:
        raise ValueError(
            f"a metadata block of {length:,} bytes is too large for FLAC; make the cover smaller"
        )
    return bytes([kind | (0x80 if last else 0)]) + length.to_bytes(3, "big")


def _streaminfo(samples: Integers, rate_hz: int) -> bytes:
    packed = rate_hz << 44 | (2 - 1) << 41 | (16 - 1) << 36 | len(samples)
    digest = hashlib.md5(
        np.ascontiguousarray(samples).astype("<i2").tobytes(), usedforsecurity=False
    ).digest()
    return _BLOCK_SAMPLES.to_bytes(2, "big") * 2 + bytes(6) + packed.to_bytes(8, "big") + digest


def _comments(comments: Sequence[tuple[str, str]]) -> bytes:
    texts = [f"{name}={value}".encode() for name, value in comments]
    vendor = b"Alpheus"
    body = len(vendor).to_bytes(4, "little") + vendor + len(texts).to_bytes(4, "little")
    return body + b"".join(len(text).to_bytes(4, "little") + text for text in texts)


def _picture(png: bytes) -> bytes:
    mime = b"image/png"
    width, height = png[16:20], png[20:24]  # of the header chunk, which comes first
    numbers = _FRONT_COVER.to_bytes(4, "big") + len(mime).to_bytes(4, "big") + mime + bytes(4)
    return numbers + width + height + (24).to_bytes(4, "big") + bytes(4) + len(png).to_bytes(4, "big") + png


def _packets(samples: Integers, rate_hz: int) -> Iterator[bytes]:
    encoder = av.CodecContext.create("flac", "w")
    assert isinstance(encoder, AudioCodecContext)  # noqa: S101 - flac is; this tells mypy
    encoder.sample_rate, encoder.layout, encoder.format = rate_hz, "stereo", "s16"
    encoder.options = {"frame_size": str(_BLOCK_SAMPLES)}
    encoder.thread_count = 1
    encoder.flags |= Flags.bitexact
    step = _BLOCK_SAMPLES * _FRAMES_AT_ONCE
    for start in range(0, len(samples), step):
        part = np.ascontiguousarray(samples[start : start + step]).reshape(1, -1)
        frame = AudioFrame.from_ndarray(part, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = rate_hz, start
        yield from (bytes(packet) for packet in encoder.encode(frame))
    yield from (bytes(packet) for packet in encoder.encode(None) if packet.size)
