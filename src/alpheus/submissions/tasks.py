"""What a worker does for this room: takes uploads in, publishes releases at their minute, and clears what waits for nothing any more."""

from django.utils import timezone
from django_tasks import task

from alpheus.submissions.bulk import hand_in_all
from alpheus.submissions.bulk import lay_out as laying_out
from alpheus.submissions.bulk import unpack as unpacking
from alpheus.submissions.clear_uploads import clear_uploads, finish_whole, give_up_forgotten
from alpheus.submissions.intake import take_in_upload
from alpheus.submissions.match_again import match_again
from alpheus.submissions.publish_due import publish_due
from alpheus.submissions.publish_early import publish_early
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import give_up
from alpheus.tasks.retry import Retry, retried
from alpheus.tasks.schedule import every


@task(queue_name="ingest")
def take_in(upload: int) -> bool:
    """Take a whole upload in, by its number."""
    return take_in_upload(upload=upload, terms=terms(), now=timezone.now)


@task(queue_name="ingest")
def match(submission: int) -> bool:
    """Compare what is handed in with what came since its upload, by its number."""
    return match_again(submission=submission)


@task(queue_name="ingest")
def unpack(upload: int) -> bool:
    """Take in the next files of a zip, by its upload's number; the rest waits its turn behind other work."""
    left = unpacking.unpack(upload=upload, terms=terms(), now=timezone.now)
    if left:
        unpack.enqueue(upload)
    return left


@task(queue_name="ingest")
def lay_out(intake: int) -> bool:
    """Lay out the next releases of a sheet, by its intake's number."""
    left = laying_out.lay_out(intake=intake, terms=terms(), now=timezone.now)
    if left:
        lay_out.enqueue(intake)
    return left


@task(queue_name="ingest")
def hand_in_many(intake: int) -> bool:
    """Hand in the next releases of an intake, by its number."""
    left = hand_in_all.hand_in_portion(intake=intake, now=timezone.now)
    if left:
        hand_in_many.enqueue(intake)
    return left


def _not_prepared(upload: int) -> None:
    """Nobody tries it again: its page says so, and lets the file be sent anew."""
    give_up(upload=upload, terms=terms())


# A full disk or an object store that is away: for most of a day, and then it may be uploaded again.
_PATIENT = Retry(attempts=24, first_seconds=5, factor=4, most_seconds=3600)
for _task in (take_in, unpack):
    retried(_task, _PATIENT, given_up=_not_prepared)
for _portion in (match, lay_out, hand_in_many):
    retried(_portion, _PATIENT)


@every(seconds=20)
def appear() -> None:
    """Publish releases whose minute has come, and those whose shop has opened; begin and end pre-listening."""
    publish_due(now=timezone.now())
    publish_early(now=timezone.now())


@every(seconds=600)
def clear() -> None:
    """Remove uploads whose time is over; take in those that are whole and were not noticed, or give them up."""
    finish_whole(terms=terms())
    give_up_forgotten(terms=terms())
    clear_uploads(terms=terms(), now=timezone.now(), dry_run=False)
