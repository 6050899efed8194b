"""Uploads that wait for nothing any more: their rows and bytes go; whole ones that nobody noticed are taken in, or given up."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from alpheus.submissions.models import Upload
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload import file_of, finish_upload, give_up
from alpheus.submissions.upload_file import UploadFile
from alpheus.tasks.waiting import is_waiting
from alpheus.values.cleared import Cleared

_YOUNG = timedelta(hours=1)
"""A file this young may belong to a row that is not committed yet."""


def clear_uploads(*, terms: Terms, now: datetime, dry_run: bool) -> Cleared:
    """Remove uploads whose time is over, and files that no row names."""
    over = list(Upload.objects.filter(state=Upload.State.ARRIVING, expires_at__lte=now))
    files = [file_of(row, terms) for row in over]
    files += list(_orphans(terms.uploads, before=now - _YOUNG))
    sizes = sum(_size(file.path) for file in files)
    if not dry_run:
        Upload.objects.filter(pk__in=[row.pk for row in over], state=Upload.State.ARRIVING).delete()
        for file in files:
            file.remove()
    return Cleared(len(files), sizes)


def finish_whole(*, terms: Terms) -> int:
    """Take in uploads whose last byte came just before a process died. Returns how many those were."""
    count = 0
    for row in Upload.objects.filter(state=Upload.State.ARRIVING):
        with suppress(FileNotFoundError):
            if file_of(row, terms).offset() == row.length:
                count += finish_upload(upload=row)
    return count


def give_up_forgotten(*, terms: Terms) -> int:
    """Give up whole uploads that no task is going to take in. Returns how many those were.

    That is so where the last try failed and its worker died before it said so, and where what an upload was for
    went on without it.
    """
    from alpheus.submissions.tasks import take_in, unpack  # noqa: PLC0415 - the tasks' module imports this one

    count = 0
    for row in Upload.objects.filter(state=Upload.State.WHOLE):
        if not is_waiting(take_in if row.track_id else unpack, row.pk):
            count += give_up(upload=row.pk, terms=terms)
    return count


def _orphans(folder: Path, *, before: datetime) -> Iterator[UploadFile]:
    """Files of uploads that are gone, or were taken in by a process that died before it removed them."""
    if not folder.is_dir():
        return
    waiting = (Upload.State.ARRIVING, Upload.State.WHOLE)
    named = {gid.hex for gid in Upload.objects.filter(state__in=waiting).values_list("gid", flat=True)}
    for path in folder.glob("*.part"):
        with suppress(ValueError, FileNotFoundError):
            gid = UUID(path.stem)
            if gid.hex not in named and path.stat().st_mtime < before.timestamp():
                yield UploadFile(folder, gid)


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0
