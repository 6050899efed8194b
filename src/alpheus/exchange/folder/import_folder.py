"""Import a folder of music, or bring an imported one up to date.

Albums are read, grouped and made playable portion by portion, in parallel; the other renditions follow when all
plays. The database is written by this process alone, one transaction per file, so that a run may be stopped anywhere:
the next one knows what is done by size and time, and what ingest has finished by its content.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from alpheus.exchange.folder import journal
from alpheus.exchange.folder.crew import Crew
from alpheus.exchange.folder.errors import FolderEmpty
from alpheus.exchange.folder.first_pass import first_pass
from alpheus.exchange.folder.journal import Changes, State
from alpheus.exchange.folder.meter import FIRST, READING, Meter
from alpheus.exchange.folder.naming import album_folder, natural_key
from alpheus.exchange.folder.other_renditions import other_renditions
from alpheus.exchange.folder.passes import Tools
from alpheus.exchange.folder.report import RefusedFile, Report, Status
from alpheus.exchange.folder.scan import Found, Listing, scan
from alpheus.exchange.folder.work import Context
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER
from alpheus.storage.blobs import Blobs

_PORTION_LEAST = 32  # files of whole albums: soon something plays; reading tags is short beside encoding


def import_folder(
    root: Path,
    *,
    blobs: Blobs,
    kek: bytes,
    jobs: int,
    on_progress: Callable[[Status], None] = lambda _: None,
    renditions: Sequence[str] = RENDITIONS_IN_ORDER,
    first_only: bool = False,
    clock: Callable[[], datetime] = timezone.now,
) -> Report:
    """Import a folder, or bring an imported one up to date.

    Args:
        root: the folder.
        blobs: where renditions and covers are kept.
        kek: the key-encryption key, 32 bytes.
        jobs: processes that decode and encode at once.
        on_progress: told several times a second how far it is.
        renditions: which to make; the first makes a recording playable and is made of all files before the others.
        first_only: leave the others to a later run.
        clock: tells the time.

    Ctrl-C ends it in order: what is imported stays, and the report says that it was stopped.

    Raises:
        FolderMissing: there is no such folder, or it may not be read.
        FolderEmpty: it held music before and holds none now.
        ImportStopped: the disk is full or the object store failed.
    """
    began = time.monotonic()
    root = root.resolve()
    listing = scan(root)
    folder = journal.open_folder(root, now=clock())
    changes = journal.compare(folder, listing)
    if not listing.music and any(row.state != State.REMOVED for row in changes.past.values()):
        raise FolderEmpty(
            f"{root} held music before and holds none now. If its disk is not there, connect it and run this again; "
            "nothing was changed."
        )
    report = Report(found=len(listing.music) + len(listing.not_read))
    with tempfile.TemporaryDirectory(prefix="alpheus-import-") as scratch:
        context = Context(root, blobs, kek, Path(scratch))
        with Crew(jobs, context) as crew:
            tools = Tools(folder, context, crew, report, Meter(report, on_progress), clock, began)
            try:
                _run(listing, changes, renditions=tuple(renditions), first_only=first_only, tools=tools)
            except KeyboardInterrupt:
                report.stopped = True
    if not report.stopped:
        folder.finished_at = clock()
        folder.save(update_fields=["finished_at"])
    report.seconds = time.monotonic() - began
    return report


def _run(
    listing: Listing, changes: Changes, *, renditions: tuple[str, ...], first_only: bool, tools: Tools
) -> None:
    _look(listing, changes, tools)
    fresh = {found.key for found in changes.fresh}
    founds = _with_siblings(changes)
    tools.meter.expect(READING, len(founds))
    tools.meter.expect(FIRST, len(fresh))
    for portion in _portions(founds):
        first_pass(portion, fresh=fresh, past=changes.past, renditions=renditions[:1], tools=tools)
    if not first_only:
        other_renditions({found.key: found for found in listing.music}, renditions=renditions, tools=tools)


def _look(listing: Listing, changes: Changes, tools: Tools) -> None:
    """Tell what changed, before anything is read: what is gone, what we do not read, what was refused before."""
    now, report = tools.clock(), tools.report
    report.notes += [(text, "It could not be read and was passed over.") for text in listing.unreadable]
    report.removed = journal.forget_gone(changes.gone, now=now)
    journal.see(tools.folder, changes.unchanged, now=now)
    report.unchanged = len(changes.unchanged)
    for row, known in journal.refuse_unread(tools.folder, listing, now=now):
        report.refused.append(RefusedFile(row.path, row.reason, row.remedy, earlier=known))
    for row in changes.refused:
        report.refused.append(RefusedFile(row.path, row.reason, row.remedy, earlier=True))


def _with_siblings(changes: Changes) -> list[Found]:
    """What is new or changed, and what lies in the same albums: a release is told by all of its files."""
    touched = {album_folder(found.path) for found in changes.fresh}
    near = [found for found in changes.unchanged if album_folder(found.path) in touched]
    return sorted([*changes.fresh, *near], key=lambda found: natural_key(str(found.path)))


def _portions(founds: Sequence[Found]) -> Iterator[list[Found]]:
    """Cut a list into portions of whole albums."""
    albums: dict[Path, list[Found]] = {}
    for found in founds:
        albums.setdefault(Path(album_folder(found.path)), []).append(found)
    portion: list[Found] = []
    for album in albums.values():
        portion += album
        if len(portion) >= _PORTION_LEAST:
            yield portion
            portion = []
    if portion:
        yield portion
