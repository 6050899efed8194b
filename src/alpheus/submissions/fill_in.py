"""Fill in what a file says of itself and nobody has typed: of its track, and of the release that it is on."""

from collections.abc import Iterable
from pathlib import Path

from alpheus.audio.tags import Tags
from alpheus.parties.know_artist import artist_key
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Kind
from alpheus.values.language import language_from_tag
from alpheus.values.text import line, lines

_COMPOSES = frozenset({"composer", "writer"})
_WRITES = frozenset({"lyricist", "librettist"})
_DISC = 1000
"""A file's number is 1000 x disc + track."""


def fill_in(submission: Submission, track: Track, tags: Tags, filename: str) -> None:
    """Fill in; nothing is saved yet."""
    track.title = track.title or line(tags.title or Path(filename).stem, limit=1000)
    if submission.kind == Kind.APPLICATION:
        submission.title = submission.title or track.title
        track.title = submission.title
        _artist(submission, tags.artists)
        return
    _artist(submission, tags.album_artists or tags.artists)
    submission.title = submission.title or line(tags.album, limit=1000)
    submission.genres = submission.genres or line(", ".join(tags.genres), limit=500)
    submission.upc = submission.upc or line(tags.barcode, limit=40)
    _describe(submission, track, tags)


def _artist(submission: Submission, names: tuple[str, ...]) -> None:
    if not submission.artist_name and names:
        submission.artist_name = line(names[0], limit=500)
        submission.artist_key = artist_key(submission.artist_name)


def _describe(submission: Submission, track: Track, tags: Tags) -> None:
    by = line(", ".join(tags.artists), limit=1000)
    if not track.artist_name and artist_key(by) != submission.artist_key:
        track.artist_name = by
    if tags.track is not None:
        track.number = _DISC * min(tags.disc or 1, 99) + min(max(tags.track, 0), _DISC - 1)
    if tags.track is not None and not submission.by_hand:
        track.disc = min(max(tags.disc or 1, 1), 99)
    track.isrc = track.isrc or line(tags.isrc, limit=40)
    track.explicit = track.explicit or bool(tags.explicit)
    track.language = track.language or language_from_tag(tags.language)[:16]
    track.lyrics = track.lyrics or lines(tags.lyrics, limit=100_000).strip()
    track.composers = track.composers or _names(name for role, name in tags.roles if role in _COMPOSES)
    track.lyricists = track.lyricists or _names(name for role, name in tags.roles if role in _WRITES)
    others = (f"{role}: {name}" for role, name in tags.roles if role not in _COMPOSES | _WRITES)
    track.credits = track.credits or _names(others)


def _names(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(line(it, limit=300) for it in texts if it.strip()))
