"""Forget what an account handed in, when it is erased: rows go with it, and what they held in the catalogue here."""

from alpheus.catalogue.hold_recording import let_go
from alpheus.parties.models import Account
from alpheus.submissions.models import Submission, Track


def forget(*, account: Account) -> int:
    """Let go of recordings that were handed in and are not offered. Returns how many; files on disk follow hourly."""
    _leave_to_shops(account)
    rows = Track.objects.filter(submission__account=account, recording__removed_at__isnull=False)
    held = {it.recording_id: it.recording for it in rows.select_related("recording__credit")}
    for recording in held.values():
        if recording is not None:
            let_go(recording=recording)
    return len(held)


def _leave_to_shops(account: Account) -> None:
    """What they handed in for a label stays the label's: it is its owner's from now on."""
    for row in Submission.objects.filter(account=account, shop__owner__isnull=False).select_related("shop"):
        if row.shop is not None and row.shop.owner_id not in {None, account.pk}:
            Submission.objects.filter(pk=row.pk).update(account=row.shop.owner_id)
