"""Reads of this room, named by what they return."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from alpheus.catalogue.models import Recording
from alpheus.catalogue.queries import SIZE_MAX, credits_of, recordings_of
from alpheus.catalogue.shown import recordings_shown
from alpheus.listening.models import Device, Grant, KeyLogFault, Listener, Play
from alpheus.locker import queries as locker
from alpheus.parties.models import Account
from alpheus.rights.early import heard_early
from alpheus.submissions import queries as submissions
from alpheus.values import cursor as cursors
from alpheus.values.cursor import Page


def with_audio(
    gids: Iterable[UUID], *, account: Account | None = None, early_at: datetime | None = None
) -> dict[UUID, Recording]:
    """Recordings by gid, with the assets and renditions that granting needs.

    Unknown gids are left out, and what is not offered, unless this account owns it, or may hear what is handed in; and, where
    `early_at` says when that is asked, unless previews of it are heard before it appears.
    """
    rows = Recording.objects.filter(gid__in=set(gids)).select_related("asset")
    found = {row.gid: row for row in rows.prefetch_related("asset__renditions")}
    hidden = {gid for gid, row in found.items() if row.removed_at}
    heard = submissions.heard_by(account, hidden) | locker.heard_by(account, hidden) if hidden else set()
    if early_at is not None:
        heard |= heard_early(hidden - heard, now=early_at)
    return {gid: row for gid, row in found.items() if gid not in hidden or gid in heard}


def devices_of(listener: Listener) -> QuerySet[Device]:
    """A listener's devices, the latest first."""
    return Device.objects.filter(listener=listener, signed_out_at=None).order_by("-seen_at", "-pk")


def recently_played(listener: Listener, *, limit: int) -> list[Recording]:
    """What a listener heard last, each recording once, the latest first; previews too, but not what they cleared."""
    latest = (
        Play.objects.filter(listener=listener, hidden_at=None)
        .values("recording")
        .annotate(last=Max("started_at"))
        .order_by("-last")[:limit]
    )
    order = [row["recording"] for row in latest]
    found = Recording.objects.in_bulk(order)
    return [found[pk] for pk in order if pk in found]


def qualified_plays(recordings: Sequence[int], *, since: datetime | None = None) -> dict[int, int]:
    """How often recordings (by primary key) were played, counting plays that qualify."""
    rows = Play.objects.filter(recording__in=recordings, qualified=True)
    if since is not None:
        rows = rows.filter(started_at__gte=since)
    return dict(rows.values_list("recording").annotate(plays=Count("pk")))


def heard_most(
    artist: UUID, *, cursor: str | None = None, size: int = 50, explicit: bool = True
) -> Page[Recording]:
    """An artist's recordings that anybody heard, those of most plays that qualify first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    own = recordings_shown().filter(credit__in=credits_of(artist))
    own = own if explicit else own.filter(explicit=False)
    plays = Play.objects.filter(recording__in=own, qualified=True)
    counted = by_plays(f"heard-most-{artist.hex}", plays, cursor=cursor, size=size)
    return Page(recordings_of([gid for gid, _ in counted.rows]), counted.next)


def by_plays(
    ordering: str, plays: QuerySet[Play], *, cursor: str | None, size: int
) -> Page[tuple[UUID, int]]:
    """Recordings (by gid) by how many of these plays they have, those of most first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    at = cursors.decode(ordering, (int, int), cursor) if cursor else None
    rows = plays.values("recording", "recording__gid").annotate(times=Count("pk"))
    if at:
        rows = rows.filter(Q(times__lt=at[0]) | Q(times=at[0], recording__gt=at[1]))
    limit = min(max(size, 1), SIZE_MAX)
    read = list(rows.order_by("-times", "recording")[: limit + 1])
    shown = read[:limit]
    more = (
        cursors.encode(ordering, (shown[-1]["times"], shown[-1]["recording"])) if len(read) > limit else None
    )
    return Page([(row["recording__gid"], row["times"]) for row in shown], more)


def listening_now(*, now: datetime) -> int:
    """How many streams hold a grant that is not over."""
    live = Grant.objects.filter(expires_at__gt=now, cancelled_at=None)
    return live.values("stream").distinct().count()


def key_log_faults(*, limit: int = 50) -> QuerySet[KeyLogFault]:
    """Damage noticed in key logs, the latest first."""
    return KeyLogFault.objects.order_by("-noticed_at", "-pk")[:limit]
