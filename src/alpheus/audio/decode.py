"""Decode: a file's sound into samples on disk, by the confined process."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alpheus.audio import confine
from alpheus.audio.limits import Limits
from alpheus.audio.pcm import Pcm


@dataclass(frozen=True)
class Decoded:
    """Decoded sound, and what decoding found."""

    pcm: Pcm
    peak: float  # highest sample before `pcm.gain`; 1.0 is full scale
    broken_numbers: int  # NaN, infinite or absurd samples that were silenced
    damaged_packets: int  # packets of a lossy source that were passed over
    exact: bool  # every sample is the source's own: neither resampled, nor mixed, nor mended, nor lowered


def decode(
    source: Path,
    target: Path,
    *,
    rate_hz: int,
    seconds: float | None,
    limits: Limits,
    on_seconds: Callable[[float], None] | None = None,
) -> Decoded:
    """Decode a file to stereo float32 at a stream's rate.

    Sound that goes beyond full scale (float sources, lossy ones, what resampling adds) is lowered as a whole by
    `Pcm.gain` until it fits, so that no rendition clips it.

    Args:
        source: the file.
        target: where its samples go; written anew.
        rate_hz: the stream's rate.
        seconds: the length it claims; None where it claims none.
        limits: what it may be and cost.
        on_seconds: told how many seconds are done.

    Raises:
        Unreadable: damaged, cut, too short, or no sound.
        LimitExceeded: it is too long, or took too much time, memory or disk.
        DecoderFailed: the decoder died of it.
    """
    order = {
        "verb": "decode",
        "source": os.fsencode(source.resolve()).hex(),
        "target": os.fsencode(target.resolve()).hex(),
        "rate_hz": rate_hz,
    }
    tally = confine.run(
        order,
        limits=limits,
        seconds_max=limits.decode_seconds_max(limits.seconds_max if seconds is None else seconds),
        file_bytes=limits.pcm_bytes_max(rate_hz) + 2**20,
        on_seconds=on_seconds,
    )
    gain = 1.0 if tally["peak"] <= 1.0 else 1.0 / tally["peak"]
    return Decoded(
        pcm=Pcm(path=target, rate_hz=rate_hz, samples=tally["samples"], gain=gain),
        peak=tally["peak"],
        broken_numbers=tally["broken_numbers"],
        damaged_packets=tally["damaged"],
        exact=tally["rates_hz"] == [rate_hz] and gain == 1.0 and tally["broken_numbers"] == 0,
    )
