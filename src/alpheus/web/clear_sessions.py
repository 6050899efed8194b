"""Clear web sessions that have expired."""

from datetime import datetime

from django.contrib.sessions.models import Session

from alpheus.values.cleared import Cleared


def clear_sessions(*, now: datetime, dry_run: bool) -> Cleared:
    """Delete expired sessions; their browsers are nobody already."""
    expired = Session.objects.filter(expire_date__lt=now)
    return Cleared(expired.count() if dry_run else expired.delete()[0])
