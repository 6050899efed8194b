"""Begin an application: a draft that is saved as it is typed."""

from datetime import datetime

from django.db import IntegrityError, transaction

from alpheus.parties.models import Account
from alpheus.submissions import rules
from alpheus.submissions.errors import HasOne
from alpheus.submissions.models import Submission


def begin(*, account: Account, now: datetime) -> Submission:
    """Begin an application; a draft that is there is gone on with.

    Raises:
        HasOne: one is handed in and not decided yet.
    """
    try:
        with transaction.atomic():
            return Submission.objects.create(account=account, created_at=now, changed_at=now)
    except IntegrityError:
        draft = Submission.objects.filter(account=account, state=rules.State.DRAFT).first()
        if draft is None:
            raise HasOne("An application of yours is under way. One is heard at a time.") from None
        return draft
