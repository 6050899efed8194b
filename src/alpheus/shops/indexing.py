"""Tells search which shops may be found: those that are open, by name and address."""

from alpheus.database.portions import portions
from alpheus.search import index
from alpheus.search.kinds import SHOP
from alpheus.search.models import Document
from alpheus.shops.models import Shop
from alpheus.shops.rules import State

_BATCH = 500  # shops read at once


def index_shop(shop: Shop) -> None:
    """Have an open shop found; one that is not open is not."""
    if shop.state != State.OPEN:
        index.remove(SHOP, [shop.gid])
        return
    index.put_many([_entry(shop)])


def forget(shop: Shop) -> None:
    """Have a shop found no more."""
    index.remove(SHOP, [shop.gid])


def rebuild() -> int:
    """Index all open shops anew, and none beside them; returns how many there are."""
    count = 0
    rows = Shop.objects.filter(state=State.OPEN)
    for some in portions(rows, _BATCH):
        index.put_many([_entry(it) for it in some])
        count += len(some)
    indexed = set(Document.objects.filter(kind=SHOP).values_list("gid", flat=True))
    index.remove(SHOP, indexed - set(rows.values_list("gid", flat=True)))
    return count


def _entry(shop: Shop) -> index.Entry:
    return index.Entry(SHOP, shop.gid, [shop.name, shop.handle or ""], popularity=shop.loved)
