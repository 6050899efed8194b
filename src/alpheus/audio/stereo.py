"""How alike a sound's two channels are: identical, at another level or polarity, or one a moment after the other.

The measure is the normalised cross-correlation, at every delay up to 30 ms: as far as the ear hears a delayed copy as width
(H. Haas, "Über den Einfluss eines Einfachechos auf die Hörsamkeit von Sprache", Acustica 1, 1951).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alpheus.audio.loudness import decibels
from alpheus.audio.pcm import BLOCK_SAMPLES, Samples

DELAY_MS_MAX = 30
_BLOCKS_HEARD = 12  # spread over the sound: a trick of the mix is the same everywhere


@dataclass(frozen=True)
class Likeness:
    """What the right channel is beside the left: likeness -1 (turned round) to 1 at its best delay.

    `difference` is the highest of any sample of the whole sound; the rest is of passages from everywhere in it.
    """

    difference: float
    likeness: float
    delay_ms: float  # right after left
    balance_db: float  # right above left


class Stereo:
    """Takes a sound's samples in order, in blocks of `BLOCK_SAMPLES`, of which there must be `samples`."""

    def __init__(self, samples: int, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._every = max(1, samples // BLOCK_SAMPLES // _BLOCKS_HEARD)
        self._lags = rate_hz * DELAY_MS_MAX // 1000
        self._cross = np.zeros(2 * self._lags + 1)
        self._left = self._right = self._difference = 0.0
        self._blocks = 0

    def add(self, block: Samples) -> None:
        """Take the next block."""
        self._difference = max(self._difference, float(np.abs(block[:, 0] - block[:, 1]).max(initial=0.0)))
        if self._blocks % self._every == 0 and len(block) > self._lags:
            self._cross += self._correlated(block)
            self._left += float(np.square(block[:, 0], dtype=np.float64).sum())
            self._right += float(np.square(block[:, 1], dtype=np.float64).sum())
        self._blocks += 1

    def _correlated(self, block: Samples) -> npt.NDArray[np.float64]:
        """Cross-correlation from the longest negative to the longest positive delay."""
        least = len(block) + self._lags
        size = min(odd << math.ceil(math.log2(least / odd)) for odd in (1, 3, 5, 9, 15))  # quick to transform
        left, right = (np.fft.rfft(block[:, channel], size) for channel in (0, 1))
        whole = np.fft.irfft(np.conj(left) * right, size)
        lags = np.arange(-self._lags, self._lags + 1)
        # A delay leaves fewer samples to compare.
        return np.asarray(whole[lags] * len(block) / (len(block) - np.abs(lags)), dtype=np.float64)

    def likeness(self) -> Likeness:
        """Tell how alike the channels are; nothing is alike in silence."""
        power = math.sqrt(self._left * self._right)
        if power == 0.0:
            return Likeness(self._difference, 0.0, 0.0, decibels(self._right) - decibels(self._left))
        best = int(np.argmax(np.abs(self._cross)))
        if abs(self._cross[self._lags]) >= 0.999 * abs(self._cross[best]):
            best = self._lags  # a steady tone is like itself a period later too
        balance = 10 * math.log10(self._right / self._left)
        delay_ms = 1000 * (best - self._lags) / self._rate_hz
        return Likeness(
            self._difference,
            round(float(np.clip(self._cross[best] / power, -1, 1)), 5),
            round(delay_ms, 2),
            round(balance, 2),
        )
