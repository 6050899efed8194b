"""A sound's mean spectrum, and the cutoff in it that lossy encoders leave behind.

Encoders cut what they cannot afford: MP3 at 128 kbit/s above 16 kHz, at 192 above 19 kHz. Made lossless again, the cliff stays (B. D'Alessandro and
Y. Q. Shi, "MP3 Bit Rate Quality Detection through Frequency Spectrum Analysis", Proc. ACM MM&Sec 2009). Music, microphones and
rooms fall off gently; converters' own filters close above 20 kHz.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alpheus.audio.pcm import Samples

_WINDOW = 4096
_WINDOWS_A_BLOCK = 4
_LOUD_ABOVE = 0.003  # -50 dBFS RMS: what is quieter tells of noise alone
_LOWEST_HZ = 8_000.0
_BESIDE_HZ, _FAR_HZ = 300.0, 1_500.0  # the cliff's foot and head are looked for from here to there
_FLOOR_DB = -160.0


@dataclass(frozen=True)
class Cutoff:
    """Where the spectrum falls most: from the kHz below to the kHz above, and how much of it within 600 Hz."""

    hz: float
    drop_db: float
    steep_db: float


class Spectrum:
    """Takes a sound's samples in order; some windows of each block are transformed."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._shape = np.hanning(_WINDOW).astype(np.float32)
        self._power = np.zeros(_WINDOW // 2 + 1)
        self._windows = 0

    def add(self, block: Samples) -> None:
        """Take the next block."""
        for start in np.linspace(0, len(block) - _WINDOW, _WINDOWS_A_BLOCK).astype(int):
            window = block[max(0, start) : max(0, start) + _WINDOW]
            if len(window) == _WINDOW and float(np.sqrt(np.mean(window * window))) > _LOUD_ABOVE:
                spectrum = np.fft.rfft(window * self._shape[:, None], axis=0)
                self._power += (np.abs(spectrum) ** 2).sum(axis=1)
                self._windows += 1

    def cutoff(self) -> Cutoff | None:
        """Find the steepest fall above 8 kHz; None where nothing was loud enough."""
        if self._windows == 0:
            return None
        full_scale = self._windows * float(self._shape.sum()) ** 2
        levels = np.maximum(10 * np.log10(self._power / full_scale + 1e-20), _FLOOR_DB)
        step = self._rate_hz / _WINDOW
        near, far = round(_BESIDE_HZ / step), round(_FAR_HZ / step)
        third = max(1, near // 3)
        places = np.arange(round(_LOWEST_HZ / step), len(levels) - far)
        drop = _medians(levels, places - far, far - near) - _medians(levels, places + near, far - near)
        steep = _medians(levels, places - near, third) - _medians(levels, places + near - third, third)
        cliff = np.minimum(drop, steep)  # of a notch only one is large
        foot = np.flatnonzero(cliff >= cliff.max() - 1)
        at = int(foot[len(foot) // 2])
        hz = round(float(places[at] * step))
        return Cutoff(hz, round(float(drop[at]), 1), round(float(steep[at]), 1))


def _medians(
    levels: npt.NDArray[np.float64], starts: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.float64]:
    """Medians of `count` levels from each start."""
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(levels, count)[starts], axis=1))
