"""Encode: samples into the packets of a rendition, AAC-LC or FLAC, one by one, in bounded memory."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.codec.context import Flags

from alpheus.audio import prediction
from alpheus.audio.pcm import Pcm, Samples

AAC_FRAME_SAMPLES = 1024
AAC_DELAY_SAMPLES = 1024  # FFmpeg primes with exactly one packet (FORMAT §3)
AAC_KBITS = (64, 128, 256)

_FRAMES_BEFORE = 8  # of predicted sound, dropped again after encoding
_FRAMES_AFTER = 6
_AAC_OPTIONS = {
    "aac_pns": "0",  # made-up noise would differ behind a splice of variants (FORMAT §1)
    "aac_coder": "twoloop",
}
_STREAMINFO_BYTES = 34


@dataclass(frozen=True)
class FlacForm:
    """What a FLAC rendition is made of: the block's size in samples and the bits of a sample, 16 or 24."""

    frame_samples: int
    bits: int


def aac_packet_count(samples: int) -> int:
    """Give the packets of an AAC rendition: one that primes, then one per 1,024 samples."""
    return 1 + math.ceil(samples / AAC_FRAME_SAMPLES)


def aac_packets(pcm: Pcm, *, bits_per_second: int) -> Iterator[bytes]:
    """Encode AAC-LC without gaps (FORMAT §3).

    Packet k decodes to the samples from (k - 1) x 1024 to k x 1024; its sound is complete with its neighbours.

    Args:
        pcm: the sound.
        bits_per_second: 64,000, 128,000 or 256,000.
    """
    encoder = _encoder("aac", pcm.rate_hz, "fltp", _AAC_OPTIONS)
    encoder.bit_rate = bits_per_second
    last = _FRAMES_BEFORE + aac_packet_count(pcm.samples)
    for number, packet in enumerate(_encoded(encoder, _planar_frames(pcm))):
        if _FRAMES_BEFORE <= number < last:
            yield packet


def _planar_frames(pcm: Pcm) -> Iterator[AudioFrame]:
    for block in _with_ends(pcm):
        yield AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")


def _with_ends(pcm: Pcm) -> Iterator[Samples]:
    """Give the sound with its predicted ends: 8 frames before, 6 after."""
    learned = prediction.LEARNED_SAMPLES
    yield prediction.preceded(pcm.read(0, learned), _FRAMES_BEFORE * AAC_FRAME_SAMPLES)
    yield from pcm.blocks()
    end = pcm.read(max(0, pcm.samples - learned), pcm.samples)
    yield prediction.continued(end, _FRAMES_AFTER * AAC_FRAME_SAMPLES)


def aac_config(rate_hz: int) -> bytes:
    """Give AAC-LC stereo's AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2), without FFmpeg's "no SBR" behind it."""
    frequency = {44_100: 4, 48_000: 3}[rate_hz]
    return (2 << 11 | frequency << 7 | 2 << 3).to_bytes(2, "big")


def flac_packets(pcm: Pcm, form: FlacForm, *, dithered: bool) -> Iterator[bytes]:
    """Encode FLAC in blocks of a fixed size, the last one shorter.

    Args:
        pcm: the sound.
        form: block size and bits.
        dithered: whether rounding to `form.bits` is spread by noise (TPDF); False when the samples fit exactly.
    """
    encoder = _encoder(
        "flac", pcm.rate_hz, "s16" if form.bits == 16 else "s32", {"frame_size": str(form.frame_samples)}
    )
    if form.bits != 16:
        encoder.options = {**encoder.options, "bits_per_raw_sample": str(form.bits)}
    yield from _encoded(encoder, _integer_frames(pcm, form, dithered=dithered))


def flac_streaminfo(form: FlacForm, rate_hz: int) -> bytes:
    """Write STREAMINFO (RFC 9639 §8.2) with frame sizes, length and MD5 unknown, as a stream's init has them."""
    channels, bits = 2, form.bits
    packed = rate_hz << 44 | (channels - 1) << 41 | (bits - 1) << 36  # total samples: 0, unknown
    info = form.frame_samples.to_bytes(2, "big") * 2 + bytes(6) + packed.to_bytes(8, "big") + bytes(16)
    assert len(info) == _STREAMINFO_BYTES  # noqa: S101 - arithmetic above, checked once more
    return info


def _integer_frames(pcm: Pcm, form: FlacForm, *, dithered: bool) -> Iterator[AudioFrame]:
    most = 1 << (form.bits - 1)
    # Seeded: the same sound gives the same bytes, so that ingest may be run again.
    noise = np.random.default_rng(form.bits) if dithered else None
    size = form.frame_samples * 64
    for block in pcm.blocks(size):
        scaled = block.astype(np.float64) * most
        if noise is not None:
            scaled += noise.random(scaled.shape) - noise.random(scaled.shape)
        whole = np.clip(np.rint(scaled), -most, most - 1)
        integers = whole.astype(np.int16) if form.bits == 16 else whole.astype(np.int32) << (32 - form.bits)
        yield AudioFrame.from_ndarray(
            integers.reshape(1, -1), format="s16" if form.bits == 16 else "s32", layout="stereo"
        )


def _encoder(codec: str, rate_hz: int, sample_format: str, options: dict[str, str]) -> AudioCodecContext:
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, AudioCodecContext)  # noqa: S101 - aac and flac are; this tells mypy
    encoder.sample_rate = rate_hz
    encoder.layout = "stereo"
    encoder.format = sample_format
    encoder.options = options
    encoder.thread_count = 1  # the same bytes each time, and one core per file
    encoder.flags |= Flags.global_header | Flags.bitexact
    return encoder


def _encoded(encoder: AudioCodecContext, frames: Iterator[AudioFrame]) -> Iterator[bytes]:
    """Encode frames of any size; the encoder's own buffer cuts them."""
    position = 0
    for frame in frames:
        frame.sample_rate = encoder.sample_rate
        frame.pts = position
        position += frame.samples
        yield from _bytes_of(encoder.encode(frame))
    yield from _bytes_of(encoder.encode(None))


def _bytes_of(packets: list[Any]) -> Iterator[bytes]:
    # FLAC ends with an empty packet that carries its MD5.
    return (bytes(packet) for packet in packets if packet.size)
