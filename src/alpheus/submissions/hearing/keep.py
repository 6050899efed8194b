"""Keep with a step what had been heard by then, where nobody can change it."""

from collections.abc import Iterable

from alpheus.submissions.hearing.rules import HeardTrack
from alpheus.submissions.models import HeardThen, Step


def keep_heard(step: Step, heard: Iterable[HeardTrack]) -> None:
    """Write down what whoever made a step happen had heard of each track."""
    HeardThen.objects.bulk_create(
        HeardThen(
            submission_id=step.submission_id,
            number=step.number,
            position=position,
            track=it.track,
            was_played=it.was_played,
            was_needed=it.is_needed,
            heard_ms=it.heard_ms,
        )
        for position, it in enumerate(heard)
    )
