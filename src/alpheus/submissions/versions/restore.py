"""A version whose acceptance is judged again makes room: what stood before it stands again, whole, or nothing does."""

from datetime import datetime

from django.db import transaction

from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.shops.rules import State as ShopState
from alpheus.shops.take_in import take_out
from alpheus.submissions import queries
from alpheus.submissions.access import shop_of_submission
from alpheus.submissions.models import Submission
from alpheus.submissions.publish_due import publish
from alpheus.submissions.rules import Kind, State
from alpheus.submissions.versions.queries import former_of


@transaction.atomic
def make_room(*, row: Submission, now: datetime) -> Submission | None:
    """Take what a submission brought out of its shop, and put back the version that was accepted before it.

    Nothing changes where it never stood there, nor where a later version stands, which was heard by itself: that one is
    opened, if it is doubted too.
    What a notice suspends stays suspended, and a closed shop closed.

    Args:
        row: locked, and not accepted any more.
        now: the time.

    Returns the version that stands again; None where there is none.
    """
    if (row.kind == Kind.RELEASE and row.published_at is None) or queries.is_superseded(row):
        return None
    former = former_of(row)
    shop = shop_of_submission(row)
    row.published_at = None
    row.save(update_fields=["published_at"])
    if former is None or shop is None:
        _take_out(row, now)
        return None
    release = publish(former, now=now)
    if shop.state != ShopState.OPEN:
        standing = shop.pieces.filter(release=release).select_related("recording")
        remove_recordings(recordings=[it.recording for it in standing], now=now)
    return former


def _take_out(row: Submission, now: datetime) -> None:
    """Take its recordings out; earlier versions that are judged again too are published anew once they are accepted."""
    for track in row.tracks.select_related("recording"):
        if track.recording is not None:
            take_out(recording=track.recording, now=now)
    if row.release_id is not None:
        doubted = Submission.objects.filter(release=row.release_id, pk__lt=row.pk)
        doubted.exclude(state=State.ACCEPTED).update(published_at=None)
