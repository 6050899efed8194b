"""Take an application back, or throw a draft away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions.drop_sound import let_go_of
from alpheus.submissions.errors import NotNow
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Event, Kind, State, may_withdraw
from alpheus.submissions.step import own, own_draft, step


@transaction.atomic
def withdraw(*, account: Account, gid: UUID, link: str, now: datetime) -> Submission:
    """Take back what is not decided, or a release that was accepted and waits for its minute.

    An auditor who has it on the desk is told when they decide. What is heard early of it ends with this.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is a draft, or decided, or out.
    """
    row = own(gid, account)
    state = State(row.state)
    if not may_withdraw(state, Kind(row.kind), is_published=row.published_at is not None):
        raise NotNow(state)
    step(row, Event.WITHDRAW, actor=account, now=now, link=link)
    return row


@transaction.atomic
def discard(*, account: Account, gid: UUID) -> None:
    """Throw a draft away with what was uploaded for it; bytes on disk follow when uploads are cleaned.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is handed in.
    """
    row = own_draft(gid, account)
    for track in row.tracks.select_related("recording__credit"):
        let_go_of(track)
    row.delete()
