"""A listener wants to hear when something can be bought, or does not want to any more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.shops.offers import queries, rules
from alpheus.shops.offers.errors import NotForSale
from alpheus.shops.offers.models import Wish


@transaction.atomic
def ask(*, account: Account, offer: UUID, link: str, now: datetime) -> Wish:
    """Ask to be told once when an offer can be bought; asked again nothing changes, and who was told is told again.

    Raises:
        OfferUnknown: there is no such offer.
        NotForSale: it is free, or not sold alone.
    """
    found = queries.offer(offer)
    if found.asked.kind not in rules.SOLD:
        raise NotForSale
    row, made = Wish.objects.select_for_update().get_or_create(
        account=account, offer=found.offer, defaults={"link": link, "since": now}
    )
    if not made and row.told_at is not None:
        row.link, row.since, row.told_at = link, now, None
        row.save(update_fields=["link", "since", "told_at"])
    return row


def give_up(*, account: Account, offer: UUID) -> bool:
    """Ask not to be told. Returns False where they had not asked."""
    gone, _ = Wish.objects.filter(account=account, offer__gid=offer).delete()
    return bool(gone)
