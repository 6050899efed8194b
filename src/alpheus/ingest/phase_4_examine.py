"""Phase 4: measure what may be wrong with the sound; a person will see it as evidence."""

from collections.abc import Callable

from alpheus.audio.faults import Faults, faults
from alpheus.audio.pcm import Pcm


def run(pcm: Pcm, *, peak: float, on_fraction: Callable[[float], None]) -> Faults:
    """Measure the samples.

    Args:
        pcm: the sound.
        peak: its highest sample, before the sound was lowered to fit.
        on_fraction: told how much is done, 0 to 1.
    """
    return faults(pcm, peak=peak * pcm.gain, on_fraction=on_fraction)
