"""Probe: what a file is, asked of the confined process before anything else is done with it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alpheus.audio import confine
from alpheus.audio.errors import Unreadable
from alpheus.audio.limits import Limits

_CHANNELS = {1: "mono", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True)
class Probe:
    """What a file is."""

    codec: str
    container: str
    rate_hz: int
    channels: int
    bits: int | None  # of a lossless source
    floating: bool
    lossless: bool
    duration_ms: int | None  # as the file claims
    quality: str  # for people: "FLAC 24 bit 96 kHz"
    pictures: tuple[tuple[int, int], ...]  # width and height of covers inside


def probe(path: Path, limits: Limits) -> Probe:
    """Tell what a file is.

    Args:
        path: the file.
        limits: what it may be.

    Raises:
        Unreadable: empty, or no sound we can use.
        LimitExceeded: too large or too long.
        DecoderFailed: the decoder died of it.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("It is empty: 0 bytes.", "Copy or download it again from its original.")
    limits.check_bytes(size)
    order = {"verb": "inspect", "source": os.fsencode(path.resolve()).hex()}
    facts = confine.run(order, limits=limits, seconds_max=limits.probe_seconds_max)
    seconds = facts.pop("seconds")
    if seconds is not None and seconds > limits.seconds_max:
        raise limits.too_long()
    return Probe(
        codec=facts["codec"],
        container=facts["container"],
        rate_hz=facts["rate_hz"],
        channels=facts["channels"],
        bits=facts["bits"],
        floating=facts["floating"],
        lossless=facts["lossless"],
        duration_ms=None if seconds is None else round(seconds * 1000),
        quality=_quality(facts),
        pictures=tuple((width, height) for width, height in facts["pictures"]),
    )


def _quality(facts: dict[str, Any]) -> str:
    """Describe a source for people: what it keeps, and its channels when they are not two."""
    words = [facts["container"] if facts["codec"] == "PCM" else facts["codec"]]
    if facts["lossless"]:
        words += [
            f"{facts['bits']} bit{' float' if facts['floating'] else ''}",
            f"{facts['rate_hz'] / 1000:g} kHz",
        ]
    elif facts["bit_rate"]:
        words += [f"{round(facts['bit_rate'] / 1000)} kbit/s"]
    if facts["channels"] != 2:
        words.append(_CHANNELS.get(facts["channels"], f"{facts['channels']} channels"))
    return " ".join(words)
