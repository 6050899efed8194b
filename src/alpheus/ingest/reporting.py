"""Progress: how much of the whole each phase is, and how it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alpheus.ingest.manifest import PHASES, Progress

# Shares of the time that a song of three minutes takes.
_SHARES = {
    "probe": 0.03,
    "decode": 0.05,
    "measure": 0.05,
    "examine": 0.03,
    "recognise": 0.05,
    "encode": 0.75,
    "package": 0.02,
    "index": 0.02,
}
# CPU time of each rendition beside AAC 128.
_EFFORT = {"aac-64": 1.2, "aac-128": 1.0, "aac-256": 1.6, "flac": 0.15}
_STEP = 0.005  # of the whole: finer is not worth a message


class Reporter:
    """Tells progress phase by phase; fractions never fall and the last is exactly 1."""

    def __init__(self, on_progress: Callable[[Progress], None]) -> None:
        self._on_progress = on_progress
        self._told = Progress(PHASES[0], -1.0, 0.0)

    def __call__(self, phase: str, within: float) -> None:
        """Tell that `phase` is done to `within`, 0 to 1; a phase that is behind the last one told is not told."""
        before = sum(_SHARES[earlier] for earlier in PHASES[: PHASES.index(phase)])
        fraction = min(1.0, before + _SHARES[phase] * min(1.0, within))
        new_phase = phase != self._told.phase
        if fraction < self._told.fraction or not (new_phase or fraction - self._told.fraction >= _STEP):
            return
        self._tell(Progress(phase, fraction, min(1.0, within)))

    def done(self) -> None:
        """Tell that all is done."""
        self._tell(Progress(PHASES[-1], 1.0, 1.0))

    def _tell(self, progress: Progress) -> None:
        self._told = progress
        self._on_progress(progress)

    def shares(self, renditions: Sequence[str]) -> list["Share"]:
        """Divide the phase "encode" between renditions by their effort; package and index are the last one's."""
        total = sum(_EFFORT[name] for name in renditions)
        shares, start = [], 0.0
        for position, name in enumerate(renditions):
            size = _EFFORT[name] / total
            shares.append(Share(self, start, size, last=position == len(renditions) - 1))
            start += size
        return shares


@dataclass(frozen=True)
class Share:
    """One rendition's part of the progress."""

    report: Reporter
    start: float  # within "encode"
    size: float
    last: bool

    def encoding(self, fraction: float) -> None:
        """Tell that the rendition is encoded to `fraction`."""
        self.report("encode", self.start + self.size * fraction)

    def packaged(self) -> None:
        """Tell that its chunks are cut and sealed."""
        if self.last:
            self.report("package", 1.0)

    def published(self) -> None:
        """Tell that it is ready."""
        if self.last:
            self.report("index", 1.0)
