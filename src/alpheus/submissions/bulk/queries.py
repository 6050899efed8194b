"""Reads of bulk intake, named by what they return."""

from uuid import UUID

from django.db.models import Min, QuerySet

from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.submissions.access import handled_by, of_shop
from alpheus.submissions.bulk.errors import IntakeUnknown
from alpheus.submissions.bulk.models import Intake, LaidOut
from alpheus.submissions.models import Submission, Upload

SHOWN_MAX = 100


def own_intakes(account: Account, shop: Shop | None = None) -> QuerySet[Intake]:
    """Intakes that an account works on, the latest first: its own, and those of shops for which it hands in releases.

    Args:
        account: whose they are.
        shop: of which alone; none: of all.
    """
    rows = Intake.objects.filter(handled_by(account)).defer("sheet")
    return (rows.filter(of_shop(account, shop)) if shop else rows)[:SHOWN_MAX]


def own_intake(account: Account, gid: UUID) -> Intake:
    """One of them.

    Raises:
        IntakeUnknown: there is none that they may work on.
    """
    row = Intake.objects.filter(handled_by(account), gid=gid).first()
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


def intake_of(row: Submission) -> UUID | None:
    """The gid of the intake whose sheet a release stands on; None where it stands on none."""
    return LaidOut.objects.filter(submission=row).values_list("intake__gid", flat=True).first()
