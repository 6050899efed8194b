"""The shapes of playing, the playback session and devices, as they travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from alpheus.api.shapes import DAY_MS, ContinuesIn, Gids, Given, GrantOut, RecordingOut, Rendition, Text
from alpheus.listening.queue import QUEUE_MAX

Seed = Annotated[str, StringConstraints(pattern="^[0-9a-f]{24}$")]
Quality = Literal["auto", "aac-64", "aac-128", "aac-256", "flac"]
Loudness = Literal["auto", "track", "album", "off"]
Repeat = Literal["off", "all", "one"]
Entries = Annotated[list[UUID], Field(min_length=1, max_length=QUEUE_MAX)]


class EntryOut(Schema):
    """One place of the queue: the same recording may stand in several."""

    id: str = Field(description="32 hexadecimal digits")
    recording: UUID


class EntriesOut(Schema):
    """A stretch of the queue in the order of play."""

    entries: list[EntryOut]
    offset: int
    length: int = Field(description="of the whole queue")
    queue_version: int


class DeviceOut(Schema):
    """One browser or app installation."""

    gid: UUID
    name: str = Field(description="as its owner calls it; empty until they do")
    kind: str = Field(description="what it is, in words, from what it says of itself")
    phone: bool
    user_agent: str
    territory: str
    seen_at: datetime
    hears: bool = Field(description="it hears live events, so that it can be told what to do")
    volume: int
    muted: bool
    quality: Quality
    loudness: Loudness
    stored_bytes: int | None = Field(description="music in its stores, as it measured")
    memory_ms: int | None = Field(description="music in its memory, as it measured")
    held_at: datetime | None
    clean_asked_at: datetime | None = Field(description="it is to empty its stores when it next comes")


class DevicesOut(Schema):
    """A listener's devices, the latest first."""

    items: list[DeviceOut]


class DeviceIn(Given):
    """How a device is called and how it plays; what is left out stays."""

    name: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=120)] | None = None
    volume: int | None = Field(None, ge=0, le=100)
    muted: bool | None = None
    quality: Quality | None = None
    loudness: Loudness | None = None


class HeldIn(Given):
    """What a device measured that it holds."""

    stored_bytes: int = Field(ge=0, le=2**53)
    memory_ms: int = Field(ge=0, le=DAY_MS)
    cleaned: bool = Field(default=False, description="it has emptied itself, as it was asked to")


class SessionOut(Schema):
    """The playback session at one moment."""

    id: int | None = Field(
        description="another id is another session: forget what was known; null where there is none"
    )
    version: int
    queue_version: int
    directed: int = Field(description="the version in which the playing device was last told what to do")
    entry: str | None
    recording: UUID | None
    index: int
    position_ms: int
    playing: bool
    stream: str | None = Field(description="the stream that may sound")
    alone: bool = Field(description="no other stream of the listener's may sound meanwhile")
    device: UUID | None = Field(description="where it plays, or did last")
    you: UUID | None = Field(description="the device that asks, if it was here before")
    live: bool = Field(description="GET /session/events has something to tell")
    devices: list[DeviceOut]
    shuffle: bool
    repeat: Repeat
    length: int
    offset: int
    entries: list[EntryOut] | None = Field(
        description="around what plays; null in an event where they are as before"
    )
    first: EntryOut | None
    last: EntryOut | None
    stops_in_ms: int | None = Field(description="after how long the music stops by itself")
    stops_after: str | None = Field(description="the entry after which it stops by itself, while that plays")
    territory: str
    updated_at: datetime


class InsertIn(Given):
    """Put recordings into the queue: after an entry that is there, else before another, else at the end."""

    op: Literal["insert"]
    seed: Seed
    recordings: Entries
    after: UUID | None = None
    before: UUID | None = None


class RemoveIn(Given):
    """Take entries out."""

    op: Literal["remove"]
    entries: Entries


class MoveIn(Given):
    """Put an entry elsewhere."""

    op: Literal["move"]
    entry: UUID
    after: UUID | None = None
    before: UUID | None = None


class ClearIn(Given):
    """Take out all but what plays."""

    op: Literal["clear"]


class ShuffleIn(Given):
    """Shuffle on or off."""

    op: Literal["shuffle"]
    on: bool


class RepeatIn(Given):
    """Repeat nothing, all, or what plays."""

    op: Literal["repeat"]
    repeat: Repeat


class StopIn(Given):
    """Stop by itself after a while or after an entry, on whichever device plays by then; with neither, not after all."""

    op: Literal["stop"]
    after_ms: int | None = Field(None, ge=1, le=DAY_MS)
    entry: UUID | None = None


class ReportIn(Given):
    """The device that plays says where it is."""

    op: Literal["report"]
    stream: UUID
    entry: UUID
    position_ms: int = Field(ge=0, le=DAY_MS)
    playing: bool
    heard: int = Field(ge=0, description="the `directed` that it knows")


class TellIn(Given):
    """Tell the device that plays."""

    op: Literal["play", "pause", "next", "previous"]


class SeekIn(Given):
    """Have it go to a place in what plays."""

    op: Literal["seek"]
    position_ms: int = Field(ge=0, le=DAY_MS)


class JumpIn(Given):
    """Have it play another entry."""

    op: Literal["jump"]
    entry: UUID


class TransferIn(Given):
    """Have another device play on."""

    op: Literal["transfer"]
    device: UUID


OperationIn = Annotated[
    InsertIn
    | RemoveIn
    | MoveIn
    | ClearIn
    | ShuffleIn
    | RepeatIn
    | StopIn
    | ReportIn
    | TellIn
    | SeekIn
    | JumpIn
    | TransferIn,
    Field(discriminator="op"),
]


class OperationsIn(Given):
    """What a device asks, one after the other, all or none."""

    ops: list[OperationIn] = Field(min_length=1, max_length=50)


class EntriesIn(Given):
    """Which stretch of the queue."""

    offset: int = Field(0, ge=0, le=QUEUE_MAX)
    limit: int = Field(100, ge=1, le=500)


class PlayIn(Given):
    """Press play: on a new queue and a place of it, or on the one that is there."""

    device: UUID | None = None
    queue: Annotated[Gids, Field(min_length=1)] | None = Field(
        None, description="null plays the queue that is there, on from where it is"
    )
    seed: Annotated[str, StringConstraints(pattern="^([0-9a-f]{24})?$")] = Field(
        "",
        description="24 random hexadecimal digits: entry number 5 of the new queue is then named seed + 00000005",
    )
    index: int = Field(0, ge=0)
    shuffle: bool | None = Field(None, description="null leaves it as it is")
    entry: UUID | None = Field(None, description="of the queue that is there; null for what plays")
    position_ms: int | None = Field(None, ge=0, le=DAY_MS, description="null for where it is now")
    continues: ContinuesIn | None = Field(
        None, description="the player's stream that broke: no other is taken over"
    )
    reach: str = Field(
        "", max_length=4096, description="what a page says of the edges that it may connect to"
    )
    replaces: UUID | None = Field(None, description="the player's stream so far, which it closes itself")
    rendition: Rendition = "aac-128"


class PreviewIn(Given):
    """Hear a recording's preview as nobody."""

    reach: str = Field(
        "", max_length=4096, description="what a page says of the edges that it may connect to"
    )
    rendition: Rendition = "aac-128"


class PreviewOut(Schema):
    """What a player needs to begin a preview: one grant, the edge, and its first batch unless it did not answer."""

    stream: str
    edge: str
    grant: GrantOut
    batch: dict[str, object] | None = Field(description="docs/protocol.md")


class PlayOut(Schema):
    """What a player needs to begin: grants, the edge, and its first batch unless it did not answer."""

    stream: str
    device: UUID
    edge: str
    grants: list[GrantOut]
    batch: dict[str, object] | None
    recordings: dict[str, RecordingOut]
    session: SessionOut
