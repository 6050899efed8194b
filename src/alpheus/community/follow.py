"""Follow a shop, with letters or without, and leave it again."""

from datetime import datetime

from django.db import transaction

from alpheus.community.models import Follow
from alpheus.parties.models import Account
from alpheus.shops.models import Shop


@transaction.atomic
def follow(*, account: Account, shop: Shop, mail: bool, link: str, now: datetime) -> Follow:
    """Follow a shop; done again it changes whether letters are asked for. Only what comes from now on is told.

    Args:
        account: who follows.
        shop: which.
        mail: whether they ask for letters when something new comes.
        link: the shop's page, as they came to it.
        now: the time.
    """
    row, made = Follow.objects.select_for_update().get_or_create(
        account=account,
        shop=shop,
        defaults={"mail": mail, "link": link, "since": now, "told_until": now},
    )
    if not made and row.mail != mail:
        row.mail, row.link = mail, link
        row.untold.all().delete()
        if mail:
            row.told_until = now
        row.save(update_fields=["mail", "link", "told_until"])
    return row


def leave(*, account: Account, shop: Shop) -> None:
    """Follow a shop no more; no letter comes from then on."""
    Follow.objects.filter(account=account, shop=shop).delete()
