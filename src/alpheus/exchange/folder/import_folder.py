"""Import a folder of music: read, group, ingest in parallel; the first rendition of everything, then the others.

The database is written by this process alone, one transaction per file, so that a run may be stopped anywhere: the
next one finds what is done by size and time, and what ingest finished by its content.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from alpheus.catalogue.keep_asset import begin_asset, describe_asset, keep_rendition
from alpheus.catalogue.keep_cover import register_cover
from alpheus.catalogue.models import Asset
from alpheus.catalogue.place_track import settle_release
from alpheus.exchange.folder import journal, scan, work
from alpheus.exchange.folder.accept_file import Group, accept_file, set_cover, tracks_of
from alpheus.exchange.folder.crew import Crew, Done, Failed, ProcessDied, Task, Tick, Told
from alpheus.exchange.folder.errors import FolderEmpty, ImportStopped
from alpheus.exchange.folder.journal import Changes, State
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder
from alpheus.exchange.folder.naming import album_folder, natural_key
from alpheus.exchange.folder.plan import PlannedTrack, candidate_names, plan
from alpheus.exchange.folder.report import RefusedFile, Report, Status
from alpheus.exchange.folder.scan import Found, Listing
from alpheus.exchange.folder.work import CoverOrder, IngestOrder, Read, Ready
from alpheus.ingest.errors import NoSpace, Refused
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER, Manifest, Progress, album_loudness, read_manifest
from alpheus.parties.queries import known_names
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobMissing, StorageError

_TAGS_AT_ONCE = 16  # files per task: reading one takes milliseconds
_CRASHED = (
    "The program that reads it crashed.",
    "Export it again from its original; it is damaged or hostile.",
)


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
    listing = scan.scan(root)
    folder = journal.open_folder(root, now=clock())
    changes = journal.compare(folder, listing)
    if not listing.music and any(row.state != State.REMOVED for row in changes.past.values()):
        raise FolderEmpty(
            f"{root} held music before and holds none now. If its disk is not there, connect it and run this again; "
            "nothing was changed."
        )
    with tempfile.TemporaryDirectory(prefix="alpheus-import-") as scratch:
        context = work.Context(root, blobs, kek, Path(scratch))
        with Crew(jobs, context) as crew:
            run = _Run(
                folder=folder, context=context, crew=crew, on_progress=on_progress, clock=clock, began=began
            )
            try:
                run.look(listing, changes)
                run.first(changes, tuple(renditions[:1]))
                if not first_only:
                    run.rest(tuple(renditions))
            except KeyboardInterrupt:
                run.report.stopped = True
    if not run.report.stopped:
        folder.finished_at = clock()
        folder.save(update_fields=["finished_at"])
    run.report.seconds = time.monotonic() - began
    return run.report


class _Run:
    """One run over a folder."""

    def __init__(
        self,
        *,
        folder: ImportedFolder,
        context: work.Context,
        crew: Crew,
        on_progress: Callable[[Status], None],
        clock: Callable[[], datetime],
        began: float,
    ) -> None:
        self.report = Report()
        self._folder, self._context, self._crew = folder, context, crew
        self._on_progress, self._clock, self._began = on_progress, clock, began
        self._fractions: dict[str, float] = {}
        self._phase, self._total, self._finished = "reading", 0, 0

    def look(self, listing: Listing, changes: Changes) -> None:
        """Tell what changed, before anything is read: what is gone, what we do not read, what was refused before."""
        now = self._clock()
        report = self.report
        report.found = len(listing.music) + len(listing.not_read)
        report.notes += [(text, "It could not be read and was passed over.") for text in listing.unreadable]
        report.removed = journal.forget_gone(changes.gone, now=now)
        journal.see(self._folder, changes.unchanged, now=now)
        report.unchanged = len(changes.unchanged)
        for row, known in journal.refuse_unread(self._folder, listing, now=now):
            report.refused.append(RefusedFile(row.path, row.reason, row.remedy, earlier=known))
        for row in changes.refused:
            report.refused.append(RefusedFile(row.path, row.reason, row.remedy, earlier=True))

    def first(self, changes: Changes, renditions: tuple[str, ...]) -> None:
        """Read tags, group files into releases, and make the first rendition of every file that is new or changed."""
        fresh = {found.key for found in changes.fresh}
        reads = self._read_tags(_with_siblings(changes))
        names = known_names(candidate_names(reads))
        plans = plan(reads, root_name=self._context.root.name, known=names.__contains__)
        groups = [Group(each) for each in plans if any(track.found.key in fresh for track in each.tracks)]
        work_ = [
            (group, track) for group in groups for track in group.plan.tracks if track.found.key in fresh
        ]
        self._begin("first", len(work_))
        for group, _ in work_:
            group.waiting += 1
        again = self._ingest_all(self._first_tasks(groups, fresh, renditions, changes), last=False)
        if again:
            self._ingest_all(iter(again), last=True)

    def rest(self, renditions: tuple[str, ...]) -> None:
        """Make the other renditions of everything imported from this folder, also what a former run left undone."""
        rows = self._folder.files.filter(state=State.IMPORTED, asset__isnull=False).select_related("asset")
        wanting: dict[str, ImportedFile] = {}
        for row in rows.prefetch_related("asset__renditions").order_by("pk"):
            if row.asset is not None and {made.name for made in row.asset.renditions.all()} < set(renditions):
                wanting.setdefault(row.asset.key, row)
        paths = {found.key: found.path for found in scan.scan(self._context.root).music}
        tasks = [
            Task(key, work.ingest_file, IngestOrder(paths[row.key], renditions))
            for key, row in wanting.items()
            if row.key in paths
        ]
        self._begin("rest", len(tasks))
        for event in self._crew.run(tasks):
            self._rest_event(event, wanting)

    # -- reading ------------------------------------------------------------------------------------------------

    def _read_tags(self, founds: list[Found]) -> list[Read]:
        self._begin("reading", len(founds))
        portions = [founds[at : at + _TAGS_AT_ONCE] for at in range(0, len(founds), _TAGS_AT_ONCE)]
        tasks = [Task(str(place), work.read_files, portion) for place, portion in enumerate(portions)]
        reads: dict[str, Read] = {}
        for event in self._crew.run(tasks):
            if isinstance(event, Done):
                reads |= {read.found.key: read for read in event.result}
                self._finished += len(event.result)
            elif isinstance(event, Failed):
                self._read_failed(event)
            self._tell()
        return [reads[found.key] for found in founds if found.key in reads]

    def _read_failed(self, event: Failed) -> None:
        """One file of a portion took its process along, or vanished: each is named, none is lost for the next run."""
        for found in event.task.order:
            self.report.notes.append(
                (journal.shown_path(found.path), f"Its tags could not be read: {event.error}")
            )
        self._finished += len(event.task.order)

    # -- the first rendition ------------------------------------------------------------------------------------

    def _first_tasks(
        self, groups: list[Group], fresh: set[str], renditions: tuple[str, ...], changes: Changes
    ) -> Iterator[Task]:
        """Release by release: its tracks in order, then its artwork."""
        self._planned: dict[str, tuple[Group, PlannedTrack]] = {}
        self._covers: dict[str, list[Group]] = {}
        for group in groups:
            for track in group.plan.tracks:
                if track.found.key not in fresh:
                    continue
                self._planned[track.found.key] = (group, track)
                row = changes.past.get(track.found.key)
                if row is not None and row.asset is not None and journal.same_sound(row, track.found):
                    self._accept(group, track, row.asset)
                else:
                    yield Task(track.found.key, work.ingest_file, IngestOrder(track.found.path, renditions))
            if group.plan.covers:
                name = group.plan.covers[0].name
                self._covers.setdefault(name, []).append(group)
                if len(self._covers[name]) == 1:
                    orders = tuple(cover.order for cover in group.plan.covers)
                    yield Task(f"cover {name}", work.make_cover, orders)
                else:
                    self._share_cover(name, group)

    def _ingest_all(self, tasks: Iterator[Task], *, last: bool) -> list[Task]:
        """Run tasks; returns those whose process died, to be tried once more when nothing else runs beside them."""
        again: list[Task] = []
        self._indexes: dict[str, list[Ready]] = {}
        for event in self._crew.run(tasks):
            if isinstance(event, Told):
                self._told(event)
            elif isinstance(event, Done):
                self._done(event)
            elif isinstance(event, Failed):
                if isinstance(event.error, ProcessDied) and not last:
                    again.append(event.task)
                else:
                    self._failed(event)
            self._tell()
        return again

    def _told(self, event: Told) -> None:
        if isinstance(event.what, Ready):
            self._indexes.setdefault(event.task.name, []).append(event.what)
        elif isinstance(event.what, Progress):
            self._fractions[event.task.name] = event.what.fraction

    def _done(self, event: Done) -> None:
        self._fractions.pop(event.task.name, None)
        if event.task.do is work.make_cover:
            self._cover_made(event)
            return
        group, track = self._planned[event.task.name]
        manifest: Manifest = event.result
        asset = self._asset(manifest, self._indexes.pop(event.task.name, []))
        self._accept(group, track, asset)
        self.report.audio_ms += manifest.duration_ms
        self.report.source_bytes += manifest.source_bytes
        self.report.notes += [(journal.shown_path(track.found.path), note) for note in manifest.notes]
        if self.report.first_playable_seconds is None:
            self.report.first_playable_seconds = time.monotonic() - self._began

    def _asset(self, manifest: Manifest, ready: Sequence[Ready]) -> Asset:
        now = self._clock()
        asset = begin_asset(key=manifest.asset, source_sha256=manifest.source_sha256, now=now)
        for each in ready:
            made = keep_rendition(asset=asset, index=each.index, now=now)
            self.report.renditions += made.ready_at == now
        describe_asset(asset=asset, manifest=manifest)
        return asset

    def _accept(self, group: Group, track: PlannedTrack, asset: Asset) -> None:
        known = ImportedFile.objects.filter(
            folder=self._folder, key=track.found.key, state=State.IMPORTED
        ).exists()
        row = accept_file(folder=self._folder, group=group, track=track, asset=asset, now=self._clock())
        if row.state == State.DUPLICATE:
            self.report.duplicates += 1
        elif known:
            self.report.changed += 1
        else:
            self.report.imported += 1
        self._one_less(group)

    def _failed(self, event: Failed) -> None:
        """Refuse the file, or stop when it is not the file's fault."""
        self._fractions.pop(event.task.name, None)
        if event.task.do is work.make_cover:
            self._cover_failed(event)
            return
        group, track = self._planned[event.task.name]
        error = event.error
        if isinstance(error, NoSpace | StorageError):
            raise ImportStopped(
                f"{error} What is imported stays; run the same command again to go on."
            ) from error
        if isinstance(error, Refused):
            reason, remedy = error.reason, error.remedy
        elif isinstance(error, ProcessDied):
            reason, remedy = _CRASHED
        elif isinstance(error, OSError):
            self.report.notes.append((journal.shown_path(track.found.path), f"It could not be read: {error}"))
            self._one_less(group)
            return
        else:
            reason, remedy = (
                f"It made our program fail ({type(error).__name__}: {error}).",
                "Please report it to us.",
            )
        row = journal.remember_refused(
            self._folder, track.found, reason=reason, remedy=remedy, now=self._clock()
        )
        self._drop(row)
        self.report.refused.append(RefusedFile(row.path, reason, remedy))
        self._one_less(group)

    def _drop(self, row: ImportedFile) -> None:
        """A file that was good and is refused now takes its recording out, as if it were gone."""
        if row.recording is not None:
            row.state = State.IMPORTED
            journal.forget_gone([row], now=self._clock())
            ImportedFile.objects.filter(pk=row.pk).update(state=State.REFUSED)

    def _one_less(self, group: Group) -> None:
        self._finished += 1
        group.waiting -= 1
        if group.waiting == 0 and group.release is not None:
            self.report.releases += 1
            self._settle(group)

    def _settle(self, group: Group) -> None:
        """With all its tracks there, tell a release's type and loudness."""
        if group.release is None:
            return
        manifests = []
        for asset in tracks_of(group.release):
            with suppress(BlobMissing):
                manifests.append(read_manifest(self._context.blobs, asset.key))
        loudness = album_loudness(manifests) if manifests else None
        settle_release(release=group.release, loudness=loudness, now=self._clock())

    # -- artwork ------------------------------------------------------------------------------------------------

    def _cover_made(self, event: Done) -> None:
        made, notes = event.result
        orders: tuple[CoverOrder, ...] = event.task.order
        self.report.notes += [(journal.shown_path(orders[0].path), note) for note in notes]
        if made is not None:
            cover = register_cover(made)
            for group in self._covers[event.task.name.removeprefix("cover ")]:
                set_cover(group=group, cover=cover)

    def _share_cover(self, name: str, group: Group) -> None:
        made = next((other.cover for other in self._covers[name] if other.cover is not None), None)
        if made is not None:
            set_cover(group=group, cover=made)

    def _cover_failed(self, event: Failed) -> None:
        if isinstance(event.error, StorageError):
            raise ImportStopped(f"{event.error} What is imported stays; run the same command again to go on.")
        path = journal.shown_path(event.task.order[0].path)
        self.report.notes.append((path, f"Its cover was left out: {event.error}"))

    # -- the other renditions -----------------------------------------------------------------------------------

    def _rest_event(self, event: Told | Done | Failed | Tick, wanting: dict[str, ImportedFile]) -> None:
        if isinstance(event, Told) and isinstance(event.what, Ready):
            asset = wanting[event.task.name].asset
            if asset is not None and asset.key == event.what.index.asset:
                made = {rendition.name for rendition in asset.renditions.all()}
                keep_rendition(asset=asset, index=event.what.index, now=self._clock())
                self.report.renditions += event.what.index.name not in made
        elif isinstance(event, Told) and isinstance(event.what, Progress):
            self._fractions[event.task.name] = event.what.fraction
        elif isinstance(event, Done | Failed):
            self._fractions.pop(event.task.name, None)
            self._finished += 1
        if isinstance(event, Failed):
            if isinstance(event.error, NoSpace | StorageError):
                raise ImportStopped(
                    f"{event.error} What is imported plays; run the same command again to go on."
                )
            path = wanting[event.task.name].path
            self.report.notes.append((path, f"Its other renditions could not be made: {event.error}"))
        self._tell()

    # -- progress -----------------------------------------------------------------------------------------------

    def _begin(self, phase: str, total: int) -> None:
        self._phase, self._total, self._finished = phase, total, 0
        self._fractions.clear()
        self._tell()

    def _tell(self) -> None:
        report = self.report
        self._on_progress(
            Status(
                phase=self._phase,
                done=min(self._finished + sum(self._fractions.values()), self._total),
                total=self._total,
                imported=report.imported + report.changed + report.duplicates,
                refused=report.fresh_refusals,
            )
        )


def _with_siblings(changes: Changes) -> list[Found]:
    """What is new or changed, and what lies in the same albums: a release is told by all of its files."""
    touched = {album_folder(found.path) for found in changes.fresh}
    refused = {row.key for row in changes.refused}
    near = [
        found
        for found in changes.unchanged
        if album_folder(found.path) in touched and found.key not in refused
    ]
    return sorted([*changes.fresh, *near], key=lambda found: natural_key(str(found.path)))
