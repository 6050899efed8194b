"""Begin an application or a release: a draft that is saved as it is typed."""

from datetime import datetime

from django.db import IntegrityError, transaction

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Account
from alpheus.shops.queries import shop_of
from alpheus.submissions import rules
from alpheus.submissions.errors import HasOne, ShopMissing
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Kind


def begin(*, account: Account, now: datetime) -> Submission:
    """Begin an application; a draft that is there is gone on with.

    Raises:
        HasOne: one is handed in and not decided yet.
    """
    try:
        with transaction.atomic():
            row = Submission.objects.create(account=account, created_at=now, changed_at=now)
            Track.objects.create(submission=row, position=0)
            return row
    except IntegrityError:
        drafts = Submission.objects.filter(account=account, kind=Kind.APPLICATION, state=rules.State.DRAFT)
        draft = drafts.first()
        if draft is None:
            raise HasOne("An application of yours is under way. One is heard at a time.") from None
        return draft


@transaction.atomic
def begin_release(*, account: Account, now: datetime) -> Submission:
    """Begin a release of an account's shop, by the artist whose shop it is; tracks come with their files.

    Raises:
        ShopMissing: the account has no shop.
    """
    shop = shop_of(account)
    if shop is None:
        raise ShopMissing("Releases stand in a shop. Yours is founded when an application is accepted.")
    return Submission.objects.create(
        account=account,
        kind=Kind.RELEASE,
        artist_name=shop.name,
        artist_key=artist_key(shop.name),
        country=shop.country,
        links=shop.links,
        created_at=now,
        changed_at=now,
    )
