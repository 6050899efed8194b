"""Remembers a folder's files from run to run: what is new, changed, gone; what became of each."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.catalogue.place_track import lift_tracks
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.database.turns import take_turn
from alpheus.exchange.folder.mending import path_text
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder
from alpheus.exchange.folder.scan import NOT_READ, Found, Listing, path_key

State = ImportedFile.State
_PORTION = 500


@dataclass
class Changes:
    """A folder now beside what it was: `fresh` is new or changed, `refused` was refused before and is the same."""

    fresh: list[Found] = field(default_factory=list)
    unchanged: list[Found] = field(default_factory=list)
    refused: list[ImportedFile] = field(default_factory=list)
    gone: list[ImportedFile] = field(default_factory=list)
    past: dict[str, ImportedFile] = field(default_factory=dict)


@transaction.atomic
def open_folder(root: Path, *, now: datetime) -> ImportedFolder:
    """Find or make the row of a folder and say there that a run is under way.

    It waits while an orphan is being cleaned away: what a run finds in the object store must not go under its hands.
    """
    take_turn("catalogue")
    folder, _ = ImportedFolder.objects.update_or_create(
        key=path_key(root),
        defaults={"started_at": now},
        create_defaults={"path": path_text(root), "started_at": now},
    )
    return folder


def compare(folder: ImportedFolder, listing: Listing) -> Changes:
    """Tell what changed since the last run."""
    rows = folder.files.select_related("asset", "recording", "release")
    changes = Changes(past={row.key: row for row in rows.iterator(chunk_size=2000)})
    present = set()
    for found in listing.music:
        present.add(found.key)
        row = changes.past.get(found.key)
        if row is None or row.state == State.REMOVED or not _same(row, found):
            changes.fresh.append(found)
        elif row.state == State.REFUSED:
            changes.refused.append(row)
        else:
            changes.unchanged.append(found)
    present |= {found.key for found in listing.not_read}
    changes.gone = [
        row for key, row in changes.past.items() if key not in present and row.state != State.REMOVED
    ]
    return changes


def same_sound(row: ImportedFile | None, found: Found) -> bool:
    """Tell whether a file itself is as it was, whatever lies beside it."""
    return (
        row is not None
        and row.state in {State.IMPORTED, State.DUPLICATE}
        and row.asset is not None
        and (row.size_bytes, row.modified_ns) == (found.size, found.modified_ns)
    )


@transaction.atomic
def refuse_unread(
    folder: ImportedFolder, listing: Listing, *, now: datetime
) -> list[tuple[ImportedFile, bool]]:
    """Remember music that we do not read; tells for each whether it was known before."""
    known = set(folder.files.filter(state=State.REFUSED).values_list("key", flat=True))
    rows = []
    for found in listing.not_read:
        reason, remedy = NOT_READ[found.path.suffix.lower()]
        rows.append(
            (remember_refused(folder, found, reason=reason, remedy=remedy, now=now), found.key in known)
        )
    return rows


def remember_refused(
    folder: ImportedFolder, found: Found, *, reason: str, remedy: str, now: datetime
) -> ImportedFile:
    """Remember why a file was refused."""
    row, _ = ImportedFile.objects.update_or_create(
        folder=folder,
        key=found.key,
        defaults={**stamp(found, now), "state": State.REFUSED, "reason": reason, "remedy": remedy},
    )
    return row


def stamp(found: Found, now: datetime) -> dict[str, object]:
    """What is remembered of a file as it lies there."""
    return {
        "path": path_text(found.path),
        "size_bytes": found.size,
        "modified_ns": found.modified_ns,
        "beside": found.beside,
        "seen_at": now,
    }


def see(folder: ImportedFolder, unchanged: Sequence[Found], *, now: datetime) -> None:
    """Note that files are still there."""
    keys = [found.key for found in unchanged]
    for start in range(0, len(keys), _PORTION):
        folder.files.filter(key__in=keys[start : start + _PORTION]).update(seen_at=now)


@transaction.atomic
def forget_gone(rows: Iterable[ImportedFile], *, now: datetime) -> int:
    """Mark files that are gone. A recording that no file holds any more is removed from what is offered."""
    gone = list(rows)
    ImportedFile.objects.filter(pk__in=[row.pk for row in gone]).update(state=State.REMOVED, seen_at=now)
    for row in gone:
        if row.state == State.IMPORTED and row.recording is not None:
            _without(row, row.recording, now)
    return len(gone)


def _without(row: ImportedFile, recording: Recording, now: datetime) -> None:
    """Keep a recording that another file still holds, else remove it."""
    others = ImportedFile.objects.filter(recording=recording, state=State.IMPORTED).exclude(pk=row.pk)
    if others.exists():
        if row.release is not None and not others.filter(release=row.release).exists():
            lift_tracks(recording=recording, release=row.release, now=now)
        return
    copies = ImportedFile.objects.filter(asset=row.asset, state=State.DUPLICATE).exclude(pk=row.pk)
    copy = copies.order_by("pk").first()
    if copy is not None:
        copy.state, copy.recording, copy.release = State.IMPORTED, recording, row.release
        copy.save(update_fields=["state", "recording", "release"])
        return
    remove_recordings(recordings=[recording], now=now)


def _same(row: ImportedFile, found: Found) -> bool:
    return (row.size_bytes, row.modified_ns, row.beside) == (found.size, found.modified_ns, found.beside)


def shown_path(path: Path) -> str:
    """Write a path for a person to find it."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
