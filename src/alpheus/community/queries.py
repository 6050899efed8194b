"""Reads of this room, named by what they return."""

from alpheus.community.models import Follow
from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.shops.rules import State

SHOWN_MAX = 100


def follow_of(account: Account, shop: Shop) -> Follow | None:
    """How an account follows a shop; None where it does not."""
    return Follow.objects.filter(account=account, shop=shop).first()


def followed_by(account: Account) -> list[Shop]:
    """Open shops that an account follows, the latest followed first."""
    rows = Shop.objects.select_related("artist").filter(followers__account=account, state=State.OPEN)
    return list(rows.order_by("-followers__since", "-pk")[:SHOWN_MAX])
