"""Write to followers who asked for it what is new in a shop: one letter for all that came since the last and is offered where they are.

What was not offered where a follower was is told once its shop opens it there, as if it had come then. Nothing is told twice:
what was told leaves nothing behind that could be looked at again.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alpheus.catalogue.models import Release
from alpheus.catalogue.shown import releases_shown
from alpheus.community.models import Follow, Untold
from alpheus.listening.territory import territory_known_of
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.rights.available import offered_in
from alpheus.rights.models import Availability
from alpheus.shops.models import Piece
from alpheus.shops.rules import State

AT_ONCE = 500
"""Letters of one run: the next comes minutes later."""
NAMED_MAX = 10
"""Titles that a letter names."""


def tell_followers(*, now: datetime) -> int:
    """Write the letters that are due. Returns how many; a run that is killed leaves each follower told once or not at all."""
    due = Follow.objects.filter(
        _something_new(now) | Q(pk__in=_reopened().values("follow")), mail=True, shop__state=State.OPEN
    )
    told = 0
    for number in due.order_by("told_until", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        told += _tell(number, now)
    return told


@transaction.atomic
def _tell(number: int, now: datetime) -> int:
    row = (
        Follow.objects.select_for_update(of=("self",))
        .select_related("account", "shop")
        .filter(pk=number)
        .first()
    )
    if row is None or not row.mail:
        return 0  # they left a moment ago
    candidates = _candidates(row, now)
    with offered_in(territory_known_of(row.account)):
        told = list(releases_shown().filter(pk__in=candidates).order_by("created_at", "pk"))
    _remember(row, candidates, told)
    row.told_until = now
    row.save(update_fields=["told_until"])
    if not told:
        return 0
    titles = "\n".join(it.title for it in told[:NAMED_MAX])
    post(
        kind=Kind.NEW_IN_SHOP,
        to=row.account.email,
        language=row.account.locale,
        values={"shop": row.shop.name, "titles": titles, "link": row.link},
        now=now,
    )
    return 1


def _candidates(row: Follow, now: datetime) -> list[int]:
    """Releases, by primary key, of which this run may tell: those that came since, and those whose territories changed."""
    here = Release.objects.filter(pieces__shop=row.shop, removed_at=None)
    came = Q(created_at__gt=row.told_until, created_at__lte=now)
    changed = Q(pk__in=_reopened().filter(follow=row).values("release"))
    return list(here.filter(came | changed).distinct().values_list("pk", flat=True))


def _remember(row: Follow, candidates: list[int], told: list[Release]) -> None:
    """Keep what was not offered to them, with what closed it; forget what they are told of."""
    Untold.objects.filter(follow=row, release__in=candidates).delete()
    kept = set(candidates) - {it.pk for it in told}
    Untold.objects.bulk_create(
        Untold(follow=row, release_id=it.release_id, rule=it.rule, territories=it.territories)
        for it in Availability.objects.filter(release__in=kept)
    )


def _reopened() -> QuerySet[Untold]:
    """What was not told, of which the availability is another since."""
    same = Availability.objects.filter(
        release=OuterRef("release"), rule=OuterRef("rule"), territories=OuterRef("territories")
    )
    return Untold.objects.filter(~Exists(same), release__removed_at=None)


def _something_new(now: datetime) -> Exists:
    pieces = Piece.objects.filter(
        shop=OuterRef("shop"),
        release__removed_at=None,
        release__created_at__gt=OuterRef("told_until"),
        release__created_at__lte=now,
    )
    return Exists(pieces)
