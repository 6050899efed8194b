"""Begin an application or a release: a draft that is saved as it is typed."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Account
from alpheus.shops.rules import Kind as ShopKind
from alpheus.submissions import rules
from alpheus.submissions.access import shop_for_releases
from alpheus.submissions.errors import HasOne
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
def begin_release(*, account: Account, shop: UUID | None = None, now: datetime) -> Submission:
    """Begin a release of a shop; tracks come with their files.

    An independent's is by the artist whose shop it is, a label's by one of its roster, who is chosen in the draft.

    Args:
        account: who begins it.
        shop: which of their shops; none: the first in which they work.
        now: the time.

    Raises:
        ShopMissing: the account works in no shop.
        NotYours, RoleRefused: it does not work in that one, or may not.
    """
    found = shop_for_releases(account, shop)
    is_brand = found.kind == ShopKind.BRAND
    name = "" if is_brand else found.name
    return Submission.objects.create(
        account=account,
        shop=found if is_brand else None,
        kind=Kind.RELEASE,
        artist_name=name,
        artist_key=artist_key(name),
        country=found.country,
        links=found.links,
        created_at=now,
        changed_at=now,
    )
