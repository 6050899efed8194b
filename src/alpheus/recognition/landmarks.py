"""Landmarks: pairs of peaks, by which a recording is known again after re-encoding, from any passage of it.

A. L. Wang, "An Industrial-Strength Audio Search Algorithm", Proc. ISMIR 2003: each peak is paired with a few that
follow it; two frequencies and the time between them are a landmark, the same wherever in a recording it stands. Two
recordings are one when many landmarks agree at one and the same distance in time.

A fingerprint keeps peaks, six bytes each, about eleven a second: landmarks follow from them.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alpheus.audio.pcm import Pcm
from alpheus.recognition.errors import FingerprintCorrupt
from alpheus.recognition.index import LandmarkIndex
from alpheus.recognition.pairs import Landmarks, paired
from alpheus.recognition.peaks import peaks
from alpheus.recognition.spectrogram import ROW_MS

_HEAD = struct.Struct("<4sI")  # what it is, and how many peaks
_MAGIC = b"ALM1"
PEAK = np.dtype([("row", "<u4"), ("bin", "<u2")])
Peaks = npt.NDArray[np.void]


@dataclass(frozen=True)
class LandmarkMethod:
    """Finds re-encodes, trims and excerpts of ten seconds and more; not another pitch, speed or performance."""

    name: str = "landmarks-1"

    def fingerprint(self, pcm: Pcm, on_fraction: Callable[[float], None] | None = None) -> bytes:
        """Fingerprint a sound; see `method.Method`."""
        rows_in_all = max(1, round(pcm.seconds * 1000 / ROW_MS))
        parts = [np.empty(0, dtype=PEAK)]
        for rows, bins in peaks(pcm):
            part = np.empty(len(rows), dtype=PEAK)
            part["row"], part["bin"] = rows, bins
            parts.append(part)
            if on_fraction is not None and len(rows):
                on_fraction(min(1.0, int(rows[-1]) / rows_in_all))
        return write_peaks(np.concatenate(parts))

    def open(self, folder: Path) -> LandmarkIndex:
        """Open the index in a folder; see `method.Method`."""
        return LandmarkIndex(folder, read=landmarks)


def landmarks(fingerprint: bytes) -> Landmarks:
    """Pair a fingerprint's peaks.

    Raises:
        FingerprintCorrupt: it is none.
    """
    found = read_peaks(fingerprint)
    return paired(found["row"].astype(np.int64), found["bin"].astype(np.int64))


def read_peaks(fingerprint: bytes) -> Peaks:
    """Give a fingerprint's peaks; none of silence.

    Raises:
        FingerprintCorrupt: it is none.
    """
    try:
        magic, count = _HEAD.unpack_from(fingerprint)
        found: Peaks = np.frombuffer(fingerprint, dtype=PEAK, offset=_HEAD.size)
    except (struct.error, ValueError) as error:
        raise FingerprintCorrupt("It ends early: it is no fingerprint.") from error
    if magic != _MAGIC or count != len(found):
        raise FingerprintCorrupt("It is no fingerprint of this version.")
    return found


def write_peaks(peaks: Peaks) -> bytes:
    """Write a fingerprint of peaks in order of their rows."""
    return _HEAD.pack(_MAGIC, len(peaks)) + peaks.tobytes()
