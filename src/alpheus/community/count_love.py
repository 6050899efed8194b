"""Count who loves a shop: accounts that keep its music or artist, follow it, or heard it lately; its own people aside."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from django.db.models import QuerySet

from alpheus.community.models import Follow
from alpheus.community.rules import told
from alpheus.database.portions import portions
from alpheus.listening.library.models import Keep
from alpheus.listening.models import Play
from alpheus.parties.models import Account
from alpheus.search.index import set_popularity
from alpheus.search.kinds import SHOP
from alpheus.shops.models import Shop
from alpheus.shops.rules import State
from alpheus.shops.seats import people_of

LATELY: Final = timedelta(days=90)
"""Plays that count; what is kept counts as long as it is kept."""
AT_ONCE: Final = 500
"""Shops that are held in memory."""


def count_love(*, now: datetime) -> int:
    """Bring up to date how many listeners love each open shop. Returns for how many that is another number."""
    changed = 0
    for shop in chain.from_iterable(portions(Shop.objects.filter(state=State.OPEN), AT_ONCE)):
        loved = told(_lovers(shop, now))
        if loved == shop.loved:
            continue
        Shop.objects.filter(pk=shop.pk).update(loved=loved)
        set_popularity(SHOP, shop.gid, loved)
        changed += 1
    return changed


def _lovers(shop: Shop, now: datetime) -> int:
    """How many accounts love a shop, each once, counted where they are kept."""
    kept = Keep.objects.filter(let_go_at=None)
    heard = Play.objects.filter(qualified=True, started_at__gt=now - LATELY)
    own = people_of(shop)
    found = [
        _accounts(rows, account, own)
        for rows, account in (
            (kept.filter(recording__piece__shop=shop), "listener__account"),
            (kept.filter(release__pieces__shop=shop), "listener__account"),
            (kept.filter(artist__shop=shop), "listener__account"),
            (Follow.objects.filter(shop=shop), "account"),
            (heard.filter(recording__piece__shop=shop), "listener__account"),
        )
    ]
    return found[0].union(*found[1:]).count()


def _accounts(
    rows: QuerySet[Keep] | QuerySet[Play] | QuerySet[Follow], account: str, own: QuerySet[Account]
) -> QuerySet[Any, tuple[int]]:
    theirs = rows.exclude(**{account: None}).exclude(**{f"{account}__in": own})
    return theirs.order_by().values_list(account)
