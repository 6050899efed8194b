"""Ask a colleague's opinion, give one, take the question back. It stays the asker's to decide; nobody decides it meanwhile."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions import queries
from alpheus.submissions.claim import hold
from alpheus.submissions.errors import (
    LeaningMissing,
    MayNotAudit,
    NoOpinionAsked,
    NotNow,
    OpinionAwaited,
    Unheard,
)
from alpheus.submissions.hearing.keep import keep_heard
from alpheus.submissions.hearing.queries import heard_of
from alpheus.submissions.models import Claim, Opinion, Submission
from alpheus.submissions.rules import LEASE, OPINION_LEASE, RETURNED_LEASE, Event, Leaning, State
from alpheus.submissions.step import locked, step


@transaction.atomic
def ask_opinion(*, auditor: Account, gid: UUID, words: str, now: datetime) -> Submission:
    """Ask colleagues what they think: it waits on this desk for the first who says so.

    Raises:
        OpinionAwaited: it is asked already.
        WordsMissing: nothing is asked.
    And as `claim.take` does.
    """
    row = locked(gid)
    hold(row, auditor, now=now)
    if queries.asked_opinion(row) is not None:
        raise OpinionAwaited("A colleague's opinion is asked already.")
    asked = step(row, Event.ASK_OPINION, actor=auditor, words=words, now=now)
    Opinion.objects.create(submission=row, asker=auditor, number=asked.number, asked_at=now)
    Claim.objects.filter(submission=row).update(until=now + OPINION_LEASE)
    return row


@transaction.atomic
def give_opinion(
    *, auditor: Account, gid: UUID, leaning: Leaning | None, words: str, now: datetime
) -> Submission:
    """Say what one would do, and why. It goes back to whoever asked, who decides.

    Raises:
        SubmissionUnknown: there is none.
        NotNow: it is withdrawn, decided or back in the queue by now.
        NoOpinionAsked: it is answered or taken back by now, or it is this auditor who asks.
        MayNotAudit: it is their own.
        Unheard: they played none of what is to be heard.
        LeaningMissing, WordsMissing: they do not say what they would do, or why.
    """
    row = locked(gid)
    if row.state != State.IN_AUDIT:
        raise NotNow(State(row.state))
    asked = queries.asked_opinion(row)
    if asked is None or asked.asker_id == auditor.pk:
        raise NoOpinionAsked("Nobody asks for your opinion about it by now.")
    hindrance = queries.conflict(row, auditor)
    if hindrance is not None:
        raise MayNotAudit(hindrance)
    heard = heard_of(row, auditor)
    needed = [it for it in heard if it.is_needed]
    if needed and not any(it.was_played for it in needed):
        raise Unheard([it.title for it in needed])
    if leaning is None:
        raise LeaningMissing("Say whether you would accept it, refuse it or are unsure.")
    given = step(row, Event.OPINE, actor=auditor, words=words, reason=leaning, now=now)
    keep_heard(given, heard)
    Opinion.objects.filter(pk=asked.pk).update(leaning=leaning.value, given_number=given.number, ended_at=now)
    Claim.objects.filter(submission=row).update(until=now + RETURNED_LEASE)
    return row


@transaction.atomic
def take_back(*, auditor: Account, gid: UUID, now: datetime) -> Submission:
    """Take the question back: it is decided without an opinion.

    Raises:
        NoOpinionAsked: this auditor asks nothing, or it was answered.
    And as `claim.take` does.
    """
    row = locked(gid)
    hold(row, auditor, now=now)
    asked = queries.asked_opinion(row)
    if asked is None or asked.asker_id != auditor.pk:
        raise NoOpinionAsked("Nothing is asked by now.")
    step(row, Event.TAKE_BACK, actor=auditor, now=now)
    Opinion.objects.filter(pk=asked.pk).update(ended_at=now)
    Claim.objects.filter(submission=row).update(until=now + LEASE)
    return row
