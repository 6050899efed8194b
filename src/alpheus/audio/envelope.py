"""A sound's envelope in cells of 10 ms, gathered block by block: silence inside it, how it ends, what its mean is."""

import math

import numpy as np
import numpy.typing as npt

from alpheus.audio.loudness import decibels
from alpheus.audio.pcm import Samples

CELL_MS = 10
_SILENT_BELOW = 0.001  # -60 dBFS, as at the ends (`waveform`)
_ENDING_CELLS = 3
_BEFORE_CELLS = 300  # the 3 s that an ending is held against
_CELLS_A_SECOND = 1000 // CELL_MS


class Envelope:
    """Takes a sound's samples in order."""

    def __init__(self, rate_hz: int) -> None:
        self._cell = rate_hz * CELL_MS // 1000
        self._rest = np.empty((0, 2), dtype=np.float32)
        self._tops: list[npt.NDArray[np.float32]] = []
        self._powers: list[npt.NDArray[np.float32]] = []
        self._means: list[npt.NDArray[np.float32]] = []

    def add(self, block: Samples) -> None:
        """Take the next block; what is left of the last cell waits for the next."""
        held = np.concatenate((self._rest, block))
        whole = len(held) // self._cell * self._cell
        cells = held[:whole].reshape(-1, self._cell, 2)
        self._rest = held[whole:]
        self._tops.append(np.abs(cells).max(axis=(1, 2)))
        self._powers.append(np.einsum("ijk,ijk->i", cells, cells) / np.float32(2 * self._cell))
        self._means.append(cells.mean(axis=1, dtype=np.float32))

    def silences(self, least_ms: int) -> tuple[tuple[int, int], ...]:
        """Where it is silent inside for so long: begin and length in ms; silence at its ends is not meant."""
        tops = np.concatenate(self._tops)
        loud = np.flatnonzero(tops > _SILENT_BELOW)
        gaps = np.diff(loud) - 1
        return tuple(
            ((int(loud[at]) + 1) * CELL_MS, int(gaps[at]) * CELL_MS)
            for at in np.flatnonzero(gaps * CELL_MS >= least_ms)
        )

    def ending(self) -> tuple[float, float]:
        """How loud its last 30 ms are in dBFS (RMS), and how far that is below its last 3 s, in dB."""
        powers = np.concatenate(self._powers)
        last = decibels(math.sqrt(float(powers[-_ENDING_CELLS:].mean()))) if powers.size else decibels(0)
        before = decibels(math.sqrt(float(powers[-_BEFORE_CELLS:].mean()))) if powers.size else decibels(0)
        return last, before - last

    def offset(self) -> tuple[float, float]:
        """The mean of the channel that is farther from zero, and its standard error, of full scale.

        The error is that of means of a second each: slow bass moves them, and so raises it.
        """
        means = np.concatenate(self._means)
        seconds = len(means) // _CELLS_A_SECOND
        if seconds < 2:
            return 0.0, math.inf
        by_second = means[: seconds * _CELLS_A_SECOND].reshape(seconds, _CELLS_A_SECOND, 2).mean(axis=1)
        mean, error = by_second.mean(axis=0), by_second.std(axis=0, ddof=1) / math.sqrt(seconds)
        worst = int(np.argmax(np.abs(mean)))
        return float(mean[worst]), float(error[worst])
