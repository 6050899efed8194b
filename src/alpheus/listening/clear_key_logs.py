"""Clear key log segments that are folded and old."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from alpheus.listening import keylog
from alpheus.listening.keylog import Segment
from alpheus.listening.models import FoldedSegment, KeyLogFault
from alpheus.listening.rules import KeptSegment, clearable_segments
from alpheus.values.cleared import Cleared

BEHIND = timedelta(days=1)
"""Folding comes by every few seconds; what has waited so long is not being folded."""


def clear_key_logs(*, folder: Path, before: datetime, dry_run: bool) -> Cleared:
    """Delete segments last written before a time that are sealed and wholly folded, the oldest first.

    What was folded stays written down, so that a segment delivered once more is still known.

    Args:
        folder: holds one folder an edge.
        before: the time.
        dry_run: only count.
    """
    cleared = Cleared()
    for edge in keylog.edges(folder):
        kept = list(_kept(edge))
        names = clearable_segments([state for _, state in kept], before=before.timestamp())
        for segment, state in kept:
            if state.name in names:
                if not dry_run:
                    segment.path.unlink(missing_ok=True)
                cleared += Cleared(1, state.size_bytes)
    return cleared


def folding_is_behind(*, folder: Path, now: datetime) -> bool:
    """Tell whether segments wait to be folded for long: then what they name must stay."""
    return any(
        not state.over
        and state.folded_bytes < state.size_bytes
        and state.written_at < (now - BEHIND).timestamp()
        for edge in keylog.edges(folder)
        for _, state in _kept(edge)
    )


def _kept(edge: Path) -> Iterator[tuple[Segment, KeptSegment]]:
    rows = {row.segment: row for row in FoldedSegment.objects.filter(edge=edge.name)}
    faulty = set(KeyLogFault.objects.filter(edge=edge.name).values_list("segment", flat=True))
    for segment in keylog.segments(edge):
        try:
            status = segment.path.stat()
        except FileNotFoundError:
            continue  # cleared by another run
        row = rows.get(segment.name)
        yield (
            segment,
            KeptSegment(
                name=segment.name,
                size_bytes=status.st_size,
                folded_bytes=row.offset if row else 0,
                over=row.sealed if row else False,
                faulty=segment.name in faulty,
                written_at=status.st_mtime,
            ),
        )
