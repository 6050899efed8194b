"""Forget what an account handed in, when it is erased: rows go with it, and what they held in the catalogue here."""

from alpheus.catalogue.hold_recording import let_go
from alpheus.parties.models import Account
from alpheus.submissions.models import Submission


def forget(*, account: Account) -> int:
    """Let go of recordings that were handed in and are not offered. Returns how many; files on disk follow hourly."""
    held = Submission.objects.filter(account=account, recording__removed_at__isnull=False)
    count = 0
    for row in held.select_related("recording__credit"):
        if row.recording is not None:
            let_go(recording=row.recording)
            count += 1
    return count
