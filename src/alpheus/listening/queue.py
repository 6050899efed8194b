"""The entries of a listener's queue: windows of it, and each way in which it is edited.

The rule for edits from several devices at once stands in docs/session.md. In short: they name entries, not places;
they happen in the order in which they arrive here; none that adds is ever lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Cast, Random

from alpheus.listening.errors import QueueFull
from alpheus.listening.models import PlaybackSession, QueueEntry
from alpheus.listening.places import GAP, entry_gids, ranks_between

QUEUE_MAX = 10_000
"""Entries in a queue: a long artist's whole work; more would be a library, not a queue."""
_BATCH = 1_000
"""Rows in one INSERT: SQLite takes 32,766 values in a statement, PostgreSQL 65,535."""
_SPREAD = 1 << 52
"""Shuffled ranks are drawn from so many: two of ten thousand are the same once in ninety million shuffles."""


@dataclass(frozen=True)
class Anchor:
    """Where entries are put: after one that is there, else before another that is, else at the end."""

    after: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True)
class Window:
    """A stretch of the queue in the order of play."""

    entries: Sequence[QueueEntry]
    offset: int
    """Which place of the queue its first entry has."""
    length: int
    """Of the whole queue."""


def ordered(session: PlaybackSession) -> QuerySet[QueueEntry]:
    """The queue in the order of play."""
    return QueueEntry.objects.filter(session=session).order_by("rank", "id")


def find(session: PlaybackSession, gid: UUID | None) -> QueueEntry | None:
    """An entry, if it is still there."""
    return QueueEntry.objects.filter(session=session, gid=gid).first() if gid else None


def window(session: PlaybackSession, around: UUID | None, *, before: int, after: int) -> Window:
    """The entries around one; those at the start where it is not there."""
    length = QueueEntry.objects.filter(session=session).count()
    middle = find(session, around)
    place = earlier(middle).count() if middle else 0
    offset = max(place - before, 0)
    return Window(list(ordered(session)[offset : place + after + 1]), offset, length)


def part(session: PlaybackSession, *, offset: int, limit: int) -> Window:
    """A stretch of the queue by its place."""
    length = QueueEntry.objects.filter(session=session).count()
    return Window(list(ordered(session)[offset : offset + limit]), offset, length)


def following(entry: QueueEntry, count: int) -> list[QueueEntry]:
    """The entries that come next in the order of play."""
    return list(later(entry).order_by("rank", "id")[:count])


def preceding(entry: QueueEntry) -> QueueEntry | None:
    """The entry that comes before."""
    return earlier(entry).order_by("-rank", "-id").first()


def first(session: PlaybackSession) -> QueueEntry | None:
    """The entry that the queue begins with."""
    return ordered(session).first()


def last(session: PlaybackSession) -> QueueEntry | None:
    """The entry that the queue ends with."""
    return ordered(session).last()


def replace(session: PlaybackSession, *, recordings: Sequence[UUID], index: int, seed: str) -> QueueEntry:
    """Put another queue in the place of this one; the one at `index` plays, first of all where it is shuffled."""
    QueueEntry.objects.filter(session=session).delete()
    rows = [
        QueueEntry(session=session, gid=gid, recording=recording, rank=place * GAP, given=place * GAP)
        for place, (gid, recording) in enumerate(
            zip(entry_gids(seed, len(recordings)), recordings, strict=True), start=1
        )
    ]
    QueueEntry.objects.bulk_create(rows, batch_size=_BATCH)
    chosen = rows[index]
    if session.shuffle:
        shuffle(session, chosen)
    return chosen


def insert(session: PlaybackSession, *, recordings: Sequence[UUID], seed: str, anchor: Anchor) -> None:
    """Put recordings into the queue; those of the seed that are there already are not put there twice.

    Raises:
        QueueFull: the queue would grow too long.
    """
    named = list(zip(entry_gids(seed, len(recordings)), recordings, strict=True))
    there = set(
        QueueEntry.objects.filter(session=session, gid__in=[gid for gid, _ in named]).values_list(
            "gid", flat=True
        )
    )
    fresh = [(gid, recording) for gid, recording in named if gid not in there]
    if QueueEntry.objects.filter(session=session).count() + len(fresh) > QUEUE_MAX:
        raise QueueFull("The queue is full. Take something out, or begin a new one.")
    ranks = _room(session, anchor, len(fresh), "rank")
    given = _room(session, anchor, len(fresh), "given")
    rows = [
        QueueEntry(session=session, gid=gid, recording=recording, rank=rank, given=place)
        for (gid, recording), rank, place in zip(fresh, ranks, given, strict=True)
    ]
    QueueEntry.objects.bulk_create(rows, batch_size=_BATCH)


def move(session: PlaybackSession, *, entry: UUID, anchor: Anchor) -> bool:
    """Move an entry. False when it is not there any more, or would be its own neighbour: nothing happened."""
    moved = find(session, entry)
    if moved is None or entry in {anchor.after, anchor.before}:
        return False
    (moved.rank,) = _room(session, anchor, 1, "rank")
    if not session.shuffle:  # then both orders are one
        moved.given = moved.rank
    moved.save(update_fields=["rank", "given"])
    return True


def remove(session: PlaybackSession, entries: Sequence[UUID]) -> bool:
    """Take entries out. False when none was there."""
    return bool(QueueEntry.objects.filter(session=session, gid__in=entries).delete()[0])


def clear(session: PlaybackSession) -> bool:
    """Take out everything but what plays. False when nothing else was there."""
    rows = QueueEntry.objects.filter(session=session)
    return bool((rows.exclude(gid=session.entry) if session.entry else rows).delete()[0])


def shuffle(session: PlaybackSession, chosen: QueueEntry | None) -> None:
    """Draw a new order; what plays comes first. One statement, however long the queue is."""
    drawn = Cast(Random() * _SPREAD, BigIntegerField()) + GAP
    QueueEntry.objects.filter(session=session).update(rank=drawn)
    if chosen:
        QueueEntry.objects.filter(pk=chosen.pk).update(rank=0)


def unshuffle(session: PlaybackSession) -> None:
    """Put the queue back into the order in which it was given."""
    QueueEntry.objects.filter(session=session).update(rank=F("given"))


def later(entry: QueueEntry) -> QuerySet[QueueEntry]:
    """All that come after an entry in the order of play."""
    same = QueueEntry.objects.filter(session=entry.session_id)
    return same.filter(Q(rank__gt=entry.rank) | Q(rank=entry.rank, pk__gt=entry.pk))


def earlier(entry: QueueEntry) -> QuerySet[QueueEntry]:
    """All that come before an entry in the order of play."""
    same = QueueEntry.objects.filter(session=entry.session_id)
    return same.filter(Q(rank__lt=entry.rank) | Q(rank=entry.rank, pk__lt=entry.pk))


def _room(session: PlaybackSession, anchor: Anchor, count: int, order: str) -> list[int]:
    """Ranks for so many entries at an anchor. Where there is no room, all that follows moves up in one statement."""
    low, high = _neighbours(session, anchor, order)
    ranks = ranks_between(low, high, count)
    if ranks is None:
        up = GAP * (count + 1)
        beyond = Q(**{f"{order}__gt": low})
        QueueEntry.objects.filter(beyond, session=session).update(**{order: F(order) + up})
        ranks = ranks_between(low, (low or 0) + up, count)
    return ranks or []


def _neighbours(session: PlaybackSession, anchor: Anchor, order: str) -> tuple[int | None, int | None]:
    """The ranks on both sides of an anchor."""
    rows = QueueEntry.objects.filter(session=session)
    after = rows.filter(gid=anchor.after).values_list(order, flat=True).first() if anchor.after else None
    if after is not None:
        return after, rows.filter(**{f"{order}__gt": after}).order_by(order).values_list(
            order, flat=True
        ).first()
    before = rows.filter(gid=anchor.before).values_list(order, flat=True).first() if anchor.before else None
    if before is not None:
        return rows.filter(**{f"{order}__lt": before}).order_by(f"-{order}").values_list(
            order, flat=True
        ).first(), before
    return rows.order_by(f"-{order}").values_list(order, flat=True).first(), None
