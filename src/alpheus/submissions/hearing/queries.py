"""Reads of what auditors heard: now, and at each decision that was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Sum

from alpheus.parties.models import Account
from alpheus.submissions.hearing.rules import HeardTrack, is_needed
from alpheus.submissions.models import HeardThen, Hearing, Submission, Track


def heard_of(row: Submission, auditor: Account) -> list[HeardTrack]:
    """How an auditor stands to each track of a submission, in order; what was heard since it was handed in."""
    tracks = list(row.tracks.select_related("recording", "former"))
    played = Hearing.objects.filter(track__in=tracks, auditor=auditor).values("track")
    counted = {it["track"]: it["ms"] for it in played.annotate(ms=Sum("heard_ms"), n=Count("pk"))}
    return [
        HeardTrack(
            track=it.gid,
            title=it.title,
            is_needed=_is_needed(it),
            was_played=it.pk in counted,
            heard_ms=counted.get(it.pk),
        )
        for it in tracks
    ]


def _is_needed(track: Track) -> bool:
    recording = track.recording
    former = track.former.recording_id if track.former else None
    return is_needed(
        has_sound=recording is not None,
        is_offered=recording is not None and recording.removed_at is None,
        is_as_before=former is not None and former == track.recording_id,
    )


@dataclass(frozen=True)
class HeardBefore:
    """What had been heard of one track when somebody decided."""

    track: UUID
    title: str
    """Empty where the track is gone."""
    was_played: bool
    was_needed: bool
    heard_ms: int | None


@dataclass(frozen=True)
class HeardThat:
    """The same of all of it."""

    tracks: Sequence[HeardBefore]

    @property
    def played(self) -> int:
        """How many that had to be heard were."""
        return sum(it.was_played and it.was_needed for it in self.tracks)

    @property
    def needed(self) -> int:
        """How many had to be heard."""
        return sum(it.was_needed for it in self.tracks)

    @property
    def ms(self) -> int:
        """How long it was heard, as far as that was known."""
        return sum(it.heard_ms or 0 for it in self.tracks)


def heard_then(row: Submission) -> dict[int, HeardThat]:
    """What had been heard of each track when somebody decided, by the step's number."""
    titles = dict(row.tracks.values_list("gid", "title"))
    found: dict[int, list[HeardBefore]] = {}
    for it in HeardThen.objects.filter(submission=row).order_by("number", "position"):
        told = HeardBefore(it.track, titles.get(it.track, ""), it.was_played, it.was_needed, it.heard_ms)
        found.setdefault(it.number, []).append(told)
    return {number: HeardThat(told) for number, told in found.items()}
