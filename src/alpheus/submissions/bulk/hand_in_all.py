"""Hand in all drafts of an intake with which nothing is left to do, in portions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions.bulk.bring_sheet import WORKING, own
from alpheus.submissions.bulk.errors import NotWhileWorking
from alpheus.submissions.bulk.models import Intake, LaidOut
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import SubmissionError
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Ai, State

DECLARATIONS = ("owns_recording", "owns_composition", "no_cover")
PORTION = 25


@transaction.atomic
def hand_in_all(
    *, account: Account, gid: UUID, declared: Mapping[str, str], link: str, now: datetime
) -> Intake:
    """Have all drafts handed in for which nothing is left to do; the others stay as they are.

    Args:
        account: whose intake it is.
        gid: the intake's.
        declared: declarations for all of them, "on" by their names; `ai` for those whose rows do not say it.
        link: the intake's page, for letters.
        now: the time.

    Raises:
        IntakeUnknown: there is none of theirs.
        NotWhileWorking: its rows are being worked on, or are to be mended.
    """
    row = own(account, gid)
    if row.state in WORKING or row.state == Intake.State.FAULTY:
        raise NotWhileWorking
    told = [it for it in DECLARATIONS if declared.get(it) == "on"]
    if declared.get("ai") in set(Ai):
        told.append(f"ai={declared['ai']}")
    row.state, row.done, row.declared, row.link, row.changed_at = (
        Intake.State.HANDING_IN, 0, " ".join(told), link[:500], now
    )  # fmt: skip
    row.save()
    _have_handed_in(row)
    return row


def _have_handed_in(row: Intake) -> None:
    from alpheus.submissions.tasks import hand_in_many  # noqa: PLC0415 - the task's module imports what hands in

    hand_in_many.enqueue(row.pk)


def hand_in_portion(*, intake: int, now: Callable[[], datetime]) -> bool:
    """Hand in the next releases of it. Returns whether any are left."""
    row = Intake.objects.select_related("account").filter(pk=intake, state=Intake.State.HANDING_IN).first()
    if row is None:
        return False
    laid_out = LaidOut.objects.filter(intake=row).order_by("pk").select_related("submission")
    some = list(laid_out[row.done : row.done + PORTION])
    for it in some:
        if it.submission.state == State.DRAFT:
            _hand_in(row, it.submission, now())
    row.done += len(some)
    if len(some) < PORTION:
        row.state, row.done = Intake.State.OPEN, 0
    row.save(update_fields=["state", "done"])
    return row.state == Intake.State.HANDING_IN


def _hand_in(intake: Intake, draft: Submission, now: datetime) -> None:
    told = dict(it.partition("=")[::2] for it in intake.declared.split())
    fields = {name: "on" for name in DECLARATIONS if name in told}
    if "ai" in told and not draft.ai:
        fields["ai"] = told["ai"]
    try:
        with transaction.atomic():
            describe(account=intake.account, gid=draft.gid, fields=fields, now=now)
            hand_in(account=intake.account, gid=draft.gid, link=intake.link, now=now, tell=False)
    except SubmissionError:
        pass  # its page says what is left, or why it cannot be
