"""A sound's power by time and frequency, on one grid whatever its rate: rows 20 ms apart, bins 12.5 Hz apart.

Both channels' power is added, not their sum's taken: turning one channel's polarity round would silence a sum.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from alpheus.audio.pcm import Pcm, Samples

ROW_MS = 20
WINDOW_MS = 80
BIN_HZ = 1000 / WINDOW_MS
BINS = 400  # up to 5 kHz: what every codec keeps at every rate
_ROWS_AT_ONCE = 250  # 5 s
# Every third sample is enough for 5 kHz: what folds back lands above it (14.7 - 5 = 9.7 kHz, where the filter has closed).
_THIN = 3
_TAPS = 36

Rows = npt.NDArray[np.float32]  # shape (rows, BINS), decibels


def rows(pcm: Pcm) -> Iterator[Rows]:
    """Give the sound's rows in order, some at a time; row n's window begins at n x 20 ms.

    Args:
        pcm: the sound, at a rate that is a multiple of 150 Hz, as those of all streams are.
    """
    hop, window = pcm.rate_hz * ROW_MS // 1000, pcm.rate_hz * WINDOW_MS // 1000
    shape = np.hanning(window // _THIN).astype(np.float32)
    low = signal.firwin(_TAPS, 7_000, fs=pcm.rate_hz).astype(np.float32)
    count = max(0, (pcm.samples - window - _TAPS) // hop + 1)
    for first in range(0, count, _ROWS_AT_ONCE):
        many = min(_ROWS_AT_ONCE, count - first)
        read = pcm.read(first * hop, (first + many - 1) * hop + window + _TAPS)
        yield _power(_thinned(read, low), hop // _THIN, shape, many)


def _thinned(samples: Samples, low: npt.NDArray[np.float32]) -> npt.NDArray[np.complex64]:
    """Give every third sample of both channels, as real and imaginary part, without what would fold back."""
    left, right = (
        signal.upfirdn(low, np.ascontiguousarray(samples[:, channel]), down=_THIN) for channel in (0, 1)
    )
    both: npt.NDArray[np.complex64] = left + np.complex64(1j) * right
    return both[_TAPS // _THIN :]  # where the filter is full


def _power(both: npt.NDArray[np.complex64], hop: int, shape: npt.NDArray[np.float32], many: int) -> Rows:
    """Transform both channels at once: |X(f)|² + |X(-f)|² is twice their power."""
    windows = np.lib.stride_tricks.sliding_window_view(both, len(shape))[::hop][:many] * shape
    spectrum = fft.fft(windows, overwrite_x=True)
    power = np.square(np.abs(spectrum[:, 1 : BINS + 1])) + np.square(np.abs(spectrum[:, : -BINS - 1 : -1]))
    return np.asarray(10 * np.log10(power / float(shape.sum()) ** 2 + 1e-12), dtype=np.float32)
