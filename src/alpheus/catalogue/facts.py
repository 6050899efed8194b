"""What is told to the catalogue, as plain values: a release, a recording, a track's place. Pure."""

from dataclasses import dataclass
from uuid import UUID

from alpheus.catalogue.credits import Credit
from alpheus.values.dates import PartialDate


@dataclass(frozen=True)
class ReleaseFacts:
    """A release as its source describes it; `type` empty means: tell by its tracks."""

    title: str
    credit: Credit
    type: str = ""
    sort_title: str = ""
    compilation: bool = False
    date: PartialDate | None = None
    upc: str | None = None
    label: str = ""
    catalogue_number: str = ""
    language: str = ""
    genres: tuple[str, ...] = ()
    notes: str = ""
    mbid: UUID | None = None


@dataclass(frozen=True)
class RecordingFacts:
    """A recording as its source describes it; `roles` are (role, name)."""

    title: str
    credit: Credit
    sort_title: str = ""
    isrc: str | None = None
    iswc: str | None = None
    work_mbid: UUID | None = None
    work_title: str = ""
    duration_ms: int | None = None
    language: str = ""
    explicit: bool = False
    roles: tuple[tuple[str, str], ...] = ()
    lyrics: str = ""
    lyrics_language: str = ""
    mbid: UUID | None = None
    has_own_work: bool = False
    """Whether it is of a work of its own, whatever identifiers say: who hands it in wrote that."""
    publishers: tuple[str, ...] = ()
    """Who publishes that work."""
    meant: tuple[tuple[str, UUID], ...] = ()
    """Of names in `roles` that several may have, the gid of who is meant."""


@dataclass(frozen=True)
class Place:
    """Where on a release a track stands, both counted from 1."""

    disc: int
    position: int
    disc_title: str = ""


@dataclass(frozen=True)
class ArtistFacts:
    """What a source says of artists beside their names: sort names and MusicBrainz ids by name."""

    sort_names: tuple[tuple[str, str], ...] = ()
    mbids: tuple[tuple[str, UUID], ...] = ()
    language: str = ""
