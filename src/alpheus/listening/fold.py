"""Fold an edge's key log into plays, exactly once by (edge, segment, offset).

What a chunk of the log changes (plays, the streams' histories, how far the segment is folded) is written in
one transaction. A chunk that was folded before, by this worker or another, is recognised by its offset and
changes nothing; so segments may be delivered twice, in pieces, and to several workers.

Each segment is held against its seal and against what the next one says of it. What does not agree is a fault for
the operator; the records that can be read are folded all the same.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from alpheus.listening import history, keylog
from alpheus.listening.errors import FoldedElsewhere
from alpheus.listening.keylog import Chunk, Fault, Opening, Segment
from alpheus.listening.models import FoldedSegment, Grant, KeyLogFault, Play, StreamMove, StreamState
from alpheus.listening.rules import PlayHeard, StreamHistory, fold, line_up, ready, unknown_grants
from alpheus.submissions import queries as submissions
from alpheus.submissions.hearing.note import Told, note_told

log = logging.getLogger("alpheus.listening")

CHUNK_BYTES = 256 * 1024
"""A transaction's share of the log: about a thousand records."""
PATIENCE = timedelta(minutes=10)
"""How long a segment that overtook another waits for it."""
LATE_MAX = 500
"""Streams that a run stops waiting for."""
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
    done.add(_stop_waiting(now=now))
    return done


@transaction.atomic
def _stop_waiting(*, now: datetime) -> Folded:
    """Count what waited too long for the log of the edge that a stream left."""
    late = StreamState.objects.select_for_update().filter(waits_since__lt=now - PATIENCE)
    histories = {row.stream.hex: history.from_plain(row.state) for row in late[:LATE_MAX]}
    if not histories:
        return Folded()
    plays, strange = _apply(histories, patient=False)
    faults = [*strange, *_write_plays(plays)]
    faults += [f"stream {stream} went on without what the edge before logged of it" for stream in histories]
    _write_histories(histories, now=now)
    _report("edges", "moves", [Fault(0, reason) for reason in faults], now=now)
    return Folded(plays=len(plays), faults=faults)


def fold_edge(edge: str, folder: Path, *, now: datetime) -> Folded:
    """Fold all that is new in one edge's key log, segment by segment in order.

    A segment is over when it is sealed or a later one has begun. Segments are numbered from 1 without gaps; one
    that overtook another on its way is left until the other arrives, or has not for so long that it never will.
    """
    done = Folded()
    segments = keylog.segments(folder)
    rows = {row.segment: row for row in FoldedSegment.objects.filter(edge=edge)}
    _look_for_lost(edge, segments, rows, now=now)
    last = max(map(int, rows), default=0)
    for number, segment in enumerate(segments):
        row = rows.get(segment.name)
        if row is not None and row.sealed:
            continue
        if row is None and segment.number != last + 1:
            age_seconds = now.timestamp() - segment.path.stat().st_mtime
            if segment.number > last and age_seconds < PATIENCE.total_seconds():
                break
            _report(edge, segment.name, [Fault(0, _out_of_order(segment, last))], now=now)
        last = max(last, segment.number)
        later = segments[number + 1] if number + 1 < len(segments) else None
        try:
            done.add(_fold_segment(edge, folder, segment, later=later, now=now))
        except FoldedElsewhere:
            break  # another worker is at it; what it leaves is folded next time
    return done


def _out_of_order(segment: Segment, last: int) -> str:
    if segment.number < last:
        return f"it arrived after it had been given up, when {last} was folded already; plays may lack what it says"
    return f"no segment between {last} and this one arrived"


def _look_for_lost(
    edge: str, segments: Sequence[Segment], rows: Mapping[str, FoldedSegment], *, now: datetime
) -> None:
    """Report segments that are shorter than they were when they were folded, or gone before their end."""
    sizes = {segment.name: segment.path.stat().st_size for segment in segments}
    for name, row in rows.items():
        size = sizes.get(name)
        if size is None and not row.sealed:
            _report(edge, name, [Fault(row.offset, "the segment is gone; it was folded up to here")], now=now)
        elif size is not None and size < row.offset:
            reason = (
                "the segment ends before what was folded of it; a key log that was begun anew counts only "
                "after it was given another edge's name"
            )
            _report(edge, name, [Fault(row.offset, reason)], now=now)


def _fold_segment(
    edge: str, folder: Path, segment: Segment, *, later: Segment | None, now: datetime
) -> Folded:
    done = Folded()
    row = FoldedSegment.objects.filter(edge=edge, segment=segment.name).first()
    offset = row.offset if row else 0
    # One that its edge may still give up does not end the one before.
    grows = later is None or not keylog.is_begun(folder, later)
    following = None if grows or later is None else _following(segment, later)
    until = keylog.on_disk(folder, segment) if grows else following.size if following else None
    while True:
        chunk = keylog.read(segment.path, offset=offset, size=CHUNK_BYTES, until=until)
        over = chunk.sealed or (chunk.exhausted and not grows)
        if chunk.end == offset and not over:
            return done
        end = _end(segment, chunk, following) if over else None
        done.add(_fold_chunk(edge, segment, offset=offset, chunk=chunk, end=end, now=now))
        offset = chunk.end
        if chunk.exhausted:
            return done


def _following(segment: Segment, later: Segment) -> Opening | None:
    """What the next segment says of this one, if it is the next."""
    found = keylog.opening(later.path)
    return found if found and found.number == later.number == segment.number + 1 else None


@dataclass(frozen=True)
class _End:
    """How a segment ended: what the next one must say of it, and what is wrong with it."""

    sha256: str
    faults: tuple[Fault, ...] = ()


def _end(segment: Segment, chunk: Chunk, following: Opening | None) -> _End:
    """Hold a whole segment against its seal, or one without a seal against what the next one says of it."""
    if chunk.seal is not None:
        found = keylog.sha256(segment.path, size=chunk.seal.offset)
        said = chunk.seal.sha256 or found
        reason = "the seal does not fit what is in front of it: something was changed or taken out"
    elif following is not None:
        found, said = keylog.sha256(segment.path, size=following.size), following.previous
        reason = "it is not what the next segment says of it: its end is missing, or something was changed"
    else:
        return _End("")
    return _End(said, () if found == said else (Fault(chunk.end, reason),))


def _chained(edge: str, segment: Segment, opening: Opening | None) -> list[Fault]:
    """Hold a segment's opening against the segment before it, as far as both are known."""
    if opening is None:
        return []
    if opening.number != segment.number:
        return [Fault(0, f"it was written as number {opening.number}")]
    before = FoldedSegment.objects.filter(edge=edge, segment=f"{segment.number - 1:020}").first()
    known = before.sha256 if before else keylog.NO_HASH if segment.number == 1 else ""
    if known in {"", opening.previous}:
        return []
    return [Fault(0, "it does not follow the segment before it: the chain of seals is broken")]


@transaction.atomic
def _fold_chunk(
    edge: str, segment: Segment, *, offset: int, chunk: Chunk, end: _End | None, now: datetime
) -> Folded:
    """Write what one chunk changes, if it is still the next one of its segment.

    Raises:
        FoldedElsewhere: it is not.
    """
    row, _ = FoldedSegment.objects.select_for_update().get_or_create(edge=edge, segment=segment.name)
    if row.offset != offset or row.sealed:
        raise FoldedElsewhere(f"{edge}/{segment.name} is folded up to {row.offset}, not {offset}")
    histories = _histories({record.stream for record in chunk.records})
    for record in chunk.records:
        line_up(histories[record.stream], record)
    plays, strange = _apply(histories)
    missing = _write_plays(plays)
    _write_histories(histories, now=now)
    faults = [*_chained(edge, segment, chunk.opening), *chunk.faults, *(end.faults if end else ())]
    faults += [Fault(offset, reason) for reason in [*strange, *missing]]
    _report(edge, segment.name, faults, now=now)
    row.offset, row.sealed, row.sha256 = chunk.end, end is not None, end.sha256 if end else ""
    row.save(update_fields=["offset", "sealed", "sha256"])
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
    histories: dict[str, StreamHistory], *, patient: bool = True
) -> tuple[dict[tuple[str, int], PlayHeard], list[str]]:
    """Fold the records that wait in histories, as far as they can be; all of them when not patient.

    Returns:
        The plays that changed, by stream and ordinal, as they are after the last record; and what was strange.
    """
    plays: dict[tuple[str, int], PlayHeard] = {}
    strange: list[str] = []
    moves = _moves(histories)
    for stream, known in histories.items():
        for record in ready(known, moves.get(stream, ()), patient=patient):
            unknown = sorted(unknown_grants(known, record))
            strange += [f"stream {stream} names grant {gid}, never described" for gid in unknown]
            plays |= {(stream, play.ordinal): play for play in fold(known, record)}
    return plays, strange


def _moves(streams: Iterable[str]) -> dict[str, list[int]]:
    """Up to which sequences streams were at an edge that they left."""
    moves: dict[str, list[int]] = {}
    for stream, sequence in StreamMove.objects.filter(stream__in=list(streams)).values_list(
        "stream", "sequence"
    ):
        moves.setdefault(stream.hex, []).append(sequence)
    return moves


def _write_plays(plays: dict[tuple[str, int], PlayHeard]) -> list[str]:
    """Write plays as they now are. What is handed in and heard to be judged was not played by anybody: it is told to who judges.

    Returns:
        What could not be written, because nobody granted it: sentences for the operator.
    """
    named = {UUID(play.grant) for play in plays.values()}
    found = Grant.objects.filter(gid__in=named).select_related("listener")
    grants = {grant.gid.hex: grant for grant in found}
    note_told(plays=_judged(plays, grants))
    work = submissions.held_among(grant.recording_id for grant in grants.values())
    rows = [
        _row(stream, play, grants[play.grant])
        for (stream, _), play in plays.items()
        if play.grant in grants
        # Whoever judges hears all of it; previews are what everybody hears before it appears.
        and (grants[play.grant].preview or grants[play.grant].recording_id not in work)
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


def _judged(plays: Mapping[tuple[str, int], PlayHeard], grants: Mapping[str, Grant]) -> list[Told]:
    """What accounts heard whole: of that auditors may have heard what they judge."""
    return [
        Told(
            account=grant.listener.account_id,
            recording=grant.recording_id,
            grant=grant.gid,
            ordinal=ordinal,
            begun_at=datetime.fromtimestamp(play.started_ms / 1000, tz=UTC),
            heard_ms=play.heard_ms,
        )
        for (_, ordinal), play in plays.items()
        if (grant := grants.get(play.grant)) and not grant.preview and grant.listener.account_id is not None
    ]


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
            StreamState(
                stream=UUID(stream),
                state=history.to_plain(known),
                waits_since=_waits_since(known),
                updated_at=now,
            )
            for stream, known in histories.items()
        ],
        update_conflicts=True,
        unique_fields=["stream"],
        update_fields=["state", "waits_since", "updated_at"],
        batch_size=500,
    )


def _waits_since(known: StreamHistory) -> datetime | None:
    return datetime.fromtimestamp(known.waiting[0].wall_ms / 1000, tz=UTC) if known.waiting else None


def _report(edge: str, segment: str, faults: Iterable[Fault], *, now: datetime) -> None:
    """Keep faults for the operator and say them in the log, each once."""
    for fault in faults:
        _, is_new = KeyLogFault.objects.get_or_create(
            edge=edge,
            segment=segment,
            offset=fault.offset,
            reason=fault.reason[:500],
            defaults={"noticed_at": now},
        )
        if is_new:
            log.error(
                "key_log_fault",
                extra={"edge": edge, "segment": segment, "offset": fault.offset, "reason": fault.reason},
            )


def forget_streams(*, now: datetime) -> int:
    """Delete the histories of streams that are over. Returns how many."""
    StreamMove.objects.filter(moved_at__lt=now - STREAM_KEPT).delete()
    deleted, _ = StreamState.objects.filter(updated_at__lt=now - STREAM_KEPT).delete()
    return deleted
