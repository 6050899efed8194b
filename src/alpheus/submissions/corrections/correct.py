"""Correct what was accepted where that is small, and move the minute at which it appears: at once, and on record."""

from collections.abc import Mapping
from datetime import datetime

from alpheus.parties.models import Account
from alpheus.submissions import rules
from alpheus.submissions.corrections.record import as_heard, record
from alpheus.submissions.corrections.rules import are_slips, is_slip
from alpheus.submissions.describe import FIELDS, TRACK_FIELDS
from alpheus.submissions.errors import Incomplete, MinutePast, NeedsVersion
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Event, Kind, Missing, State

FREE = ("catalogue_number", "language")
"""What nobody hears: anything that fits its field."""
SLIPS = ("title", "disc_titles")
"""What may differ by slips of the pen from what was heard."""


def correct_release(row: Submission, fields: Mapping[str, str], *, actor: Account, now: datetime) -> None:
    """Correct a locked release.

    Raises:
        NeedsVersion: a title would be another one.
    """
    for name in (it for it in (*FREE, *SLIPS) if it in fields):
        new = str(FIELDS[Kind.RELEASE][name](fields[name]))
        _correct(row, row, name, new, what=name, actor=actor, now=now)


def correct_track(
    row: Submission, track: Track, fields: Mapping[str, str], *, actor: Account, now: datetime
) -> None:
    """Correct the title or language of a track of a locked release.

    Raises:
        NeedsVersion: the title would be another one.
    """
    for name in (it for it in ("title", "language") if it in fields):
        what = f"track {track.position + 1} {name}"
        new = str(TRACK_FIELDS[name](fields[name]))
        _correct(row, track, name, new, what=what, actor=actor, now=now)


def move_minute(row: Submission, fields: Mapping[str, str], *, actor: Account, now: datetime) -> None:
    """Move the minute at which a locked release that waits for it appears; none: as soon as may be.

    Raises:
        Incomplete: it is no time, or no zone.
        MinutePast: it is over.
    """
    known = FIELDS[Kind.RELEASE]
    local, zone = (
        str(known[it](fields[it])) if it in fields else str(getattr(row, it)) for it in ("due_local", "zone")
    )
    before = _minute(row.due_local, row.zone)
    if _minute(local, zone) == before:
        return
    due = rules.due(local, zone)
    if local and due is None:
        raise Incomplete((Missing.DUE,))
    if due is not None and due < now:
        raise MinutePast("This minute is over. Choose a later one, or none: then it appears at once.")
    row.due_local, row.zone, row.due_at = local, zone, due
    row.save(update_fields=["due_local", "zone", "due_at"])
    record(
        row,
        Event.MOVE_MINUTE,
        what="minute",
        before=before,
        after=_minute(local, zone),
        actor=actor,
        now=now,
    )


def _minute(local: str, zone: str) -> str:
    """How a minute is told; a zone says nothing without it."""
    return f"{local} {zone}" if local else ""


def _correct(
    row: Submission,
    thing: Submission | Track,
    name: str,
    new: str,
    *,
    what: str,
    actor: Account,
    now: datetime,
) -> None:
    old = str(getattr(thing, name))
    if new == old:
        return
    if name in SLIPS:
        fits = are_slips if name == "disc_titles" else is_slip
        if not fits(as_heard(row, what, old), new):
            raise NeedsVersion("This is more than a slip of the pen: it is changed by a new version.")
    setattr(thing, name, new)
    thing.save(update_fields=[name])
    _also_in_draft(thing, name, old, new)
    record(row, Event.CORRECT, what=what, before=old, after=new, actor=actor, now=now)


def _also_in_draft(thing: Submission | Track, name: str, old: str, new: str) -> None:
    """A version that is being written would bring the slip back, where it still has it."""
    if isinstance(thing, Track):
        Track.objects.filter(former=thing, submission__state=State.DRAFT, **{name: old}).update(**{name: new})
    elif thing.release_id is not None:
        drafts = Submission.objects.filter(release=thing.release_id, state=State.DRAFT, **{name: old})
        drafts.update(**{name: new})
