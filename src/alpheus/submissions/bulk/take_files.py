"""Take in the files of a zip or a folder: each is matched with its row, copied to the uploads' folder, and prepared like any upload.

One at a time, so that the disk holds one more than there is; in portions, and begun again it goes on after the last one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction

from alpheus.catalogue.artwork import BYTES_MAX as COVER_BYTES_MAX
from alpheus.submissions.bulk.files import Place, sort_files
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.bulk.sources import Damaged, Source
from alpheus.submissions.drop_sound import drop_sound
from alpheus.submissions.errors import CoverUnfit, NotNow, SubmissionUnknown
from alpheus.submissions.intake import take_in_upload
from alpheus.submissions.models import Upload
from alpheus.submissions.set_cover import set_cover
from alpheus.submissions.step import own_track
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload import file_of
from alpheus.values.text import line

PORTION = 10
"""Files of one turn: between turns other work of the queue is done."""
_TOLD_MAX = 500
"""Names that are told of each kind: of 10,000 the first say enough."""

Tell = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and which is next."""


def take_files(
    *,
    intake: Intake,
    source: Source,
    since: datetime,
    terms: Terms,
    now: Callable[[], datetime],
    tell: Tell | None = None,
    portion: int = PORTION,
) -> bool:
    """Take in what is not here yet. Returns whether anything is left.

    Args:
        intake: whose rows are laid out.
        source: the files.
        since: what was refused after this time was refused in this run, and is not tried again.
        terms: the installation's.
        now: the clock.
        tell: told of progress.
        portion: how many files at most.

    Raises:
        DiskFull, NoSpace, StoreUnavailable: there is no room, or the store is away; run again it goes on.
    """
    found = sort_files(intake, source.paths())
    intake.superfluous = _told(found.superfluous)
    intake.several = _told(f"{name}: {', '.join(paths)}" for name, paths in found.several.items())
    intake.save(update_fields=["superfluous", "several"])
    left = _left(intake, found.places, since)
    left.sort(key=lambda it: it.track is not None)  # covers first: they are few and small
    for done, place in enumerate(left[:portion]):
        if tell is not None:
            tell(done, len(left), place.path)
        if place.track is None:
            _cover(intake, source, place, terms, now())
        else:
            _sound(intake, source, place, terms, now)
    return len(left) > portion


def _told(names: Iterable[str]) -> str:
    return "\n".join(line(it, limit=1000) for it in islice(names, _TOLD_MAX))


def _left(intake: Intake, places: Iterable[Place], since: datetime) -> list[Place]:
    """What is to be taken in: what is not here, and was not found unfit or refused in this run."""
    unfit = set(intake.unfit.splitlines())
    refused = Upload.objects.filter(
        track__entry__intake=intake, state=Upload.State.REFUSED, created_at__gte=since
    )
    tried = set(refused.values_list("track__gid", flat=True))
    return [
        it
        for it in places
        if not it.is_here and it.track not in tried and line(it.path, limit=1000) not in unfit
    ]


def _note_unfit(intake: Intake, path: str) -> None:
    intake.unfit = "\n".join([*intake.unfit.splitlines(), line(path, limit=1000)])
    intake.save(update_fields=["unfit"])


def _cover(intake: Intake, source: Source, place: Place, terms: Terms, now: datetime) -> None:
    try:
        fits = source.size(place.path) <= COVER_BYTES_MAX
        image = b"".join(source.pieces(place.path)) if fits else b""
        set_cover(account=intake.account, gid=place.submission, image=image, terms=terms, now=now)
    except (CoverUnfit, Damaged):
        _note_unfit(intake, place.path)
    except (NotNow, SubmissionUnknown):
        pass  # handed in, or thrown away meanwhile


def _sound(intake: Intake, source: Source, place: Place, terms: Terms, now: Callable[[], datetime]) -> None:
    size = source.size(place.path)
    if not 0 < size <= terms.file_bytes_max:
        return _note_unfit(intake, place.path)
    try:
        upload = _begin(intake, place, size, terms, now())
    except (NotNow, SubmissionUnknown):
        return None  # handed in, or thrown away meanwhile
    try:
        with file_of(upload, terms).writing() as writing:
            for piece in source.pieces(place.path):
                writing.append(piece)
            writing.flush()
    except Damaged:
        file_of(upload, terms).remove()
        upload.delete()
        return _note_unfit(intake, place.path)
    # As when the last byte of an upload has come; a process that dies before this is found out by the schedule.
    Upload.objects.filter(pk=upload.pk, state=Upload.State.ARRIVING).update(state=Upload.State.WHOLE)
    take_in_upload(upload=upload.pk, terms=terms, now=now)
    return None


@transaction.atomic
def _begin(intake: Intake, place: Place, size: int, terms: Terms, now: datetime) -> Upload:
    """An upload of our own: it begins where the account's room does not count, since it holds one file at a time."""
    assert place.track is not None  # noqa: S101 - covers go another way
    track = own_track(place.submission, place.track, intake.account)
    drop_sound(track, terms)
    upload = Upload.objects.create(
        account=intake.account,
        track=track,
        length=size,
        filename=line(place.path.replace("\\", "/").rpartition("/")[2], limit=255),
        created_at=now,
        expires_at=now + terms.upload_lifetime,
    )
    file_of(upload, terms).create()
    return upload
