"""Decoded sound on disk: stereo float32 samples at a stream's rate, read in blocks.

A file of four hours decoded is 5 GB: it is never held in memory whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alpheus.audio.limits import PCM_FRAME_BYTES

Samples = npt.NDArray[np.float32]  # shape (samples, 2); 1.0 is full scale

BLOCK_SAMPLES = 1 << 17  # about 3 s: 1 MiB


@dataclass(frozen=True)
class Pcm:
    """Samples in a file, interleaved; `gain` is applied as they are read."""

    path: Path
    rate_hz: int
    samples: int
    gain: float = 1.0

    def read(self, start: int, stop: int) -> Samples:
        """Read samples `start` to `stop`, fewer where the sound ends before."""
        count = max(0, min(stop, self.samples) - start)
        block = np.fromfile(self.path, dtype="<f4", count=2 * count, offset=start * PCM_FRAME_BYTES).reshape(
            -1, 2
        )
        return block if self.gain == 1.0 else block * np.float32(self.gain)

    def blocks(self, size: int = BLOCK_SAMPLES) -> Iterator[Samples]:
        """Read the whole in blocks of `size` samples, the last one shorter."""
        for start in range(0, self.samples, size):
            yield self.read(start, start + size)

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self.samples / self.rate_hz
