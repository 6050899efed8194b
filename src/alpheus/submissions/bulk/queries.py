"""Reads of bulk intake, named by what they return."""

from uuid import UUID

from django.db.models import Min, QuerySet

from alpheus.parties.models import Account
from alpheus.submissions.bulk.errors import IntakeUnknown
from alpheus.submissions.bulk.models import Intake, LaidOut
from alpheus.submissions.models import Submission, Upload

SHOWN_MAX = 100


def own_intakes(account: Account) -> QuerySet[Intake]:
    """An account's intakes, the latest first."""
    return Intake.objects.filter(account=account).defer("sheet")[:SHOWN_MAX]


def own_intake(account: Account, gid: UUID) -> Intake:
    """One of them.

    Raises:
        IntakeUnknown: there is none of theirs.
    """
    row = Intake.objects.filter(account=account, gid=gid).first()
    if row is None:
        raise IntakeUnknown
    return row


def drafts_of(row: Intake) -> list[UUID]:
    """The gids of its releases, in the order of the sheet."""
    rows = LaidOut.objects.filter(intake=row).annotate(first=Min("submission__tracks__entry__number"))
    return list(rows.order_by("first", "pk").values_list("submission__gid", flat=True))


def releases_of(row: Intake, *, start: int, size: int) -> list[Submission]:
    """Some of its releases, in the order of the sheet, with their tracks and files."""
    some = drafts_of(row)[start : start + size]
    found = Submission.objects.filter(gid__in=some).prefetch_related("tracks__uploads")
    rows = {it.gid: it for it in found}
    return [rows[gid] for gid in some if gid in rows]


def zip_of(row: Intake) -> Upload | None:
    """The zip that was sent for it last."""
    return row.uploads.order_by("-pk").first()
