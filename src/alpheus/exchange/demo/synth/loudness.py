"""How loud a sound is to an ear: K-weighting (ITU-R BS.1770-5), so that a desk can be set by numbers."""

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.signal import sosfilt

from alpheus.audio import loudness
from alpheus.exchange.demo.synth.sound import RATE_HZ, Stereo

_STEP = RATE_HZ // 10  # gating blocks of 400 ms every 100 ms


@cache
def _k_weighting() -> npt.NDArray[np.float64]:
    """Give the two filters of BS.1770 for our rate (their analogue form as in libebur128)."""
    k, q = np.tan(np.pi * 1681.974450955533 / RATE_HZ), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band, a0 = high**0.4996667741545416, 1 + k / q + k * k
    shelf = [(high + band * k / q + k * k), 2 * (k * k - high), (high - band * k / q + k * k)]
    first = [*(x / a0 for x in shelf), 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    k, q = np.tan(np.pi * 38.13547087602444 / RATE_HZ), 0.5003270373238773
    a0 = 1 + k / q + k * k
    return np.array([first, [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]])


def integrated_lufs(sound: Stereo) -> float:
    """Measure the integrated loudness in LUFS; -70 for silence."""
    weighted = sosfilt(_k_weighting(), sound, axis=0)
    power = np.einsum("ij,ij->i", weighted, weighted)
    steps = power[: len(power) // _STEP * _STEP].reshape(-1, _STEP).mean(axis=1)
    if len(steps) < 4:
        return loudness.SILENT_LUFS
    blocks = np.convolve(steps, np.ones(4) / 4, mode="valid")
    return loudness.integrated(loudness.histogram(-0.691 + 10 * np.log10(blocks + 1e-12)))
