"""A sound's power by time and frequency, on one grid whatever its rate: rows 20 ms apart, bins 12.5 Hz apart.

Both channels' power is added, not their sum's taken: turning one channel's polarity round would silence a sum.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from alpheus.audio.pcm import Pcm, Samples

ROW_MS = 20
WINDOW_MS = 80
BIN_HZ = 1000 / WINDOW_MS
BINS = 400  # up to 5 kHz: what every codec keeps at every rate
_ROWS_AT_ONCE = 250  # 5 s
# Every third sample is enough for 5 kHz: what folds back lands above it (14.7 - 5 = 9.7 kHz, where the filter has closed).
_THIN = 3
_TAPS = 36  # a multiple of three, and the same from both ends
_CLOSES_HZ = 7_000

Rows = npt.NDArray[np.float32]  # shape (rows, BINS), decibels


def rows(pcm: Pcm) -> Iterator[Rows]:
    """Give the sound's rows in order, some at a time; row n's window begins at n x 20 ms.

    Args:
        pcm: the sound, at a rate that is a multiple of 150 Hz, as those of all streams are.
    """
    hop, window = pcm.rate_hz * ROW_MS // 1000, pcm.rate_hz * WINDOW_MS // 1000
    shape = np.hanning(window // _THIN).astype(np.float32)
    low = _low_pass(pcm.rate_hz)
    count = max(0, (pcm.samples - window - _TAPS) // hop + 1)
    for first in range(0, count, _ROWS_AT_ONCE):
        many = min(_ROWS_AT_ONCE, count - first)
        read = pcm.read(first * hop, (first + many - 1) * hop + window + _TAPS)
        yield _power(_thinned(read, low), hop // _THIN, shape, many)


def _low_pass(rate_hz: int) -> npt.NDArray[np.float32]:
    """A windowed sinc that closes around 7 kHz."""
    times = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = np.sinc(2 * _CLOSES_HZ / rate_hz * times) * np.hamming(_TAPS)
    return np.asarray(taps / taps.sum(), dtype=np.float32)


def _thinned(samples: Samples, low: npt.NDArray[np.float32]) -> npt.NDArray[np.complex64]:
    """Give every third sample of both channels, as real and imaginary part, without what would fold back."""
    both = np.ascontiguousarray(samples).view(np.complex64)[:, 0]
    threes = both[: len(both) // _THIN * _THIN].reshape(-1, _THIN)
    count = len(threes) - _TAPS // _THIN + 1
    filtered = np.zeros(count, dtype=np.complex64)
    for first in range(0, _TAPS, _THIN):
        place = first // _THIN
        filtered += threes[place : place + count] @ low[first : first + _THIN].astype(np.complex64)
    return filtered


def _power(both: npt.NDArray[np.complex64], hop: int, shape: npt.NDArray[np.float32], many: int) -> Rows:
    """Transform both channels at once: |X(f)|² + |X(-f)|² is twice their power."""
    windows = np.lib.stride_tricks.sliding_window_view(both, len(shape))[::hop][:many] * shape
    spectrum = np.fft.fft(windows)
    power = np.square(np.abs(spectrum[:, 1 : BINS + 1])) + np.square(np.abs(spectrum[:, : -BINS - 1 : -1]))
    return np.asarray(10 * np.log10(power / float(shape.sum()) ** 2 + 1e-12), dtype=np.float32)
