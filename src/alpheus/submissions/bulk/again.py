"""What a worker gave up about an intake, and having it tried again: what was done by then stays, and it goes on from there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_tasks.base import Task

from alpheus.parties.models import Account
from alpheus.submissions.bulk.bring_sheet import own
from alpheus.submissions.bulk.errors import NotWhileWorking
from alpheus.submissions.bulk.models import Intake
from alpheus.tasks.waiting import was_given_up, why_given_up


def failure(row: Intake) -> str:
    """What kind of failure ended the laying out or handing in of it for good, by its name; empty where none did."""
    task = _task(row)
    if task is None or not was_given_up(task, row.pk):
        return ""
    return why_given_up(task, row.pk) or "Exception"


@transaction.atomic
def try_again(*, account: Account, gid: UUID, now: datetime) -> Intake:
    """Have it laid out, or handed in, from where a worker gave up.

    Raises:
        IntakeUnknown: there is none of theirs.
        NotWhileWorking: nothing was given up.
    """
    row = own(account, gid)
    task = _task(row)
    if task is None or not failure(row):
        raise NotWhileWorking
    Intake.objects.filter(pk=row.pk).update(changed_at=now)
    task.enqueue(row.pk)
    return row


def _task(row: Intake) -> "Task[[int], bool] | None":
    from alpheus.submissions.tasks import hand_in_many, lay_out  # noqa: PLC0415 - its module imports what lays out

    return {Intake.State.LAYING_OUT: lay_out, Intake.State.HANDING_IN: hand_in_many}.get(
        Intake.State(row.state)
    )
