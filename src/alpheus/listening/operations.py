"""What a device may ask of the playback session: edits of the queue, reports, and words to the device that plays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from alpheus.listening.queue import Anchor

Repeat = Literal["off", "all", "one"]


@dataclass(frozen=True)
class Insert:
    """Put recordings into the queue; `seed` names their entries, so that asking twice is asking once."""

    recordings: Sequence[UUID]
    seed: str
    anchor: Anchor


@dataclass(frozen=True)
class Remove:
    """Take entries out."""

    entries: Sequence[UUID]


@dataclass(frozen=True)
class Move:
    """Put an entry elsewhere."""

    entry: UUID
    anchor: Anchor


@dataclass(frozen=True)
class Clear:
    """Take out all but what plays."""


@dataclass(frozen=True)
class SetShuffle:
    """Shuffle on or off."""

    on: bool


@dataclass(frozen=True)
class SetRepeat:
    """Repeat nothing, the queue, or what plays."""

    repeat: Repeat


@dataclass(frozen=True)
class SetStop:
    """Have the music stop by itself, wherever it plays by then; with neither, not after all."""

    after_ms: int | None
    """From now on; a moment that passed is forgotten."""
    entry: UUID | None
    """When this entry has been heard. Forgotten when another one plays."""


@dataclass(frozen=True)
class Report:
    """The device that plays says where it is.

    Believed of the one stream that may sound, and only if it has heard the last word that was said to it.
    """

    stream: UUID
    entry: UUID
    position_ms: int
    playing: bool
    heard: int
    """The `directed` that it knows."""


@dataclass(frozen=True)
class Tell:
    """Tell the device that plays, from any other."""

    what: Literal["play", "pause", "next", "previous"]


@dataclass(frozen=True)
class Seek:
    """Have it go to a place in what plays."""

    position_ms: int


@dataclass(frozen=True)
class Jump:
    """Have it play another entry."""

    entry: UUID


@dataclass(frozen=True)
class Transfer:
    """Have another device play on from here."""

    device: UUID


Operation = (
    Insert | Remove | Move | Clear | SetShuffle | SetRepeat | SetStop | Report | Tell | Seek | Jump | Transfer
)
