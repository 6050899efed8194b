"""What a worker does for this room: takes uploads in, publishes releases at their minute, and clears what waits for nothing any more."""

from django.utils import timezone
from django_tasks import task

from alpheus.submissions.clear_uploads import clear_uploads, finish_whole
from alpheus.submissions.intake import take_in_upload
from alpheus.submissions.publish_due import publish_due
from alpheus.submissions.terms import terms
from alpheus.tasks.retry import Retry, retried
from alpheus.tasks.schedule import every


@task(queue_name="ingest")
def take_in(upload: int) -> bool:
    """Take a whole upload in, by its number."""
    return take_in_upload(upload=upload, terms=terms(), now=timezone.now)


# A full disk or an object store that is away: for most of a day, and then it may be uploaded again.
retried(take_in, Retry(attempts=24, first_seconds=5, factor=4, most_seconds=3600))


@every(seconds=20)
def appear() -> None:
    """Publish releases whose minute has come, and those whose shop has opened."""
    publish_due(now=timezone.now())


@every(seconds=600)
def clear() -> None:
    """Remove uploads whose time is over; take in those that are whole and were not noticed."""
    finish_whole(terms=terms())
    clear_uploads(terms=terms(), now=timezone.now(), dry_run=False)
