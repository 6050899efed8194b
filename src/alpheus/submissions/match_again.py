"""Compare what is handed in again with what is held: between an upload and a decision others publish and hand in too.

It takes an index that may have to catch up, so it is done in a task: at handing in, and when an auditor takes what was compared
before the newest sound came. What it was compared with is kept as evidence of its own.
"""

from enum import StrEnum

from django.db import transaction
from django.db.models import Max, QuerySet

from alpheus.catalogue.ear import ear
from alpheus.catalogue.models import Asset
from alpheus.catalogue.recognise import held_like
from alpheus.ingest.evidence import Finding, Held, identities
from alpheus.submissions.evidence import note
from alpheus.submissions.metadata import clashes_of
from alpheus.submissions.models import Evidence, Submission, Track
from alpheus.submissions.rules import WAITING
from alpheus.tasks.waiting import was_given_up, will_be_done

COMPARED = "compared"
"""The kind of what says with how many sounds it was compared, and which was the newest."""


class Comparison(StrEnum):
    """How far it is compared with what is held."""

    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"
    """For good, or it never began: nobody does it unless it is asked for again."""


def comparison(row: Submission) -> Comparison:
    """How far machines are with a submission. What came since it was compared does not make it begin anew by itself."""
    from alpheus.submissions.tasks import match  # noqa: PLC0415 - the task's module imports what matches

    if will_be_done(match, row.pk):
        return Comparison.UNDER_WAY
    was_compared = Evidence.objects.filter(submission=row, kind=COMPARED, track=None).exists()
    return Comparison.FAILED if not was_compared or was_given_up(match, row.pk) else Comparison.DONE


def compare_anew(row: Submission) -> bool:
    """Have it tried again after it failed for good. Returns False where it did not."""
    from alpheus.submissions.tasks import match  # noqa: PLC0415 - the task's module imports what matches

    if comparison(row) is not Comparison.FAILED:
        return False
    match.enqueue(row.pk)
    return True


def is_behind(row: Submission) -> bool:
    """Whether a sound came since it was compared, or it never was."""
    told = Evidence.objects.filter(submission=row, kind=COMPARED, track=None).first()
    return told is None or told.measured.get("newest", 0) < _newest()


def have_matched(row: Submission) -> None:
    """Have a worker compare it again, where that is behind."""
    from alpheus.submissions.tasks import match  # noqa: PLC0415 - the task's module imports what matches

    if is_behind(row):
        match.enqueue(row.pk)


def match_again(*, submission: int) -> bool:
    """Compare each of its tracks with all that is held now. Returns False where it does not wait any more, or nothing came.

    Raises:
        StoreUnavailable: the object store failed; it is tried again.
    """
    row = Submission.objects.filter(pk=submission, state__in=WAITING).first()
    if row is None or not is_behind(row):
        return False
    newest, count = _newest(), _held().count()
    tracks = row.tracks.exclude(asset=None).select_related("asset", "recording__asset", "submission__account")
    found = {it: identities(_others(it)) for it in tracks.select_related("submission__shop")}
    with transaction.atomic():
        locked = Submission.objects.select_for_update(of=("self",)).get(pk=row.pk)
        for track, alike in found.items():
            note(locked, alike, track=track)
            note(locked, clashes_of(track), track=track)  # which sounds are the same may be new
        measured = {"recordings": count, "newest": newest}
        if not Evidence.objects.filter(submission=locked, kind=COMPARED).update(measured=measured):
            note(locked, [Finding(COMPARED, measured)])
    return True


def _others(track: Track) -> Held:
    """What is like a track's sound; by its own recording the same bytes are no other's."""
    asset = track.asset
    if asset is None:
        return Held()
    held = held_like(asset=asset, ear=ear())
    shared = asset.recordings.exclude(pk=track.recording_id or 0).exists()
    return Held((asset.key,) if shared else (), held.same_sound, held.alike)


def _held() -> "QuerySet[Asset]":
    return Asset.objects.filter(state=Asset.State.READY)


def _newest() -> int:
    return _held().aggregate(last=Max("pk"))["last"] or 0
