"""Counts how far each phase of an import is, and tells whoever watches."""

from collections import defaultdict
from collections.abc import Callable

from alpheus.exchange.folder.report import Report, Status

READING, FIRST, REST = "reading", "first", "rest"


class Meter:
    """Progress by phase: whole files that are finished, and parts of those at work."""

    def __init__(self, report: Report, on_progress: Callable[[Status], None]) -> None:
        self._report, self._on_progress = report, on_progress
        self._totals: dict[str, int] = defaultdict(int)
        self._finished: dict[str, int] = defaultdict(int)
        self._parts: dict[str, float] = {}

    def expect(self, phase: str, files: int) -> None:
        """Say how many files a phase has."""
        self._totals[phase] = files
        self.tell(phase)

    def part(self, name: str, fraction: float) -> None:
        """Say how far a file is."""
        self._parts[name] = fraction

    def finish(self, phase: str, name: str = "", files: int = 1) -> None:
        """Say that files are finished, whatever became of them."""
        self._parts.pop(name, None)
        self._finished[phase] += files

    def tell(self, phase: str) -> None:
        """Tell how far a phase is."""
        report, total = self._report, self._totals[phase]
        self._on_progress(
            Status(
                phase=phase,
                done=min(self._finished[phase] + sum(self._parts.values()), total),
                total=total,
                imported=report.imported + report.changed + report.duplicates,
                refused=report.fresh_refusals,
            )
        )
