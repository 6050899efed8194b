"""What a worker does for this room: folds key logs, tells search what is popular, forgets old streams, erases accounts."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from alpheus.listening import erase, fold, popularity
from alpheus.listening.library import indexing
from alpheus.search import index
from alpheus.tasks.schedule import every


@every(seconds=5)
def fold_key_logs() -> None:
    """Fold what the edges logged since the last time into plays."""
    fold.fold_all(settings.LISTENING.key_logs, now=timezone.now())


@every(seconds=600)
def tell_search() -> None:
    """Tell search how popular is what was heard in the last day; later folding reaches no further back."""
    popularity.tell_search(since=timezone.now() - timedelta(days=1))


@every(seconds=6 * 3600)
def forget_streams() -> None:
    """Forget streams that have been silent for a week."""
    fold.forget_streams(now=timezone.now())


@every(seconds=3600)
def erase_accounts() -> None:
    """Erase accounts whose owners asked for it a grace ago."""
    erase.erase_due(terms=settings.LISTENING, now=timezone.now())


@every(seconds=3600)
def follow_rules() -> None:
    """Index public playlists by the rules of this version of search, once after an upgrade."""
    if index.outdated():
        indexing.rebuild()
