"""Begin the upload of a zip for an intake: like a track's upload, but larger, and one at a time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from alpheus.parties.models import Account
from alpheus.submissions.bulk.bring_sheet import WORKING, own
from alpheus.submissions.bulk.errors import NotWhileWorking
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.errors import LengthMissing, QuotaUsedUp
from alpheus.submissions.models import Upload
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload import HELD, file_of
from alpheus.values.text import line


@transaction.atomic
def begin_zip(
    *, account: Account, gid: UUID, length: int, filename: str, metadata: str, terms: Terms, now: datetime
) -> Upload:
    """Begin it; one that was there before goes.

    Args:
        account: whose intake it is.
        gid: the intake's.
        length: bytes that the zip has.
        filename: what the browser calls it.
        metadata: Upload-Metadata as sent.
        terms: the installation's.
        now: the time.

    Raises:
        IntakeUnknown: there is none of theirs.
        NotWhileWorking: its sheet is to be mended first, or its rows are being worked on.
        QuotaUsedUp: it is larger than all that the account may keep here.
        LengthMissing: it has no bytes.
    """
    row = own(account, gid)
    if row.state in WORKING or row.state == Intake.State.FAULTY:
        raise NotWhileWorking
    for before in row.uploads.all():
        file_of(before, terms).remove()
        before.delete()
    held = Upload.objects.filter(account=account, state__in=HELD).aggregate(sum=Sum("length"))["sum"] or 0
    if length < 1:
        raise LengthMissing("An upload says beforehand how long it is.")
    if held + length > terms.account_bytes_max:
        raise QuotaUsedUp("This upload cannot begin: quota.")
    row.unfit = row.several = row.superfluous = ""
    row.save(update_fields=["unfit", "several", "superfluous"])
    upload = Upload.objects.create(
        account=account,
        intake=row,
        length=length,
        filename=line(filename.replace("\\", "/").rpartition("/")[2], limit=255),
        metadata=metadata,
        created_at=now,
        expires_at=now + terms.upload_lifetime,
    )
    file_of(upload, terms).create()
    return upload
