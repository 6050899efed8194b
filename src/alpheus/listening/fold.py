"""Fold an edge's key log into plays, exactly once by (edge, segment, offset).

What a chunk of the log changes (plays, the streams' histories, how far the segment is folded) is written in
one transaction. A chunk that was folded before, by this worker or another, is recognised by its offset and
changes nothing; so segments may be delivered twice, in pieces, and to several workers.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from alpheus.listening import history, keylog
from alpheus.listening.errors import FoldedElsewhere
from alpheus.listening.keylog import Chunk, Fault, Segment
from alpheus.listening.models import FoldedSegment, Grant, KeyLogFault, Play, StreamState
from alpheus.listening.rules import KeyRecord, PlayHeard, StreamHistory, fold, unknown_grants

log = logging.getLogger("alpheus.listening")

CHUNK_BYTES = 256 * 1024
"""A transaction's share of the log: about a thousand records."""
PATIENCE = timedelta(minutes=10)
"""How long a segment that overtook another waits for it."""
STREAM_KEPT = timedelta(days=7)
"""A stream that was silent so long is over: its grants ended minutes after it."""


@dataclass
class Folded:
    """What a run of folding did."""

    records: int = 0
    plays: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Folded") -> None:
        """Count another run's work with this one's."""
        self.records += other.records
        self.plays += other.plays
        self.faults += other.faults


def fold_all(folder: Path, *, now: datetime) -> Folded:
    """Fold all that is new in the key logs of all edges.

    Args:
        folder: holds one folder an edge, named by the edge's id.
        now: the time.
    """
    done = Folded()
    for edge_folder in keylog.edges(folder):
        done.add(fold_edge(edge_folder.name, edge_folder, now=now))
    return done


def fold_edge(edge: str, folder: Path, *, now: datetime) -> Folded:
    """Fold all that is new in one edge's key log, segment by segment in order.

    A segment is over when it is sealed or a later one exists: an edge that restarts begins a new one. Segments
    are numbered without gaps; one that overtook another on its way is left until the other arrives, or has not
    for so long that it never will.
    """
    done = Folded()
    segments = keylog.segments(folder)
    rows = FoldedSegment.objects.filter(edge=edge)
    finished = set(rows.filter(sealed=True).values_list("segment", flat=True))
    last = rows.order_by("-segment").values_list("segment", flat=True).first()
    for segment in segments:
        if segment.name in finished:
            continue
        if last is not None and segment.number > int(last) + 1:
            if now.timestamp() - segment.path.stat().st_mtime < PATIENCE.total_seconds():
                break
            _report(
                edge, segment, [Fault(0, f"no segment between {int(last)} and this one arrived")], now=now
            )
        last = segment.name
        try:
            done.add(_fold_segment(edge, segment, is_last=segment is segments[-1], now=now))
        except FoldedElsewhere:
            break  # another worker is at it; what it leaves is folded next time
    return done


def _fold_segment(edge: str, segment: Segment, *, is_last: bool, now: datetime) -> Folded:
    done = Folded()
    row = FoldedSegment.objects.filter(edge=edge, segment=segment.name).first()
    offset = row.offset if row else 0
    while True:
        chunk = keylog.read(segment.path, offset=offset, size=CHUNK_BYTES)
        over = chunk.sealed or (chunk.exhausted and not is_last)
        if chunk.end == offset and not over:
            return done
        done.add(_fold_chunk(edge, segment, offset=offset, chunk=chunk, over=over, now=now))
        offset = chunk.end
        if chunk.exhausted:
            return done


@transaction.atomic
def _fold_chunk(
    edge: str, segment: Segment, *, offset: int, chunk: Chunk, over: bool, now: datetime
) -> Folded:
    """Write what one chunk changes, if it is still the next one of its segment.

    Raises:
        FoldedElsewhere: it is not.
    """
    row, _ = FoldedSegment.objects.select_for_update().get_or_create(edge=edge, segment=segment.name)
    if row.offset != offset or row.sealed:
        raise FoldedElsewhere(f"{edge}/{segment.name} is folded up to {row.offset}, not {offset}")
    histories = _histories({record.stream for record in chunk.records})
    plays, strange = _apply(histories, chunk.records)
    missing = _write_plays(plays)
    _write_histories(histories, now=now)
    faults = [*chunk.faults, *(Fault(offset, reason) for reason in [*strange, *missing])]
    _report(edge, segment, faults, now=now)
    row.offset, row.sealed = chunk.end, over
    row.save(update_fields=["offset", "sealed"])
    told = [f"{edge}/{segment.name} at {fault.offset}: {fault.reason}" for fault in faults]
    return Folded(records=len(chunk.records), plays=len(plays), faults=told)


def _histories(streams: set[str]) -> dict[str, StreamHistory]:
    """The histories of streams as far as they are folded; new ones number their plays from the next free."""
    rows = StreamState.objects.select_for_update().filter(stream__in=streams)
    found = {row.stream.hex: history.from_plain(row.state) for row in rows}
    fresh = streams - found.keys()
    counted = Play.objects.filter(stream__in=fresh).values_list("stream").annotate(last=Max("ordinal"))
    used = {stream.hex: last + 1 for stream, last in counted}
    return found | {stream: StreamHistory(plays=used.get(stream, 0)) for stream in fresh}


def _apply(
    histories: dict[str, StreamHistory], records: Iterable[KeyRecord]
) -> tuple[dict[tuple[str, int], PlayHeard], list[str]]:
    """Fold records into histories.

    Returns:
        The plays that changed, by stream and ordinal, as they are after the last record; and what was strange.
    """
    plays: dict[tuple[str, int], PlayHeard] = {}
    strange: list[str] = []
    for record in records:
        known = histories[record.stream]
        unknown = unknown_grants(known, record)
        strange += [f"stream {record.stream} names grant {gid}, never described" for gid in sorted(unknown)]
        plays |= {(record.stream, play.ordinal): play for play in fold(known, record)}
    return plays, strange


def _write_plays(plays: dict[tuple[str, int], PlayHeard]) -> list[str]:
    """Write plays as they now are.

    Returns:
        What could not be written, because nobody granted it: sentences for the operator.
    """
    named = {UUID(play.grant) for play in plays.values()}
    grants = {grant.gid.hex: grant for grant in Grant.objects.filter(gid__in=named)}
    rows = [
        _row(stream, play, grants[play.grant]) for (stream, _), play in plays.items() if play.grant in grants
    ]
    Play.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["stream", "ordinal"],
        update_fields=["heard_ms", "qualified"],
        batch_size=500,
    )
    orphans = sorted({play.grant for play in plays.values()} - grants.keys())
    return [f"music was heard under grant {gid}, which is not in the database" for gid in orphans]


def _row(stream: str, play: PlayHeard, grant: Grant) -> Play:
    return Play(
        listener_id=grant.listener_id,
        recording_id=grant.recording_id,
        grant=grant,
        stream=UUID(stream),
        ordinal=play.ordinal,
        preview=play.preview,
        started_at=datetime.fromtimestamp(play.started_ms / 1000, tz=UTC),
        heard_ms=play.heard_ms,
        qualified=play.qualified,
        territory=play.territory,
    )


def _write_histories(histories: dict[str, StreamHistory], *, now: datetime) -> None:
    StreamState.objects.bulk_create(
        [
            StreamState(stream=UUID(stream), state=history.to_plain(known), updated_at=now)
            for stream, known in histories.items()
        ],
        update_conflicts=True,
        unique_fields=["stream"],
        update_fields=["state", "updated_at"],
        batch_size=500,
    )


def _report(edge: str, segment: Segment, faults: Iterable[Fault], *, now: datetime) -> None:
    """Keep faults for the operator and say them in the log."""
    for fault in faults:
        log.error(
            "key_log_fault",
            extra={"edge": edge, "segment": segment.name, "offset": fault.offset, "reason": fault.reason},
        )
        KeyLogFault.objects.get_or_create(
            edge=edge,
            segment=segment.name,
            offset=fault.offset,
            defaults={"reason": fault.reason[:500], "noticed_at": now},
        )


def forget_streams(*, now: datetime) -> int:
    """Delete the histories of streams that are over. Returns how many."""
    deleted, _ = StreamState.objects.filter(updated_at__lt=now - STREAM_KEPT).delete()
    return deleted
