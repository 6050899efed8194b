"""Forget who gave notices that were dismissed long ago; that there was one, and what was decided, stays."""

from datetime import datetime

from alpheus.rights.models import Notice, NoticeDecision
from alpheus.rights.rules import Standing
from alpheus.values.cleared import Cleared

NOBODY = {"name": "", "email": "", "signature": "", "words": "", "proof": "", "network": ""}
"""What is left of who gave a notice, and of what they wrote."""


def clear_notices(*, before: datetime, dry_run: bool) -> Cleared:
    """Take persons out of notices that were dismissed before a time and not decided anew since.

    A notice that suspends something stays whole for as long as it does: whoever is suspended may contest it.
    """
    since = NoticeDecision.objects.filter(at__gte=before).values("notice")
    old = Notice.objects.filter(standing=Standing.DISMISSED, given_at__lt=before).exclude(pk__in=since)
    named = old.exclude(email="")
    return Cleared(named.count() if dry_run else named.update(**NOBODY))
