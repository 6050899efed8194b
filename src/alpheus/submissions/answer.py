"""Answer what an auditor asked, and appeal against what one decided."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions.errors import AppealedAlready
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Event, State
from alpheus.submissions.step import own, step


@transaction.atomic
def answer(*, account: Account, gid: UUID, words: str, link: str, now: datetime) -> Submission:
    """Answer a question: the application goes back to its place in the queue.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: nothing is asked.
        WordsMissing: the answer is empty.
    """
    row = own(gid, account)
    step(row, Event.ANSWER, actor=account, words=words, now=now, link=link)
    return row


@transaction.atomic
def appeal(*, account: Account, gid: UUID, words: str, link: str, now: datetime) -> Submission:
    """Have another auditor hear it again, once.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is not refused.
        AppealedAlready: an appeal was heard.
        WordsMissing: nothing is said.
    """
    row = own(gid, account)
    if row.appealed and row.state == State.REFUSED:
        raise AppealedAlready("An application is appealed once, and this appeal was heard.")
    step(row, Event.APPEAL, actor=account, words=words, now=now, link=link)
    return row
