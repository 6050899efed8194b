"""Which letter an applicant gets at which step, in their language."""

from collections.abc import Mapping
from datetime import datetime

from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Event

LETTERS: Mapping[Event, Kind] = {
    Event.HAND_IN: Kind.SUBMISSION_RECEIVED,
    Event.WITHDRAW: Kind.SUBMISSION_WITHDRAWN,
    Event.ASK: Kind.SUBMISSION_ASKED,
    Event.ANSWER: Kind.SUBMISSION_ANSWERED,
    Event.ACCEPT: Kind.SUBMISSION_ACCEPTED,
    Event.REFUSE: Kind.SUBMISSION_REFUSED,
    Event.APPEAL: Kind.SUBMISSION_APPEALED,
    Event.REOPEN: Kind.SUBMISSION_REOPENED,
}
"""What auditors do among themselves (take, leave, pass on, ask each other) is not told: nothing changed for who waits."""


def tell_applicant(*, submission: Submission, event: Event, words: str, link: str, now: datetime) -> None:
    """Write to the applicant what happened."""
    kind = LETTERS.get(event)
    if kind is None:
        return
    if kind is Kind.SUBMISSION_REFUSED and submission.appealed:
        kind = Kind.SUBMISSION_REFUSED_AGAIN
    account = submission.account
    post(
        kind=kind,
        to=account.email,
        language=account.locale,
        values={
            "title": submission.title,
            "words": words,
            "reason": Submission.Reason(submission.reason).label if submission.reason else "",
            "link": link,
        },
        now=now,
    )
