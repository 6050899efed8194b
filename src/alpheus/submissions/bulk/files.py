"""Which of the files that are there belong to which row, and what each row still waits for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from alpheus.submissions.bulk import rules
from alpheus.submissions.bulk.models import Entry, Intake, LaidOut
from alpheus.submissions.models import Track, Upload
from alpheus.submissions.rules import State


@dataclass(frozen=True)
class Place:
    """Where a file goes: the track that it is the sound of, or the release that it is the cover of."""

    path: str
    submission: UUID
    track: UUID | None
    """None: it is the cover."""
    upload: UUID | None = None
    """What was begun of it, to go on with."""
    length: int = 0
    """Bytes of that."""
    is_here: bool = False
    """Whether nothing of it is to be sent: it is here, or its release is handed in."""


@dataclass(frozen=True)
class Sorted:
    """What became of the files that are there."""

    places: tuple[Place, ...]
    missing: tuple[Entry, ...]
    """Rows whose file is neither there nor here already."""
    several: Mapping[str, tuple[str, ...]]
    """Names that several files have, as they are written, with their paths."""
    superfluous: tuple[str, ...]
    covers_missing: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """How far an intake is."""

    files: int
    here: int
    """Files that can be heard."""
    working: int
    """Being prepared."""
    refused: int
    handed_in: int
    """Releases that are not drafts any more."""


def sort_files(intake: Intake, paths: Iterable[str]) -> Sorted:
    """Find for each file that is there what it is for."""
    entries = {it.key: it for it in _entries(intake)}
    covers: dict[str, list[LaidOut]] = {}
    for it in LaidOut.objects.filter(intake=intake).exclude(cover_key="").select_related("submission"):
        covers.setdefault(it.cover_key, []).append(it)
    found = rules.matched([*entries, *covers], paths)
    places = [_place(entries[key], path) for key, path in found.found.items() if key in entries]
    places += [
        Place(path, it.submission.gid, None, is_here=_has_cover(it))
        for key, path in found.found.items()
        for it in covers.get(key, [])
    ]
    missing = [entries[key] for key in found.missing if key in entries]
    return Sorted(
        places=tuple(places),
        missing=tuple(it for it in missing if not is_here(it.track)),
        several={entries[key].file if key in entries else key: it for key, it in found.several.items()},
        superfluous=tuple(it for it in found.superfluous if not rules.is_sheet(it)),
        covers_missing=tuple(
            key for key in found.missing if key in covers and not all(map(_has_cover, covers[key]))
        ),
    )


def _entries(intake: Intake) -> list[Entry]:
    rows = Entry.objects.filter(intake=intake).exclude(track=None)
    return list(rows.select_related("track__submission").prefetch_related("track__uploads"))


def _place(entry: Entry, path: str) -> Place:
    track = entry.track
    assert track is not None  # noqa: S101 - `_entries` leaves out those without
    begun = max(track.uploads.all(), key=lambda it: it.pk, default=None)
    arriving = begun if begun is not None and begun.state == Upload.State.ARRIVING else None
    return Place(
        path,
        track.submission.gid,
        track.gid,
        upload=arriving.gid if arriving else None,
        length=arriving.length if arriving else 0,
        is_here=is_here(track),
    )


def is_here(track: Track | None) -> bool:
    """Whether a track waits for no file: it has one, one is being prepared, or its release is handed in."""
    if track is None or track.recording_id is not None or track.submission.state != State.DRAFT:
        return True
    return any(it.state == Upload.State.WHOLE for it in track.uploads.all())


def _has_cover(it: LaidOut) -> bool:
    return it.submission.cover_id is not None or it.submission.state != State.DRAFT


def figures(intake: Intake) -> Figures:
    """How far an intake is, counted in the database."""
    entries = Entry.objects.filter(intake=intake)
    told = entries.aggregate(files=Count("pk"), here=Count("pk", filter=Q(track__recording__isnull=False)))
    uploads = Upload.objects.filter(track__entry__intake=intake)
    refused = uploads.filter(state=Upload.State.REFUSED, track__recording=None)
    return Figures(
        files=told["files"],
        here=told["here"],
        working=uploads.filter(state=Upload.State.WHOLE).count(),
        refused=refused.values("track").distinct().count(),
        handed_in=LaidOut.objects.filter(intake=intake).exclude(submission__state=State.DRAFT).count(),
    )
