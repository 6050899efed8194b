"""Whether another account may be opened from a network: each is a whole listening gate, so a day has only so many."""

from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from alpheus.parties.errors import SignUpsUsedUp
from alpheus.parties.models import SignUps

KEPT = timedelta(days=2)


@transaction.atomic
def count_sign_up(*, network: str, most: int, now: datetime) -> None:
    """Count one account that is about to be opened, across all processes.

    Args:
        network: an opaque name of where the request comes from.
        most: accounts that a network may open in a day (UTC).
        now: the time.

    Raises:
        SignUpsUsedUp: the day's are used up; it tells how long to wait.
    """
    day = now.astimezone(UTC).date()
    SignUps.objects.filter(day__lt=day - KEPT).delete()
    row, _ = SignUps.objects.get_or_create(network=network, day=day)
    # One statement decides: of two at once for the last place, one finds none left.
    if not SignUps.objects.filter(pk=row.pk, count__lt=most).update(count=F("count") + 1):
        tomorrow = datetime.combine(day + timedelta(days=1), time(), UTC)
        raise SignUpsUsedUp((tomorrow - now).total_seconds())
