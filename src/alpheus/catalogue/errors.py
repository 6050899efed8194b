"""Errors of the catalogue.

CatalogueError
├── CoverRefused     an image that cannot be artwork: says why and what to do
├── LyricsRefused    lyrics without a line, or far too long
└── NotInCatalogue   nothing has this gid, or it was removed
"""


class CatalogueError(Exception):
    """Anything wrong with what the catalogue is asked to keep or show."""


class CoverRefused(CatalogueError):
    """An image cannot be artwork; `reason` says why, `remedy` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}"


class LyricsRefused(CatalogueError):
    """Lyrics cannot be kept; the message says why."""


class NotInCatalogue(CatalogueError):
    """Nothing in the catalogue has this gid, or it was removed."""
