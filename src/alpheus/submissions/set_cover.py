"""Give a release's draft its cover."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.errors import CoverRefused
from alpheus.catalogue.keep_cover import keep_cover
from alpheus.parties.models import Account
from alpheus.submissions.errors import CoverUnfit, SubmissionUnknown
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Kind
from alpheus.submissions.step import own_draft
from alpheus.submissions.terms import Terms


def set_cover(*, account: Account, gid: UUID, image: bytes | None, terms: Terms, now: datetime) -> Submission:
    """Give a draft a cover, made of an image file's bytes; of none its cover is taken away.

    Raises:
        SubmissionUnknown: there is no such release of theirs.
        NotNow: it is handed in.
        CoverUnfit: the image cannot be a cover; nothing was changed.
    """
    with transaction.atomic():
        _draft(gid, account)  # before an image of whoever asks is decoded
    try:
        cover = keep_cover(image, blobs=terms.blobs()) if image is not None else None
    except CoverRefused as error:
        raise CoverUnfit(str(error)) from error
    with transaction.atomic():
        row = _draft(gid, account)
        row.cover, row.changed_at = cover, now
        row.save(update_fields=["cover", "changed_at"])
    return row


def _draft(gid: UUID, account: Account) -> Submission:
    row = own_draft(gid, account)
    if row.kind != Kind.RELEASE:
        raise SubmissionUnknown
    return row
