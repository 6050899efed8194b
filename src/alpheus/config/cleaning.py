"""The installation cleans itself: each rule is a room's verb with the ages of the settings.

`alpheus clean` shows and applies them, and a worker applies them daily, by the same code.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from alpheus.catalogue import clear_objects
from alpheus.catalogue.models import Asset, Cover
from alpheus.config import wiring
from alpheus.config.clear_logs import clear_logs
from alpheus.config.settings import Settings
from alpheus.exchange.folder import queries as imports
from alpheus.listening.clear_grants import clear_grants
from alpheus.listening.clear_guests import clear_guests
from alpheus.listening.clear_key_logs import clear_key_logs, folding_is_behind
from alpheus.listening.library.clear_library import clear_library
from alpheus.listening.library.rules import UNDO_WITHIN
from alpheus.locker import queries as locker
from alpheus.rights.clear_notices import clear_notices
from alpheus.shops import queries as shops
from alpheus.storage.errors import StorageError
from alpheus.submissions import queries as submissions
from alpheus.tasks.clear_tasks import clear_tasks
from alpheus.tasks.schedule import every
from alpheus.values.cleared import Cleared
from alpheus.web.clear_sessions import clear_sessions

log = logging.getLogger("alpheus.cleaning")

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Rule:
    """What goes and when, in words, and the verb that clears it: told the time and whether only to count."""

    what: str
    when: str
    clear: Callable[[datetime, bool], Cleared]


@dataclass(frozen=True)
class Outcome:
    """What became of a rule; `trouble` says why it was not applied."""

    rule: Rule
    cleared: Cleared = field(default_factory=Cleared)
    trouble: str = ""


def rules(settings: Settings) -> list[Rule]:
    """All rules of this installation, in the order in which they are applied."""
    grace = timedelta(hours=settings.clean_grace_hours)
    return [*_of_the_store(settings, grace), *_of_listening(settings), *_of_the_house(settings)]


def _of_the_store(settings: Settings, grace: timedelta) -> list[Rule]:
    days = settings.clean_renditions_days
    terms = clear_objects.Terms(
        blobs=wiring.blobs(),
        grace=grace,
        removed=timedelta(days=days) if days else None,
        named_above=_assets_named_above,
        covers_above=_covers_named_above,
        import_under_way=lambda: imports.is_under_way(since=timezone.now() - timedelta(days=1)),
    )
    return [
        Rule(
            "objects",
            f"of assets, renditions and covers that nothing has named for {settings.clean_grace_hours} h",
            lambda now, dry: _unless_importing(terms, now=now, dry_run=dry),
        ),
        Rule(
            "half-written objects",
            f"older than {settings.clean_grace_hours} h",
            lambda now, dry: clear_objects.clear_drafts(blobs=terms.blobs, before=now - grace, dry_run=dry),
        ),
    ]


def _assets_named_above() -> QuerySet[Any, int | None]:
    """What files of imported folders hold, what is handed in, and what listeners own."""
    others = Q(pk__in=submissions.assets_kept()) | Q(pk__in=locker.assets_owned())
    return Asset.objects.filter(others | Q(pk__in=imports.assets_of_present_files())).values_list(
        "pk", flat=True
    )


def _covers_named_above() -> QuerySet[Any, int]:
    """What is handed in, and shops' header pictures."""
    others = Q(pk__in=submissions.covers_kept()) | Q(pk__in=shops.headers_kept())
    return Cover.objects.filter(others).values_list("pk", flat=True)


def _unless_importing(terms: clear_objects.Terms, *, now: datetime, dry_run: bool) -> Cleared:
    if terms.import_under_way():
        raise Postponed("an import is under way, or was stopped less than a day ago")
    return clear_objects.clear_objects(terms=terms, now=now, dry_run=dry_run)


def _of_listening(settings: Settings) -> list[Rule]:
    folder = settings.data.resolve() / "keylog"

    def unless_behind(verb: Callable[..., Cleared], days: int) -> Callable[[datetime, bool], Cleared]:
        def clear(now: datetime, dry: bool) -> Cleared:  # noqa: FBT001 - as Rule.clear is called
            if folding_is_behind(folder=folder, now=now):
                raise Postponed("key logs wait to be folded; start the worker")
            return verb(before=now - timedelta(days=days), dry_run=dry)

        return clear

    keylog_age = timedelta(days=settings.clean_keylog_days)
    return [
        Rule(
            "key log segments",
            f"sealed, wholly folded, older than {settings.clean_keylog_days} days",
            lambda now, dry: clear_key_logs(folder=folder, before=now - keylog_age, dry_run=dry),
        ),
        Rule(
            "grants",
            f"expired for {settings.clean_grants_days} days, without a play",
            unless_behind(clear_grants, settings.clean_grants_days),
        ),
        Rule(
            "guests",
            f"without plays, away for {settings.clean_guests_days} days",
            unless_behind(clear_guests, settings.clean_guests_days),
        ),
        Rule(
            "what playlists could be undone from",
            f"given up {UNDO_WITHIN.days} days ago: deleted playlists, removed tracks, what was let go",
            lambda now, dry: clear_library(before=now - UNDO_WITHIN, dry_run=dry),
        ),
    ]


def _of_the_house(settings: Settings) -> list[Rule]:
    logs, tasks = timedelta(days=settings.clean_logs_days), timedelta(days=settings.clean_tasks_days)
    notices, folder = timedelta(days=settings.clean_notices_days), settings.data.resolve() / "logs"
    return [
        Rule(
            "who gave notices",
            f"dismissed {settings.clean_notices_days} days ago; what was decided stays",
            lambda now, dry: clear_notices(before=now - notices, dry_run=dry),
        ),
        Rule("sessions", "expired", lambda now, dry: clear_sessions(now=now, dry_run=dry)),
        Rule(
            "tasks",
            f"finished {settings.clean_tasks_days} days ago",
            lambda now, dry: clear_tasks(before=now - tasks, dry_run=dry),
        ),
        Rule(
            "logs",
            f"rotated, last written {settings.clean_logs_days} days ago",
            lambda now, dry: clear_logs(folder=folder, before=now - logs, dry_run=dry),
        ),
    ]


class Postponed(Exception):
    """A rule is not applied now; the message says why."""


def clean(settings: Settings, *, now: datetime, dry_run: bool) -> Iterator[Outcome]:
    """Apply the rules one after another, or count what each would clear; one that fails does not stop the others."""
    for rule in rules(settings):
        try:
            outcome = Outcome(rule, rule.clear(now, dry_run))
        except (Postponed, StorageError, OSError, DatabaseError) as error:
            outcome = Outcome(rule, trouble=str(error))
        if outcome.trouble:
            log.warning("cleaning_left_out", extra={"what": rule.what, "reason": outcome.trouble})
        elif outcome.cleared.things and not dry_run:
            log.info(
                "cleaned",
                extra={
                    "what": rule.what,
                    "things": outcome.cleared.things,
                    "bytes": outcome.cleared.size_bytes,
                },
            )
        yield outcome


def schedule(settings: Settings) -> None:
    """Have this worker clean daily, when its turn comes."""

    @every(seconds=DAY_SECONDS)
    def clean_daily() -> None:
        # In a thread: listing a large store takes minutes, and folding must not wait.
        threading.Thread(target=_clean, args=(settings,), name="cleaning", daemon=True).start()


def _clean(settings: Settings) -> None:
    try:
        for _ in clean(settings, now=timezone.now(), dry_run=False):
            pass
    except Exception:
        log.exception("cleaning_failed")
    finally:
        connection.close()
