"""Note what auditors hear of what waits for them. Listening calls it: at the press of play, and once the key log told how much.

The press is what a decision asks for: it is in the database the moment that music is granted, whatever a worker folds later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alpheus.catalogue.models import Recording
from alpheus.parties.models import Account, StaffRole
from alpheus.submissions.models import Hearing, Track
from alpheus.submissions.rules import AUDITED


@dataclass(frozen=True)
class Told:
    """What the key log told of one play: so much was heard of a recording by an account."""

    account: int
    recording: int
    """Both by primary key."""
    grant: UUID
    ordinal: int
    """The play's, within its stream."""
    begun_at: datetime
    heard_ms: int


def note_pressed(*, account: Account | None, recording: Recording, grant: UUID, now: datetime) -> int:
    """Note that an auditor pressed play on what waits for them. Returns of how many tracks it is the sound.

    Args:
        account: who pressed; a guest or anybody who is no auditor leaves nothing.
        recording: what plays.
        grant: the gid of the grant that it plays under.
        now: the time.
    """
    if account is None or recording.removed_at is None:
        return 0  # what everybody hears needs no looking up
    tracks = _waiting({recording.pk}).get(recording.pk, [])
    if not tracks or account.pk not in _auditors({account.pk}):
        return 0
    rows = [Hearing(track_id=it, auditor=account, grant=grant, begun_at=now) for it in tracks]
    return len(Hearing.objects.bulk_create(rows))


def note_told(*, plays: Iterable[Told]) -> int:
    """Note how much was heard, each play as it now is: told twice it is the same. Returns of how many plays something is noted."""
    told = list(plays)
    tracks = _waiting({it.recording for it in told}) if told else {}
    auditors = _auditors({it.account for it in told}) if tracks else set()
    rows = [
        Hearing(
            track_id=track,
            auditor_id=it.account,
            grant=it.grant,
            ordinal=it.ordinal,
            begun_at=it.begun_at,
            heard_ms=it.heard_ms,
        )
        for it in told
        if it.account in auditors
        for track in tracks.get(it.recording, ())
    ]
    Hearing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["track", "grant", "ordinal"],
        update_fields=["heard_ms"],
        batch_size=500,
    )
    return len(rows)


def _waiting(recordings: Iterable[int]) -> dict[int, list[int]]:
    """Tracks that are being judged, by their recording."""
    rows = Track.objects.filter(recording__in=set(recordings), submission__state__in=AUDITED)
    found: dict[int, list[int]] = {}
    for recording, track in rows.values_list("recording", "pk"):
        if recording is not None:
            found.setdefault(recording, []).append(track)
    return found


def _auditors(accounts: Iterable[int]) -> set[int]:
    rows = StaffRole.objects.filter(account__in=set(accounts), role=StaffRole.Role.AUDITOR)
    return set(rows.values_list("account", flat=True))
