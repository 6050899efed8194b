"""Real packets for tests: a short sound through FFmpeg's own encoders."""

from dataclasses import dataclass

import av
import numpy as np

from alpheus.packaging import boxes, layout
from alpheus.packaging.boxes import Packet
from alpheus.packaging.layout import Layout


@dataclass(frozen=True)
class Encoded:
    mime: str
    layout: Layout
    delay_samples: int
    init: bytes
    extradata: bytes
    packets: list[Packet]
    samples: int


def sine(rate_hz, samples, pitch_hz=440.0):
    """Two channels of a quiet sine as 16-bit integers, shaped (2, samples)."""
    wave = 0.4 * np.sin(2 * np.pi * pitch_hz * np.arange(samples) / rate_hz)
    return np.round(np.stack([wave, 0.5 * wave]) * 32767).astype(np.int16)


def aac(rate_hz, samples, pitch_hz=440.0):
    codec = _context("aac", rate_hz, "fltp", {"aac_pns": "0"})
    codec.bit_rate = 128_000
    sound = sine(rate_hz, samples, pitch_hz).astype(np.float32) / 32768
    packets = [Packet(bytes(packet), 1024) for packet in _encode(codec, sound, "fltp", rate_hz, 1024)]
    packets = packets[: 1 + -(-samples // 1024)]
    config = bytes(codec.extradata)
    init = boxes.aac_init(rate_hz, config)
    return Encoded(boxes.aac_mime(), layout.aac(rate_hz), 1024, init, config, packets, samples)


def flac(rate_hz, samples, pitch_hz=440.0):
    grid = layout.flac(rate_hz)
    codec = _context("flac", rate_hz, "s16", {"frame_size": str(grid.frame_samples)})
    sound = sine(rate_hz, samples, pitch_hz)
    raw = [
        bytes(packet) for packet in _encode(codec, sound, "s16", rate_hz, grid.frame_samples) if packet.size
    ]
    lengths = [min(grid.frame_samples, samples - at) for at in range(0, samples, grid.frame_samples)]
    packets = [Packet(data, length) for data, length in zip(raw, lengths, strict=True)]
    info = bytes(codec.extradata)
    return Encoded(boxes.flac_mime(), grid, 0, boxes.flac_init(rate_hz, info), info, packets, samples)


def chunks_of(encoded):
    """Plain chunks, as the edge joins them."""
    size = encoded.layout.frames_per_chunk
    return [
        boxes.fragment(
            number,
            number * encoded.layout.chunk_samples,
            encoded.packets[number * size : (number + 1) * size],
            frame_samples=encoded.layout.frame_samples,
        )
        for number in range(-(-len(encoded.packets) // size))
    ]


def _context(name, rate_hz, form, options):
    codec = av.CodecContext.create(name, "w")
    codec.sample_rate, codec.layout, codec.format = rate_hz, "stereo", form
    codec.options = options
    codec.open()
    return codec


def _encode(codec, sound, form, rate_hz, frame_samples):
    for start in range(0, sound.shape[1], frame_samples):
        part = np.ascontiguousarray(sound[:, start : start + frame_samples])
        planes = part if form.endswith("p") else np.ascontiguousarray(part.T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(planes, format=form, layout="stereo")
        frame.sample_rate, frame.pts = rate_hz, start
        yield from codec.encode(frame)
    yield from codec.encode(None)
