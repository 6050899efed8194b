"""Decisions of the catalogue, from plain values."""

import re
from collections.abc import Sequence

SINGLE, EP, ALBUM = "single", "ep", "album"
READY, WORKING, WAITING, REFUSED = "ready", "working", "waiting", "refused"

_LONG_MS = 10 * 60_000
_WHOLE_MS = 30 * 60_000


def release_type(durations_ms: Sequence[int]) -> str:
    """Tell a release's type by its tracks, as shops do.

    Up to three tracks of under ten minutes each and under thirty in all are a single; up to six under thirty minutes, or
    up to three with a long one, an EP; everything else an album.
    """
    count, whole, longest = len(durations_ms), sum(durations_ms), max(durations_ms, default=0)
    if count > 6 or whole >= _WHOLE_MS:
        return ALBUM
    if count <= 3 and longest < _LONG_MS:
        return SINGLE
    return EP


def recording_state(asset_state: str | None, *, renditions: int, removed: bool) -> str:
    """Tell whether a recording can be heard: ready as soon as one rendition is."""
    if removed:
        return REFUSED
    if renditions:
        return READY
    return WAITING if asset_state in {None, READY} else str(asset_state)


_LOSSLESS = re.compile(r" \d+ bit( float)? [\d.]+ kHz")


def is_lossy(quality: str) -> bool:
    """Whether a source, by what is told of it for people, left sound out: "MP3 128 kbit/s", and not "FLAC 16 bit 44.1 kHz"."""
    return bool(quality) and not _LOSSLESS.search(quality)
