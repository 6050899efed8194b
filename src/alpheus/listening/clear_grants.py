"""Clear grants under which nothing was heard."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from alpheus.listening.models import Grant, Play
from alpheus.values.cleared import Cleared

_PORTION = 500


def clear_grants(*, before: datetime, dry_run: bool) -> Cleared:
    """Delete grants that expired before a time and have no play. One with a play stays for ever: it proves it.

    Call it only while folding is not behind (`clear_key_logs.folding_is_behind`): a play needs its grant.
    """
    idle = Grant.objects.filter(~Exists(Play.objects.filter(grant=OuterRef("pk"))), expires_at__lt=before)
    if dry_run:
        return Cleared(idle.count())
    cleared = Cleared()
    while portion := list(idle.order_by("pk").values_list("pk", flat=True)[:_PORTION]):
        gone = idle.filter(pk__in=portion).delete()[0]
        cleared += Cleared(gone)
        if not gone:
            break  # something was heard under each of them meanwhile
    return cleared
