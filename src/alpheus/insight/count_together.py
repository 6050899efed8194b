"""Count which recordings are heard together: by the same listener, within two hours of each other.

Done ahead, for what was heard lately, a portion at a time; everything it reads of one recording is bounded, so that
what everybody hears costs no more than what few do.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from alpheus.catalogue.models import Recording
from alpheus.insight.models import Counted, HeardTogether
from alpheus.insight.rules import LISTENERS_LEAST, closeness
from alpheus.listening.models import Play
from alpheus.search.models import Document

WINDOW = timedelta(hours=2)
"""Around a play, what the same listener heard belongs to one sitting."""
LATELY = timedelta(days=1)
AGAIN = timedelta(hours=6)
"""A recording is counted at most so often."""
PORTION = 300
"""Recordings of a run."""
PLAYS_MOST = 400
"""Plays of a recording that are looked at, the latest."""
PLAYS_AT_ONCE = 40
NEIGHBOURS_MOST = 60
"""Others that are kept of a recording, the closest."""


def count_together(*, now: datetime) -> int:
    """Count anew for what was heard lately and not counted since; returns for how many recordings."""
    due = list(_due(now))
    for recording in due:
        _count(recording, now=now)
    return len(due)


def _due(now: datetime) -> list[int]:
    lately = Play.objects.filter(qualified=True, started_at__gt=now - LATELY)
    waiting = lately.exclude(recording__in=Counted.objects.filter(at__gt=now - AGAIN).values("recording"))
    latest = waiting.values("recording").annotate(latest=Max("started_at")).order_by("-latest")
    return list(latest.values_list("recording", flat=True)[:PORTION])


@transaction.atomic
def _count(recording: int, *, now: datetime) -> None:
    together: defaultdict[int, set[int]] = defaultdict(set)
    for other, listener in _around(recording):
        together[other].add(listener)
    said = {other: len(who) for other, who in together.items() if len(who) >= LISTENERS_LEAST}
    plays = _plays(list(said))
    rows = [
        HeardTogether(
            recording_id=recording, other_id=other, listeners=n, closeness=closeness(n, plays.get(other, 0))
        )
        for other, n in said.items()
    ]
    rows.sort(key=lambda row: (-row.closeness, row.other_id))
    HeardTogether.objects.filter(recording=recording).delete()
    HeardTogether.objects.bulk_create(rows[:NEIGHBOURS_MOST])
    Counted.objects.update_or_create(recording_id=recording, defaults={"at": now})


def _around(recording: int) -> Iterator[tuple[int, int]]:
    """Give the recordings that its listeners heard around it, each with who."""
    plays = Play.objects.filter(recording=recording, qualified=True).order_by("-started_at")
    sittings = list(plays.values_list("listener", "started_at")[:PLAYS_MOST])
    for start in range(0, len(sittings), PLAYS_AT_ONCE):
        near = Q()
        for listener, at in sittings[start : start + PLAYS_AT_ONCE]:
            near |= Q(listener=listener, started_at__range=(at - WINDOW, at + WINDOW))
        others = Play.objects.filter(near, qualified=True).exclude(recording=recording)
        yield from others.values_list("recording", "listener")


def _plays(recordings: Sequence[int]) -> dict[int, int]:
    """How often recordings were played in all, as search knows it."""
    gids = dict(Recording.objects.filter(pk__in=recordings).values_list("gid", "pk"))
    known = Document.objects.filter(kind="recording", gid__in=gids).values_list("gid", "popularity")
    return {gids[gid]: popularity for gid, popularity in known}
