"""A recording's outline, gathered block by block: peaks for its picture, silence at its ends, clipped places."""

import numpy as np
import numpy.typing as npt

from alpheus.audio.pcm import Samples

PEAKS = 400
_SILENT_BELOW = 0.001  # -60 dBFS
_FULL_SCALE = 0.99996  # the last two steps of 16 bit
_CLIPPED_RUN = 3  # samples in a row at full scale: fewer may be chance


class Runs:
    """Counts where something is true for some samples in a row, also across blocks."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._run = 0
        self.places = 0
        self.longest = 0

    def add(self, true: npt.NDArray[np.bool_]) -> None:
        """Take the next block."""
        if not true.any():
            self._run = 0
            return
        steps = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
        starts, stops = steps[::2], steps[1::2]
        lengths = stops - starts
        carried = self._run if starts[0] == 0 else 0
        already = carried >= self._least  # counted in the block before
        lengths[0] += carried
        self.places += int(np.count_nonzero(lengths >= self._least)) - already
        self.longest = max(self.longest, int(lengths.max()))
        self._run = int(lengths[-1]) if stops[-1] == len(true) else 0


class Outline:
    """Takes a recording's samples in order, of which there must be `samples`."""

    def __init__(self, samples: int) -> None:
        self._edges = np.arange(PEAKS + 1, dtype=np.int64) * samples // PEAKS
        self._peaks = np.zeros(PEAKS)
        self._samples = samples
        self._position = 0
        self._first_sound: int | None = None
        self._last_sound = -1
        self._clipped = Runs(_CLIPPED_RUN)

    def add(self, block: Samples) -> None:
        """Take the next block."""
        height = np.abs(block).max(axis=1)
        self._add_peaks(height)
        loud = np.flatnonzero(height > _SILENT_BELOW)
        if loud.size:
            if self._first_sound is None:
                self._first_sound = self._position + int(loud[0])
            self._last_sound = self._position + int(loud[-1])
        self._clipped.add(height >= _FULL_SCALE)
        self._position += len(block)

    def _add_peaks(self, height: npt.NDArray[np.float32]) -> None:
        start, stop = self._position, self._position + len(height)
        first = int(np.searchsorted(self._edges, start, side="right")) - 1
        last = int(np.searchsorted(self._edges, stop, side="left"))
        cuts = np.clip(self._edges[first:last] - start, 0, None)
        tops = np.maximum.reduceat(height, cuts)
        self._peaks[first:last] = np.maximum(self._peaks[first:last], tops)

    @property
    def clipped_places(self) -> int:
        """Runs at full scale."""
        return self._clipped.places

    @property
    def peaks(self) -> bytes:
        """400 unsigned bytes: the highest sample of each 400th, 255 for full scale."""
        return np.rint(np.clip(self._peaks, 0, 1) * 255).astype(np.uint8).tobytes()

    @property
    def silence_start(self) -> int:
        """Samples below -60 dBFS at the beginning; all of them when nothing sounds."""
        return self._samples if self._first_sound is None else self._first_sound

    @property
    def silence_end(self) -> int:
        """Samples below -60 dBFS at the end; all of them when nothing sounds."""
        return self._samples - 1 - self._last_sound
