"""Keep what is free: from then on it is the listener's, whatever it costs later."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.locker.models import Owned
from alpheus.parties.models import Account
from alpheus.shops.offers import queries
from alpheus.shops.offers.errors import NotFree
from alpheus.shops.offers.rules import Kind


@transaction.atomic
def keep_free(*, account: Account, offer: UUID, now: datetime) -> Owned:
    """Keep what an offer gives for nothing; what is theirs already stays so.

    Raises:
        OfferUnknown: there is no such offer.
        NotFree: it is not free.
    """
    found = queries.offer(offer)
    about = {"release": found.offer.release, "recording": found.offer.recording}
    owned = Owned.objects.filter(account=account, **about).first()
    if owned is not None:
        return owned
    if found.asked.kind is not Kind.FREE:
        raise NotFree
    row, _ = Owned.objects.get_or_create(
        account=account, **about, defaults={"how": Owned.How.FREE, "since": now}
    )
    return row
