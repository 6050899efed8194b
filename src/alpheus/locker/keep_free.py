"""Keep what is free: from then on it is the listener's, whatever it costs later."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.locker.errors import NotOfferedHere
from alpheus.locker.models import Owned
from alpheus.parties.models import Account
from alpheus.rights.available import is_available, is_heard_in
from alpheus.shops.offers import queries
from alpheus.shops.offers.errors import NotFree
from alpheus.shops.offers.models import Offer
from alpheus.shops.offers.rules import Kind


@transaction.atomic
def keep_free(*, account: Account, offer: UUID, here: str, now: datetime) -> Owned:
    """Keep what an offer gives for nothing; what is theirs already stays so.

    Args:
        account: whose it is then.
        offer: its gid.
        here: the territory they are in (ISO 3166-1 alpha-2), or "" where nobody says so.
        now: the time.

    Raises:
        OfferUnknown: there is no such offer.
        NotOfferedHere: its shop does not offer it there.
        NotFree: it is not free.
    """
    found = queries.offer(offer)
    about = {"release": found.offer.release, "recording": found.offer.recording}
    owned = Owned.objects.filter(account=account, **about).first()
    if owned is not None:
        return owned
    if not _is_offered(found.offer, here):
        raise NotOfferedHere
    if found.asked.kind is not Kind.FREE:
        raise NotFree
    row, _ = Owned.objects.get_or_create(
        account=account, **about, defaults={"how": Owned.How.FREE, "since": now}
    )
    return row


def _is_offered(offer: Offer, here: str) -> bool:
    if offer.release is not None:
        return is_available(offer.release, here=here)
    return offer.recording_id is None or is_heard_in(offer.recording_id, here=here)
