"""The shapes of the library: what is kept, playlists, history. docs/api.md shows each by example."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from alpheus.api.shapes import (
    ArtistOut,
    CoverOut,
    Gids,
    Given,
    PageIn,
    RecordingOut,
    ReleaseOut,
    ShopOut,
    SungOut,
    Text,
)
from alpheus.listening.library.rules import DESCRIPTION_MAX, TITLE_MAX

Visibility = Literal["private", "unlisted", "public"]
Title = Annotated[Text, Field(max_length=TITLE_MAX)]
Words = Annotated[Text, Field(max_length=DESCRIPTION_MAX)]


class KeptIn(PageIn):
    """Which of what is kept, in which order."""

    sort: Literal["newest", "name", "artist"] = "newest"
    q: Text = Field("", max_length=200, description="words of the title, the name or the artist")


class KeptRecordingOut(Schema):
    """A recording, and since when it is kept."""

    kept_at: datetime
    recording: RecordingOut


class KeptReleaseOut(Schema):
    """A release, and since when it is kept."""

    kept_at: datetime
    release: ReleaseOut


class KeptArtistOut(Schema):
    """An artist, and since when they are kept."""

    kept_at: datetime
    artist: ArtistOut


class KeptRecordingPage(Schema):
    """A page of recordings that are kept."""

    items: list[KeptRecordingOut]
    next: str | None


class KeptReleasePage(Schema):
    """A page of releases that are kept."""

    items: list[KeptReleaseOut]
    next: str | None


class KeptArtistPage(Schema):
    """A page of artists that are kept."""

    items: list[KeptArtistOut]
    next: str | None


class AmongIn(Schema):
    """Which things, by repeating `gid`."""

    gid: Annotated[list[UUID], Field(max_length=200)]


class AmongOut(Schema):
    """Those of them that are kept."""

    kept: list[UUID]


class PersonOut(Schema):
    """Somebody by the name that others see."""

    gid: UUID
    name: str


class PlaylistOut(Schema):
    """A playlist as lists show it."""

    gid: UUID
    title: str
    description: str
    visibility: Visibility
    owner: PersonOut
    role: Literal["owner", "editor", "other"]
    tracks: int
    duration_ms: int
    covers: list[CoverOut] = Field(description="up to four, for a mosaic")
    version: int = Field(description="one more with every change; its ETag begins with it")
    changed_at: datetime


class KeptPlaylistOut(Schema):
    """Another's playlist, and since when it is kept."""

    kept_at: datetime
    playlist: PlaylistOut


class KeptPlaylistPage(Schema):
    """A page of others' playlists that are kept."""

    items: list[KeptPlaylistOut]
    next: str | None


class FoundOut(Schema):
    """What a text finds, the best first."""

    artists: list[ArtistOut]
    releases: list[ReleaseOut]
    recordings: list[RecordingOut]
    lyrics: list[SungOut] = Field(description="recordings in whose lyrics it is a line")
    playlists: list[PlaylistOut] = Field(description="public ones")
    shops: list[ShopOut] = Field(description="open ones")
    mended: str = Field(description="what was looked for instead, since nothing is called `q`; else empty")
    next: str | None = Field(
        description="the next page's cursor, where one `kind` is asked for; null at the end"
    )


class UndoableOut(Schema):
    """The caller's last change that can be undone."""

    version: int
    kind: Literal["add", "remove", "move", "describe", "delete"]
    items: int


class PlaylistDetailOut(PlaylistOut):
    """A playlist with who edits it."""

    editors: list[PersonOut] = Field(description="for its owner and editors; empty for others")
    undoable: UndoableOut | None


class PlaylistPage(Schema):
    """A page of playlists."""

    items: list[PlaylistOut]
    next: str | None


class PlaylistsIn(PageIn):
    """Which of the caller's playlists, in which order."""

    sort: Literal["changed", "title"] = "changed"
    q: Text = Field("", max_length=200)


class NewPlaylistIn(Given):
    """A playlist to make."""

    title: Title
    description: Words = ""
    visibility: Visibility = "private"
    recordings: Gids = Field(default_factory=list)


class PlaylistIn(Given):
    """What to change of a playlist; what is left out stays."""

    title: Title | None = None
    description: Words | None = None
    visibility: Visibility | None = None


class MissingOut(Schema):
    """What an import said of a track that is not here."""

    title: str
    artist: str
    album: str
    isrc: str
    location: str
    duration_ms: int | None


class ItemOut(Schema):
    """A track of a playlist: a recording, or a line that is missing here."""

    gid: UUID
    number: int
    recording: RecordingOut | None
    missing: MissingOut | None
    added_at: datetime


class ItemPage(Schema):
    """A window of a playlist's tracks."""

    items: list[ItemOut]
    next: str | None


class AddIn(Given):
    """Recordings to add, at the end or after a track."""

    recordings: Annotated[Gids, Field(min_length=1)]
    after: UUID | None = None


class AddedOut(Schema):
    """What was added; `left_out` are not here."""

    items: list[UUID]
    left_out: list[UUID]
    version: int


class RemoveIn(Given):
    """Tracks to take out."""

    items: Annotated[Gids, Field(min_length=1)]


class MoveIn(Given):
    """Which track the moved one will follow: null makes it the first, `end` the last."""

    after: UUID | Literal["end"] | None


class UndoIn(Given):
    """Which change to undo; without, the caller's last."""

    version: int | None = Field(None, ge=1, lt=2**63)


class ChangedOut(Schema):
    """The version that a change made."""

    version: int


class QueueIn(Schema):
    """From which track on."""

    since: UUID | None = None


class QueueOut(Schema):
    """Recordings that can be heard, in order."""

    queue: list[UUID]


class InvitationOut(Schema):
    """A link that lets whoever has it edit; `secret` is shown this once."""

    secret: str
    url: str
    expires_at: datetime


class ImportIn(Given):
    """A playlist's file as text."""

    text: Text = Field(min_length=1)
    title: Title = ""


class ImportedOut(Schema):
    """The playlist that was made, and what of the file is not here."""

    playlist: UUID
    found: int
    missing: list[MissingOut]


class ExportIn(Schema):
    """In which format."""

    form: Literal["m3u8", "xspf"] = "xspf"


class HeardOut(Schema):
    """One play."""

    started_at: datetime
    heard_ms: int
    preview: bool
    recording: RecordingOut


class HistoryPage(Schema):
    """A page of plays, and how many are hidden."""

    items: list[HeardOut]
    next: str | None
    hidden: int = Field(description="plays cleared from view; they still count for artists")


class HiddenOut(Schema):
    """How many plays that concerned."""

    plays: int


class MostIn(PageIn):
    """Of which period."""

    period: Literal["4w", "6m", "1y", "ever"] = "4w"


class CountedOut(Schema):
    """A recording, and how often it was heard."""

    plays: int
    recording: RecordingOut


class MostPage(Schema):
    """A page of what was heard most."""

    items: list[CountedOut]
    next: str | None
