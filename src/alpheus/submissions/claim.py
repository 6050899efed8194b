"""Take a submission onto an auditor's desk, keep it there, put it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions import queries, rules
from alpheus.submissions.errors import MayNotAudit, NotNow, SubmissionError, TakenByAnother
from alpheus.submissions.match_again import have_matched
from alpheus.submissions.models import Claim, Submission
from alpheus.submissions.rules import LEASE, Event, State
from alpheus.submissions.step import end_question, locked, step


@transaction.atomic
def take(*, auditor: Account, gid: UUID, now: datetime) -> Submission:
    """Take a submission, or keep one that is on the desk already.

    Raises:
        SubmissionUnknown: there is none.
        NotNow: it is not waiting: withdrawn, decided, or its applicant is asked something.
        MayNotAudit: it is their own, or they decided before.
        TakenByAnother: it is on another's desk.
    """
    row = locked(gid)
    hold(row, auditor, now=now)
    return row


def take_first(*, auditor: Account, now: datetime) -> UUID | None:
    """Take what waits longest; of two who ask at once each gets another. Returns its gid, None where nothing waits."""
    for row in queries.queue_for(auditor, now=now):
        try:
            return take(auditor=auditor, gid=row.gid, now=now).gid
        except SubmissionError:
            continue  # somebody was quicker
    return None


def hold(row: Submission, auditor: Account, *, now: datetime) -> None:
    """See to it that a locked submission is on this auditor's desk; raises as `take` does.

    A lease that is over is only lost to who takes it: an auditor who comes back first goes on.
    """
    if State(row.state) not in rules.WAITING:
        raise NotNow(State(row.state))
    hindrance = queries.hindrance(row, auditor)
    if hindrance is not None:
        raise MayNotAudit(hindrance)
    claim = Claim.objects.filter(submission=row).first()
    if claim is not None and claim.auditor_id != auditor.pk and claim.until > now:
        raise TakenByAnother("Another auditor has it on the desk.")
    if claim is None or claim.auditor_id != auditor.pk:
        step(row, Event.TAKE, actor=auditor, now=now)
        end_question(row, now=now)  # of who had it before
        Claim.objects.update_or_create(
            submission=row, defaults={"auditor": auditor, "taken_at": now, "until": now + LEASE}
        )
        have_matched(row)
    else:
        # What waits for an opinion stays for longer: a sign of them makes it no shorter.
        Claim.objects.filter(pk=claim.pk).update(until=max(claim.until, now + LEASE))


@transaction.atomic
def leave(*, auditor: Account, gid: UUID, now: datetime) -> bool:
    """Put a submission back undecided. Returns False where it is not on this desk any more."""
    row = locked(gid)
    if not Claim.objects.filter(submission=row, auditor=auditor).exists():
        return False
    step(row, Event.LEAVE, actor=auditor, now=now)
    return True
