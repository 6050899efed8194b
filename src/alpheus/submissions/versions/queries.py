"""Reads of versions: which one listeners hear, and what a new one changes about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Kind, State
from alpheus.submissions.versions import rules
from alpheus.submissions.versions.rules import Change, Told, Version, What

_OF_RELEASE: Mapping[What, str] = {
    What.TITLE: "title",
    What.ARTIST: "artist_name",
    What.TYPE: "type",
    What.AI: "ai",
    What.UPC: "upc",
    What.CATALOGUE_NUMBER: "catalogue_number",
    What.DISC_TITLES: "disc_titles",
    What.LANGUAGE: "language",
    What.GENRES: "genres",
    What.NOTES: "notes",
}
_OF_TRACK: Mapping[What, str] = {
    What.TITLE: "title",
    What.ARTIST: "artist_name",
    What.COMPOSERS: "composers",
    What.LYRICISTS: "lyricists",
    What.PUBLISHERS: "publishers",
    What.CREDITS: "credits",
    What.ISRC: "isrc",
    What.LANGUAGE: "language",
    What.LYRICS: "lyrics",
}


@dataclass(frozen=True)
class Changed:
    """What a version changes about the one before it."""

    former: Submission
    changes: Sequence[Change]
    tracks: Mapping[str, Track]
    """The tracks that are named, by their gid; with their recordings."""


def former_of(row: Submission) -> Submission | None:
    """The version that listeners hear, or heard, before this one; None where it is the first, or none before it holds."""
    if row.kind != Kind.RELEASE or row.release_id is None:
        return None
    earlier = Submission.objects.filter(release=row.release_id, state=State.ACCEPTED, pk__lt=row.pk)
    rows = earlier.exclude(published_at=None).select_related("account", "shop", "artist", "cover", "release")
    return rows.order_by("-pk").first()


def changed_by(row: Submission) -> Changed | None:
    """What a version changes; None where nothing stood before it."""
    former = former_of(row)
    if former is None:
        return None
    before, after = _tracks(former), _tracks(row)
    dues = (former.published_at, row.due_at) if row.due_at else (None, None)
    told = [
        _version(it, tracks, due.isoformat() if due else "")
        for it, tracks, due in zip((former, row), (before, after), dues, strict=True)
    ]
    named = {str(it.gid): it for it in (*before, *after)}
    return Changed(former, rules.changes(*told), named)


def _tracks(row: Submission) -> list[Track]:
    return list(row.tracks.select_related("recording", "former"))


def _version(row: Submission, tracks: Sequence[Track], due: str) -> Version:
    fields = {what: getattr(row, name) for what, name in _OF_RELEASE.items()} | {
        What.COVER: row.cover.digest if row.cover else "",
        What.TERRITORIES: f"{row.where} {row.territories}".strip() if row.where else "",
        What.DUE: due,
    }
    on_disc: Counter[int] = Counter()
    return Version(fields, [_told(it, on_disc) for it in tracks])


def _told(track: Track, on_disc: "Counter[int]") -> Told:
    on_disc[track.disc] += 1
    return Told(
        key=str(track.gid),
        former=str(track.former.gid) if track.former else "",
        recording=str(track.recording.gid) if track.recording else "",
        place=f"{track.disc}.{on_disc[track.disc]}",
        fields={what: getattr(track, name) for what, name in _OF_TRACK.items()}
        | {What.EXPLICIT: "yes" if track.explicit else ""},
    )
