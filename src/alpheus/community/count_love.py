"""Count who loves a shop: accounts that keep its music or artist, follow it, or heard it lately; its own owner aside."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from alpheus.community.models import Follow
from alpheus.community.rules import told
from alpheus.listening.library.models import Keep
from alpheus.listening.models import Play
from alpheus.search.index import set_popularity
from alpheus.search.kinds import SHOP
from alpheus.shops.models import Shop
from alpheus.shops.rules import State

LATELY: Final = timedelta(days=90)
"""Plays that count; what is kept counts as long as it is kept."""


def count_love(*, now: datetime) -> int:
    """Bring up to date how many listeners love each open shop. Returns for how many that is another number."""
    counted = Counter(shop for shop, _ in _lovers(now))
    changed = 0
    for shop in Shop.objects.filter(state=State.OPEN).only("pk", "gid", "loved"):
        loved = told(counted[shop.pk])
        if loved == shop.loved:
            continue
        Shop.objects.filter(pk=shop.pk).update(loved=loved)
        set_popularity(SHOP, shop.gid, loved)
        changed += 1
    return changed


def _lovers(now: datetime) -> set[tuple[int, int]]:
    """Who loves which shop, each once: (shop, account)."""
    kept = Keep.objects.filter(let_go_at=None)
    heard = Play.objects.filter(qualified=True, started_at__gt=now - LATELY)
    found: set[tuple[int, int]] = set()
    for rows, shop, account in (
        (kept, "recording__piece__shop", "listener__account"),
        (kept, "release__pieces__shop", "listener__account"),
        (kept, "artist__shop", "listener__account"),
        (Follow.objects.all(), "shop", "account"),
        (heard, "recording__piece__shop", "listener__account"),
    ):
        theirs = (
            rows.exclude(**{shop: None}).exclude(**{account: None}).exclude(**{account: F(f"{shop}__owner")})
        )
        found.update(theirs.order_by().values_list(shop, account).distinct().iterator(chunk_size=5000))
    return found
