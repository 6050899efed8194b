"""Pairs of peaks: 22 bits of two frequencies and the time between, and when the first of them sounds. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

FAN = 3  # peaks that each is paired with
ROWS_LEAST, ROWS_MOST = 2, 63  # 40 ms to 1.26 s later
BINS_MOST = 63  # 787 Hz up or down
_FOLLOWERS = 40  # looked at: more than FAN of them are nearly always near enough
HASHES = 1 << 22


@dataclass(frozen=True)
class Landmarks:
    """A sound's landmarks in order of time."""

    hashes: Numbers
    rows: Numbers  # of 20 ms

    def part(self, start: int, stop: int) -> "Landmarks":
        """Those from number `start` to number `stop`."""
        return Landmarks(self.hashes[start:stop], self.rows[start:stop])


def paired(rows: Numbers, bins: Numbers) -> Landmarks:
    """Pair each peak with the first few that follow it and are near.

    Args:
        rows: of the peaks, ascending.
        bins: of the peaks, below 512.
    """
    left = np.full(len(rows), FAN)
    hashes, at = [], []
    for ahead in range(1, min(_FOLLOWERS + 1, len(rows))):
        later, apart = rows[ahead:] - rows[:-ahead], bins[ahead:] - bins[:-ahead]
        near = (later >= ROWS_LEAST) & (later <= ROWS_MOST) & (np.abs(apart) <= BINS_MOST)
        near &= left[:-ahead] > 0
        first = np.flatnonzero(near)
        if first.size:
            left[first] -= 1
            hashes.append(bins[first] << 13 | (apart[first] + BINS_MOST) << 6 | later[first])
            at.append(rows[first])
    if not hashes:
        return Landmarks(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    rows_of = np.concatenate(at)
    order = np.argsort(rows_of, kind="stable")
    return Landmarks(np.concatenate(hashes)[order], rows_of[order])
