"""What a playlist's file says, line by line, in whichever format. Pure."""

import re
from dataclasses import dataclass
from uuid import UUID

from alpheus.values.errors import IdentifierInvalid
from alpheus.values.identifiers import parse_isrc
from alpheus.values.text import line

FILE_BYTES_MAX = 5 * 1024 * 1024
"""Ten thousand lines with long names take about 3 MB."""
LINES_MAX = 10_000
TEXT_MAX = 1000
LOCATION_MAX = 2000
DURATION_MS_MAX = 7 * 24 * 3600 * 1000

_OURS = re.compile(r"/recording/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:[/?#]|$)")


@dataclass(frozen=True)
class Track:
    """One track as a file names it; what it does not say is empty."""

    title: str = ""
    artist: str = ""
    album: str = ""
    isrc: str = ""
    location: str = ""
    duration_ms: int | None = None

    @property
    def gid(self) -> UUID | None:
        """Whose address it is, if it is one of a recording here or at another installation like this."""
        found = _OURS.search(self.location)
        return UUID(found[1]) if found else None

    @property
    def name(self) -> str:
        """What it can be called where it matches nothing."""
        return self.title or self.location.rstrip("/").rpartition("/")[2] or self.isrc or self.artist or "?"


@dataclass(frozen=True)
class Sheet:
    """A playlist as its file says."""

    title: str
    tracks: tuple[Track, ...]
    description: str = ""


def track(*, title: str, artist: str, album: str, isrc: str, location: str, duration_ms: int | None) -> Track:
    """Make what a file says fit to keep: one line each, bounded, an ISRC only if it is one."""
    known = duration_ms is not None and 0 < duration_ms <= DURATION_MS_MAX
    return Track(
        title=line(title, limit=TEXT_MAX),
        artist=line(artist, limit=TEXT_MAX),
        album=line(album, limit=TEXT_MAX),
        isrc=_isrc(isrc),
        location=line(location, limit=LOCATION_MAX),
        duration_ms=duration_ms if known else None,
    )


def _isrc(text: str) -> str:
    try:
        return parse_isrc(text) if text else ""
    except IdentifierInvalid:
        return ""
