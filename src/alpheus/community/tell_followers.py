"""Write to followers who asked for it what is new in a shop: one letter for all that came since the last and is offered where they are."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from alpheus.catalogue.models import Release
from alpheus.catalogue.shown import releases_shown
from alpheus.community.models import Follow
from alpheus.listening.territory import territory_known_of
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.rights.available import offered_in
from alpheus.shops.models import Piece
from alpheus.shops.rules import State

AT_ONCE = 500
"""Letters of one run: the next comes minutes later."""
NAMED_MAX = 10
"""Titles that a letter names."""


def tell_followers(*, now: datetime) -> int:
    """Write the letters that are due. Returns how many; a run that is killed leaves each follower told once or not at all."""
    due = Follow.objects.filter(_something_new(), mail=True, shop__state=State.OPEN)
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
    with offered_in(territory_known_of(row.account)):
        titles = list(_new(row).order_by("created_at").values_list("title", flat=True)[:NAMED_MAX])
    row.told_until = now
    row.save(update_fields=["told_until"])
    if not titles:
        return 0
    post(
        kind=Kind.NEW_IN_SHOP,
        to=row.account.email,
        language=row.account.locale,
        values={"shop": row.shop.name, "titles": "\n".join(titles), "link": row.link},
        now=now,
    )
    return 1


def _new(row: Follow) -> QuerySet[Release]:
    return releases_shown().filter(pieces__shop=row.shop, created_at__gt=row.told_until).distinct()


def _something_new() -> Exists:
    pieces = Piece.objects.filter(
        shop=OuterRef("shop"), release__removed_at=None, release__created_at__gt=OuterRef("told_until")
    )
    return Exists(pieces)
