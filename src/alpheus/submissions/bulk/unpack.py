"""A zip that is whole: its files are taken in, a portion each turn, and then it goes."""

from collections.abc import Callable
from datetime import datetime

from alpheus.submissions.bulk.errors import FolderUnfit
from alpheus.submissions.bulk.models import Entry, Intake, LaidOut
from alpheus.submissions.bulk.sources import opened_zip
from alpheus.submissions.bulk.take_files import take_files
from alpheus.submissions.models import Upload
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload import file_of


def unpack(*, upload: int, terms: Terms, now: Callable[[], datetime]) -> bool:
    """Take in a portion of a zip. Returns whether anything is left of it.

    Raises:
        DiskFull, NoSpace, StoreUnavailable: there is no room, or the store is away; run again it goes on.
    """
    row = Upload.objects.select_related("intake__account").filter(pk=upload, state=Upload.State.WHOLE).first()
    if row is None or row.intake is None:
        return False
    if row.intake.state != Intake.State.OPEN:
        return row.intake.state == Intake.State.LAYING_OUT
    file = file_of(row, terms)
    if not file.exists():
        return False
    trouble = ""
    try:
        with opened_zip(file.path, wanted=wanted_by(row.intake)) as source:
            if take_files(intake=row.intake, source=source, since=row.created_at, terms=terms, now=now):
                return True
    except FolderUnfit:
        trouble = Upload.Trouble.NO_ZIP.value
    state = Upload.State.REFUSED if trouble else Upload.State.TAKEN
    Upload.objects.filter(pk=row.pk).update(state=state, trouble=trouble, fraction=0.0 if trouble else 1.0)
    file.remove()
    return False


def wanted_by(intake: Intake) -> list[str]:
    """Keys of the names of all files that an intake's sheet names."""
    covers = LaidOut.objects.filter(intake=intake).exclude(cover_key="").values_list("cover_key", flat=True)
    return [*Entry.objects.filter(intake=intake).values_list("key", flat=True), *covers]
