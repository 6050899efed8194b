"""Who hears a shop's music: from plays that qualify and what is kept, never of fewer people than a cohort."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

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
    plays: int | None
    """None for those of some, but fewer than a cohort, or where the number would tell of others' by subtraction."""
    listeners: int | None
    """None as above."""
    keeps: int | None
    """Who keep it now; None for some, but fewer than a cohort."""


@dataclass(frozen=True)
class Audience:
    """A shop's audience."""

    plays: int | None
    """None for those of some, but fewer than a cohort."""
    listeners: int | None
    """None as above."""
    followers: int | None
    territories: Spread
    """Listeners by ISO 3166-1 alpha-2 code; empty where that is not known."""
    recordings: tuple[Heard, ...]
    """The most played first; what is not told stands last, in the shop's order."""


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
    is_told = cohort(told["listeners"]) is not None
    hidden = _hidden(plays, {it: people for it, (_, people) in heard.items()}) if is_told else set(heard)
    return Audience(
        plays=told["plays"] if is_told else None,
        listeners=cohort(told["listeners"]),
        followers=cohort(Follow.objects.filter(shop=shop).count()),
        territories=spread(dict(by_territory.order_by())),
        recordings=_heard(recordings, heard, hidden),
    )


def _hidden(plays: QuerySet[Play], people: Mapping[int, int]) -> set[int]:
    """Recordings (by primary key) of which nothing is told, by how many people heard each.

    Those that fewer than a cohort heard; and with them the least heard of the others, until what all together have more than
    those that are told is no count of a few: neither the plays of what is hidden, nor who heard nothing else.
    """
    told = sorted((it for it in people if cohort(people[it]) is not None), key=lambda it: (-people[it], it))
    hidden = people.keys() - set(told)
    while hidden and told and not _tells_of_no_few(plays, hidden, told):
        hidden.add(told.pop())
    return hidden


def _tells_of_no_few(plays: QuerySet[Play], hidden: Collection[int], told: Collection[int]) -> bool:
    of_hidden = plays.filter(recording__in=hidden)
    heard_told = plays.filter(recording__in=told).values("listener")
    alone = of_hidden.exclude(listener__in=heard_told)
    return all(cohort(it.values("listener").distinct().count()) is not None for it in (of_hidden, alone))


def _heard(
    recordings: Sequence[Recording], heard: Mapping[int, tuple[int, int]], hidden: Collection[int]
) -> tuple[Heard, ...]:
    """What is told of each, by its primary key: its plays and listeners."""
    kept = Keep.objects.filter(recording__in=recordings, let_go_at=None)
    keeps = dict(kept.values_list("recording").annotate(listeners=Count("pk")).order_by())
    rows = []
    for it in recordings:
        plays, listeners = heard.get(it.pk, (0, 0))
        kept_by = cohort(keeps.get(it.pk, 0))
        is_told = it.pk not in hidden
        rows.append(Heard(it, plays if is_told else None, listeners if is_told else None, kept_by))
    return tuple(sorted(rows, key=lambda it: (it.plays is None, -(it.plays or 0))))
