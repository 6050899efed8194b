"""Phase 3: measure loudness, peaks, silence and the loudest passage."""

from collections.abc import Callable

from alpheus.audio.measure import Measure, measure
from alpheus.audio.pcm import Pcm


def run(pcm: Pcm, *, on_fraction: Callable[[float], None]) -> Measure:
    """Measure the samples."""
    return measure(pcm, on_fraction)


def notes(measured: Measure) -> tuple[str, ...]:
    """Say in sentences what its owner should know."""
    said = []
    if measured.clipped_places:
        said.append(
            f"It is clipped in {measured.clipped_places} places; a master with headroom sounds better."
        )
    if not measured.loudness_blocks:
        said.append("It is silent from beginning to end.")
    return tuple(said)
