"""Which tracks an auditor has to hear before they accept. Pure decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class HeardTrack:
    """How one auditor stands to one track."""

    track: UUID
    title: str
    is_needed: bool
    """Whether it has to be heard: not what a version leaves as it is, nor what listeners hear already."""
    was_played: bool
    heard_ms: int | None
    """As far as the key log told; None while it told nothing."""

    @property
    def is_missing(self) -> bool:
        """Whether it stands in the way of accepting."""
        return self.is_needed and not self.was_played


def is_needed(*, has_sound: bool, is_offered: bool, is_as_before: bool) -> bool:
    """Whether a track has to be heard before it is accepted.

    Args:
        has_sound: whether there is a recording.
        is_offered: whether listeners hear that recording now: then it was heard when it was accepted.
        is_as_before: whether the version before has the same recording.
    """
    return has_sound and not is_offered and not is_as_before


def unheard(tracks: Iterable[HeardTrack]) -> list[HeardTrack]:
    """What is left to hear, in order."""
    return [it for it in tracks if it.is_missing]
