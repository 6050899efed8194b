"""Forget what an account handed in, when it is erased: rows go with it, and what they held in the catalogue here."""

from datetime import datetime

from alpheus.catalogue.hold_recording import let_go
from alpheus.parties.models import Account
from alpheus.rights.early import end_of_release
from alpheus.submissions.models import Submission, Track


def forget(*, account: Account, now: datetime) -> int:
    """Let go of recordings that were handed in and are not offered. Returns how many; files on disk follow hourly."""
    _leave_to_shops(account)
    _end_early(account, now)
    rows = Track.objects.filter(submission__account=account, recording__removed_at__isnull=False)
    held = {it.recording_id: it.recording for it in rows.select_related("recording__credit")}
    for recording in held.values():
        if recording is not None:
            let_go(recording=recording)
    return len(held)


def _end_early(account: Account, now: datetime) -> None:
    """Of what would have appeared nothing is heard, and no release is left."""
    for row in Submission.objects.filter(account=account, early__isnull=False).select_related("early"):
        if row.early is not None:
            end_of_release(row.early, now=now)
            row.early.delete()


def _leave_to_shops(account: Account) -> None:
    """What they handed in for a label stays the label's: it is its owner's from now on."""
    for row in Submission.objects.filter(account=account, shop__owner__isnull=False).select_related("shop"):
        if row.shop is not None and row.shop.owner_id not in {None, account.pk}:
            Submission.objects.filter(pk=row.pk).update(account=row.shop.owner_id)
