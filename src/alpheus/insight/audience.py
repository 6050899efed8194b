"""Who hears a shop's music: from plays that qualify and what is kept, never of fewer people than a cohort."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from alpheus.catalogue.models import Recording
from alpheus.community.models import Follow
from alpheus.insight.rules import Spread, cohort, spread
from alpheus.listening.library.models import Keep
from alpheus.listening.models import Play
from alpheus.shops.models import Shop
from alpheus.shops.queries import every_piece_of

PERIODS = (7, 28, 365)
"""Days over which it may be asked. Few and fixed, so that nobody learns of one listener by asking for neighbouring days."""


@dataclass(frozen=True)
class Heard:
    """One recording's audience."""

    recording: Recording
    plays: int
    listeners: int | None
    """None for some, but fewer than a cohort."""
    keeps: int | None
    """Who keep it now; None as above."""


@dataclass(frozen=True)
class Audience:
    """A shop's audience."""

    plays: int
    listeners: int | None
    """None for some, but fewer than a cohort."""
    followers: int | None
    territories: Spread
    """Listeners by ISO 3166-1 alpha-2 code; empty where that is not known."""
    recordings: tuple[Heard, ...]
    """The most played first."""


def since(days: int | None, now: datetime) -> datetime | None:
    """When a period of so many days until now began; None for all time."""
    return now - timedelta(days=days) if days else None


def audience(*, shop: Shop, since: datetime | None) -> Audience:
    """Count who hears a shop's music.

    Args:
        shop: whose.
        since: plays that began before are left out; None for all.
    """
    recordings = [piece.recording for piece in every_piece_of(shop)]
    plays = Play.objects.filter(recording__in=recordings, qualified=True)
    if since is not None:
        plays = plays.filter(started_at__gte=since)
    told = plays.aggregate(plays=Count("pk"), listeners=Count("listener", distinct=True))
    by_territory = plays.values_list("territory").annotate(listeners=Count("listener", distinct=True))
    by_recording = plays.values_list("recording").annotate(Count("pk"), Count("listener", distinct=True))
    heard = {recording: (count, people) for recording, count, people in by_recording.order_by()}
    return Audience(
        plays=told["plays"],
        listeners=cohort(told["listeners"]),
        followers=cohort(Follow.objects.filter(shop=shop).count()),
        territories=spread(dict(by_territory.order_by())),
        recordings=_heard(recordings, heard),
    )


def _heard(recordings: Sequence[Recording], heard: Mapping[int, tuple[int, int]]) -> tuple[Heard, ...]:
    """What is told of each, by its primary key: its plays and listeners."""
    kept = Keep.objects.filter(recording__in=recordings, let_go_at=None)
    keeps = dict(kept.values_list("recording").annotate(listeners=Count("pk")).order_by())
    rows = []
    for it in recordings:
        plays, listeners = heard.get(it.pk, (0, 0))
        rows.append(Heard(it, plays, cohort(listeners), cohort(keeps.get(it.pk, 0))))
    return tuple(sorted(rows, key=lambda it: -it.plays))
