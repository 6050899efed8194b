"""Let an intake go: its sheet, and drafts of it that nobody handed in."""

from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions.bulk.bring_sheet import WORKING, own
from alpheus.submissions.bulk.errors import NotWhileWorking
from alpheus.submissions.drop_sound import drop_sound
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import State
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload import file_of


@transaction.atomic
def drop_intake(*, account: Account, gid: UUID, terms: Terms) -> None:
    """Let it go.

    Raises:
        IntakeUnknown: there is none of theirs.
        NotWhileWorking: its rows are being worked on.
    """
    row = own(account, gid)
    if row.state in WORKING:
        raise NotWhileWorking
    for draft in Submission.objects.filter(laid_out__intake=row, state=State.DRAFT):
        for track in draft.tracks.select_related("recording__credit"):
            drop_sound(track, terms)
        draft.delete()
    for upload in row.uploads.all():
        file_of(upload, terms).remove()
    row.delete()
