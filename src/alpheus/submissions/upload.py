"""Uploads as rows: begun, found, finished, dropped. Their bytes are `upload_file`'s."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from alpheus.parties.models import Account
from alpheus.submissions import rules
from alpheus.submissions.drop_sound import drop_sound
from alpheus.submissions.errors import (
    LengthMissing,
    QuotaUsedUp,
    SubmissionUnknown,
    TooLarge,
    TracksUsedUp,
    UploadOver,
    UploadUnknown,
)
from alpheus.submissions.models import Submission, Track, Upload
from alpheus.submissions.rules import Kind, UploadRefusal
from alpheus.submissions.step import own_draft
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload_file import UploadFile
from alpheus.values.text import line

_REFUSED = {
    UploadRefusal.LENGTH: LengthMissing,
    UploadRefusal.TOO_LARGE: TooLarge,
    UploadRefusal.QUOTA: QuotaUsedUp,
}
HELD = (Upload.State.ARRIVING, Upload.State.WHOLE)
"""States in which an upload takes room."""


def file_of(upload: Upload, terms: Terms) -> UploadFile:
    """Where an upload's bytes lie."""
    return UploadFile(terms.uploads, upload.gid)


@transaction.atomic
def begin_upload(
    *,
    account: Account,
    submission: UUID,
    track: UUID | None = None,
    length: int,
    filename: str,
    metadata: str,
    terms: Terms,
    now: datetime,
) -> Upload:
    """Begin an upload for a draft: of an application its recording, of a release a new track or a track's new file.

    One that was under way for the same track is over.

    Args:
        account: whose draft it is.
        submission: the draft's gid.
        track: a track of a release that it is the file of; none for a new track.
        length: bytes that the file has.
        filename: what the browser calls it; kept to be shown, and for nothing else.
        metadata: Upload-Metadata as sent, to be given back.
        terms: the installation's.
        now: the time.

    Raises:
        SubmissionUnknown: there is no such draft of theirs, or no such track in it.
        NotNow: it is handed in.
        UploadError: the file is too large, the account has too much here, or the length is missing.
    """
    row = _track(own_draft(submission, account), track)
    if row.pk is not None:
        drop_sound(row, terms)
    held = Upload.objects.filter(account=account, state__in=HELD).aggregate(n=Count("pk"), sum=Sum("length"))
    refusal = rules.upload_refusal(
        length,
        bytes_max=terms.file_bytes_max,
        held_bytes=held["sum"] or 0,
        account_bytes_max=terms.account_bytes_max,
        held_count=held["n"],
    )
    if refusal is not None:
        raise _REFUSED[refusal](f"This upload cannot begin: {refusal.value}.")
    if row.pk is None:
        row.save()
    upload = Upload.objects.create(
        account=account,
        track=row,
        length=length,
        filename=line(filename.replace("\\", "/").rpartition("/")[2], limit=255),
        metadata=metadata,
        created_at=now,
        expires_at=now + terms.upload_lifetime,
    )
    file_of(upload, terms).create()
    return upload


def _track(row: Submission, wanted: UUID | None) -> Track:
    """The track that a file is for; a new one of a release is not saved yet.

    Raises:
        SubmissionUnknown: there is no such track in it.
        TracksUsedUp: it has as many as a release may have.
    """
    tracks = list(row.tracks.select_related("recording__credit"))
    if row.kind == Kind.APPLICATION:
        return tracks[0]
    if wanted is not None:
        found = next((it for it in tracks if it.gid == wanted), None)
        if found is None:
            raise SubmissionUnknown
        return found
    if len(tracks) >= rules.TRACKS_MAX:
        raise TracksUsedUp(f"A release has {rules.TRACKS_MAX} tracks at most.")
    return Track(submission=row, position=len(tracks))


def find_upload(*, account: Account, gid: UUID, now: datetime) -> Upload:
    """An account's upload that can go on or is whole.

    Raises:
        UploadUnknown: there is none of theirs.
        UploadOver: its time is over.
    """
    row = (
        Upload.objects.select_related("track__submission", "account").filter(account=account, gid=gid).first()
    )
    if row is None:
        raise UploadUnknown("There is no such upload.")
    if row.state == Upload.State.ARRIVING and row.expires_at <= now:
        raise UploadOver("This upload waited too long for its next byte. Begin it again.")
    return row


@transaction.atomic
def prolong(*, upload: Upload, terms: Terms, now: datetime) -> datetime:
    """Bytes came: it waits anew. Returns until when."""
    until = now + terms.upload_lifetime
    Upload.objects.filter(pk=upload.pk, state=Upload.State.ARRIVING).update(expires_at=until)
    return until


@transaction.atomic
def finish_upload(*, upload: Upload) -> bool:
    """All bytes are there: have them taken in. Called twice, it is done once. Returns whether it was done now."""
    from alpheus.submissions.tasks import take_in, unpack  # noqa: PLC0415 - the task's module imports what takes in

    changed = Upload.objects.filter(pk=upload.pk, state=Upload.State.ARRIVING).update(
        state=Upload.State.WHOLE
    )
    if changed:
        (take_in if upload.track_id else unpack).enqueue(upload.pk)
    return bool(changed)


def give_up(*, upload: int, terms: Terms) -> bool:
    """Say of a whole upload that it could not be prepared: it takes no room any more, and may be sent again.

    Args:
        upload: its number.
        terms: the installation's.

    Returns:
        Whether it was whole until now.
    """
    row = Upload.objects.filter(pk=upload).first()
    changed = Upload.objects.filter(pk=upload, state=Upload.State.WHOLE).update(
        state=Upload.State.REFUSED, trouble=Upload.Trouble.NOT_PREPARED, phase="", fraction=0.0
    )
    if row is not None and changed:
        file_of(row, terms).remove()  # once it is told: until then every try finds all of it
    return bool(changed)


@transaction.atomic
def drop_upload(*, upload: Upload, terms: Terms) -> None:
    """End an upload and remove its bytes. One that is being prepared is dropped too: nothing of it is kept.

    A track of a release that says nothing without it goes too.

    Raises:
        NotNow: what it is for is handed in.
    """
    if upload.track is None:  # a zip
        file_of(upload, terms).remove()
        upload.delete()
        return
    own_draft(upload.track.submission.gid, upload.account)
    track = Track.objects.select_related("submission", "recording__credit").get(pk=upload.track.pk)
    drop_sound(track, terms)
    if track.submission.kind == Kind.RELEASE and not track.title:
        track.delete()
