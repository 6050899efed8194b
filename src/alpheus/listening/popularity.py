"""Tell search what is popular: qualified plays of a recording, and of all that a release or an artist credits."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q

from alpheus.catalogue.models import Recording
from alpheus.listening.models import Play
from alpheus.search.index import set_popularity

PATHS = {
    "recording": "gid",
    "lyrics": "gid",
    "release": "tracks__medium__release__gid",
    "artist": "credit__artists__artist__gid",
}
"""From a recording to what search knows by kind."""


def tell_search(*, since: datetime) -> int:
    """Bring the popularity up to date of whatever was heard since. Returns how many documents that concerned."""
    heard = set(
        Play.objects.filter(qualified=True, started_at__gte=since).values_list("recording", flat=True)
    )
    told = 0
    for kind, path in PATHS.items():
        touched = set(Recording.objects.filter(pk__in=heard).values_list(path, flat=True)) - {None}
        for gid, plays in _plays(f"recording__{path}", touched).items():
            set_popularity(kind, gid, plays)
            told += 1
    return told


def _plays(path: str, gids: Collection[UUID | None]) -> dict[UUID, int]:
    """Qualified plays by what `path` leads to from a play."""
    rows = Play.objects.filter(Q(**{f"{path}__in": gids}), qualified=True)
    return dict(rows.annotate(thing=F(path)).values_list("thing").annotate(plays=Count("pk", distinct=True)))
