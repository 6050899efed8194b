"""Put a release's tracks in order, and take one out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.submissions.drop_sound import drop_sound
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.step import own_track
from alpheus.submissions.terms import Terms


@transaction.atomic
def move_track(
    *, account: Account, gid: UUID, track: UUID, after: UUID | None, now: datetime
) -> Sequence[Track]:
    """Put a track behind another, or first; from now on files' numbers say nothing about the order.

    Returns all tracks in their order.

    Raises:
        SubmissionUnknown: there is none of theirs, or no such track in it.
        NotNow: it is handed in.
    """
    moved = own_track(gid, track, account)
    others = [it for it in moved.submission.tracks.all() if it.pk != moved.pk]
    places = [place for place, it in enumerate(others, start=1) if it.gid == after]
    at = places[0] if places else 0 if after is None else len(others)
    ordered = [*others[:at], moved, *others[at:]]
    _number(ordered)
    Submission.objects.filter(pk=moved.submission_id).update(by_hand=True, changed_at=now)
    return ordered


@transaction.atomic
def remove_track(*, account: Account, gid: UUID, track: UUID, terms: Terms, now: datetime) -> None:
    """Take a track out of a release's draft, with its file and what was typed.

    Raises:
        SubmissionUnknown: there is none of theirs, or no such track in it.
        NotNow: it is handed in.
    """
    row = own_track(gid, track, account)
    submission = row.submission
    drop_sound(row, terms)
    row.delete()
    _number(list(submission.tracks.all()))
    Submission.objects.filter(pk=submission.pk).update(changed_at=now)


def by_numbers(submission: Submission) -> None:
    """Put tracks in the order of their files' numbers, unless somebody put them in order."""
    if submission.by_hand:
        return
    rows = list(submission.tracks.all())
    rows.sort(key=lambda it: (it.number is None, it.number or 0))
    _number(rows)


def _number(tracks: Sequence[Track]) -> None:
    for position, it in enumerate(tracks):
        it.position = position
    Track.objects.bulk_update(tracks, ["position"])
