"""What a worker does for this room: key logs are folded every few seconds, old streams forgotten."""

from django.conf import settings
from django.utils import timezone

from alpheus.listening import fold
from alpheus.tasks.schedule import every


@every(seconds=5)
def fold_key_logs() -> None:
    """Fold what the edges logged since the last time into plays."""
    terms = settings.LISTENING
    fold.fold_all(terms.key_logs, now=timezone.now())


@every(seconds=6 * 3600)
def forget_streams() -> None:
    """Forget streams that have been silent for a week."""
    fold.forget_streams(now=timezone.now())
