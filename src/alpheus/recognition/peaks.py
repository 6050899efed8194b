"""Peaks: the moments and frequencies that stand out of their surroundings, which survive what codecs do to a sound.

Some are kept of each second and each of four bands, so that loud bass does not drown what else there is and an equaliser
cannot take them all.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from alpheus.audio.pcm import Pcm
from alpheus.recognition import spectrogram
from alpheus.recognition.spectrogram import ROW_MS, Rows

Numbers = npt.NDArray[np.int64]

_ROWS_AROUND = 8  # 160 ms
_BINS_AROUND = 10  # 125 Hz
_FLOOR_DB = -90.0  # below is noise of decoders
# In bins: 200 Hz, then an octave or a little more each, to 5 kHz.
_BANDS = (16, 48, 96, 192, 400)
_KEPT = 3  # of a band and a second
_SLOT_ROWS = 1000 // ROW_MS


def peaks(pcm: Pcm) -> Iterator[tuple[Numbers, Numbers]]:
    """Give rows and bins of a sound's peaks, in order of rows, then of bins; some at a time.

    Memory is bounded: a second's rows and their surroundings are looked at together.
    """
    held = np.empty((0, spectrogram.BINS), dtype=np.float32)
    before = 0  # rows at the beginning of `held` that are only surroundings
    start = 0  # number of the first row after those
    for more in spectrogram.rows(pcm):
        held = np.concatenate((held, more))
        whole = (len(held) - before - _ROWS_AROUND) // _SLOT_ROWS * _SLOT_ROWS
        if whole > 0:
            yield _of(held[: before + whole + _ROWS_AROUND], before, whole, start)
            start += whole
            kept = min(_ROWS_AROUND, before + whole)
            held, before = held[before + whole - kept :], kept
    if len(held) > before:
        yield _of(held, before, len(held) - before, start)


def _of(held: Rows, before: int, whole: int, start: int) -> tuple[Numbers, Numbers]:
    """Peaks of `whole` rows, which are whole seconds, after `before` of their surroundings."""
    top = _highest(_highest(held, _ROWS_AROUND).T, _BINS_AROUND).T
    inner = held[before : before + whole]
    rows, bins = np.nonzero((inner >= top[before : before + whole]) & (inner > _FLOOR_DB))
    band = np.searchsorted(_BANDS, bins, side="right")
    within = (band > 0) & (band < len(_BANDS))
    rows, bins, band = rows[within], bins[within], band[within]
    kept = _strongest(inner[rows, bins], rows // _SLOT_ROWS * len(_BANDS) + band)
    return rows[kept] + start, bins[kept]


def _highest(levels: Rows, around: int) -> Rows:
    """The highest of each level and so many before and behind it, along the first axis."""
    least = np.full((around, levels.shape[1]), -np.inf, dtype=np.float32)
    out, size, wanted = np.concatenate((least, levels, least)), 1, 2 * around + 1
    while 2 * size <= wanted:
        out, size = np.maximum(out[:-size], out[size:]), 2 * size
    rest = wanted - size
    return np.maximum(out[: len(out) - rest], out[rest:])


def _strongest(levels: npt.NDArray[np.float32], group: Numbers) -> Numbers:
    """Places of the strongest few of each group, in order."""
    order = np.lexsort((-levels, group))
    groups = group[order]
    first = np.searchsorted(groups, groups)
    return np.sort(order[np.arange(len(order)) - first < _KEPT])
