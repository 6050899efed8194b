"""The first pass over some albums' files: tags, releases, artwork, and the rendition that makes a file playable."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from alpheus.catalogue.keep_asset import begin_asset, describe_asset, keep_rendition
from alpheus.catalogue.keep_cover import register_cover
from alpheus.catalogue.models import Asset
from alpheus.catalogue.place_track import settle_release
from alpheus.exchange.folder import journal, work
from alpheus.exchange.folder.accept_file import Group, accept_file, assets_of, set_cover
from alpheus.exchange.folder.crew import Done, Failed, ProcessDied, Task, Told
from alpheus.exchange.folder.journal import State
from alpheus.exchange.folder.meter import FIRST, READING
from alpheus.exchange.folder.models import ImportedFile
from alpheus.exchange.folder.passes import Tools, stop_unless_the_files_fault
from alpheus.exchange.folder.plan import PlannedTrack, candidate_names, plan
from alpheus.exchange.folder.report import RefusedFile
from alpheus.exchange.folder.scan import Found
from alpheus.exchange.folder.work import IngestOrder, Read, Ready
from alpheus.ingest.errors import Refused
from alpheus.ingest.manifest import Manifest, Progress, album_loudness, read_manifest
from alpheus.parties.queries import known_names
from alpheus.storage.errors import BlobMissing

_TAGS_AT_ONCE = 8  # files per task
_CRASHED = (
    "The program that reads it crashed.",
    "Export it again from its original; it is damaged or hostile.",
)


@dataclass
class _Pass:
    """One pass at work: what is planned for each file, who waits for which artwork, what is ready."""

    tools: Tools
    past: Mapping[str, ImportedFile]
    renditions: tuple[str, ...]
    planned: dict[str, tuple[Group, PlannedTrack]] = field(default_factory=dict)
    covers: dict[str, list[Group]] = field(default_factory=dict)
    ready: dict[str, list[Ready]] = field(default_factory=dict)


def first_pass(
    founds: Sequence[Found],
    *,
    fresh: set[str],
    past: Mapping[str, ImportedFile],
    renditions: tuple[str, ...],
    tools: Tools,
) -> None:
    """Bring those of `founds` that are fresh into the catalogue; the others tell what their releases are.

    Raises:
        ImportStopped: the disk is full or the object store failed.
    """
    reads = _read_tags(founds, fresh, tools)
    names = known_names(candidate_names(reads))
    plans = plan(reads, root_name=tools.context.root.name, known=names.__contains__)
    groups = [Group(each) for each in plans if any(track.found.key in fresh for track in each.tracks)]
    run = _Pass(tools, past, renditions)
    for group in groups:
        mine = [track for track in group.plan.tracks if track.found.key in fresh]
        group.waiting = len(mine)
        run.planned |= {track.found.key: (group, track) for track in mine}
    again = _work(run, _tasks(run, groups), last=False)
    _work(run, iter(again), last=True)


def _read_tags(founds: Sequence[Found], fresh: set[str], tools: Tools) -> list[Read]:
    portions = [founds[at : at + _TAGS_AT_ONCE] for at in range(0, len(founds), _TAGS_AT_ONCE)]
    tasks = [Task(str(place), work.read_files, portion) for place, portion in enumerate(portions)]
    reads: dict[str, Read] = {}
    for event in tools.crew.run(tasks):
        if isinstance(event, Done):
            reads |= {read.found.key: read for read in event.result}
        elif isinstance(event, Failed):
            # A file vanished meanwhile, or took the process along: the portion is left for the next run.
            for found in event.task.order:
                note = f"Its tags could not be read ({event.error}); the next run tries again."
                tools.report.notes.append((journal.shown_path(found.path), note))
                if found.key in fresh:
                    tools.meter.finish(FIRST)
        if isinstance(event, Done | Failed):
            tools.meter.finish(READING, files=len(event.task.order))
        tools.meter.tell(READING)
    return [reads[found.key] for found in founds if found.key in reads]


def _tasks(run: _Pass, groups: list[Group]) -> Iterator[Task]:
    """Release by release: its tracks in order, then its artwork."""
    for group in groups:
        for track in group.plan.tracks:
            if track.found.key not in run.planned:
                continue
            row = run.past.get(track.found.key)
            if row is not None and row.asset is not None and journal.same_sound(row, track.found):
                _accept(run, group, track, row.asset)  # only its lyrics or cover changed
            else:
                yield Task(track.found.key, work.ingest_file, IngestOrder(track.found.path, run.renditions))
        if group.plan.covers:
            yield from _cover_task(run, group)


def _work(run: _Pass, tasks: Iterator[Task], *, last: bool) -> list[Task]:
    """Run tasks; returns those whose process died, to be tried once more after all others."""
    again: list[Task] = []
    for event in run.tools.crew.run(tasks):
        if isinstance(event, Told):
            _told(run, event)
        elif isinstance(event, Done):
            _done(run, event)
        elif isinstance(event, Failed):
            if isinstance(event.error, ProcessDied) and not last:
                again.append(event.task)
            else:
                _failed(run, event)
        run.tools.meter.tell(FIRST)
    return again


def _told(run: _Pass, event: Told) -> None:
    if isinstance(event.what, Ready):
        run.ready.setdefault(event.task.name, []).append(event.what)
    elif isinstance(event.what, Progress):
        run.tools.meter.part(event.task.name, event.what.fraction)


def _done(run: _Pass, event: Done) -> None:
    if event.task.do is work.make_cover:
        _cover_made(run, event)
        return
    report = run.tools.report
    group, track = run.planned[event.task.name]
    manifest: Manifest = event.result
    _accept(run, group, track, _keep(run, manifest, run.ready.pop(event.task.name, [])))
    report.audio_ms += manifest.duration_ms
    report.source_bytes += manifest.source_bytes
    report.notes += [(journal.shown_path(track.found.path), note) for note in manifest.notes]
    if report.first_playable_seconds is None:
        report.first_playable_seconds = time.monotonic() - run.tools.began


def _keep(run: _Pass, manifest: Manifest, ready: Sequence[Ready]) -> Asset:
    now = run.tools.clock()
    asset = begin_asset(key=manifest.asset, source_sha256=manifest.source_sha256, now=now)
    for each in ready:
        made = keep_rendition(asset=asset, index=each.index, now=now)
        run.tools.report.renditions += made.ready_at == now
    describe_asset(asset=asset, manifest=manifest)
    return asset


def _accept(run: _Pass, group: Group, track: PlannedTrack, asset: Asset) -> None:
    folder, report = run.tools.folder, run.tools.report
    known = ImportedFile.objects.filter(folder=folder, key=track.found.key, state=State.IMPORTED).exists()
    row = accept_file(folder=folder, group=group, track=track, asset=asset, now=run.tools.clock())
    if row.state == State.DUPLICATE:
        report.duplicates += 1
    elif known:
        report.changed += 1
    else:
        report.imported += 1
    _one_less(run, group, track)


def _failed(run: _Pass, event: Failed) -> None:
    """Refuse the file, unless it is not the file's fault."""
    stop_unless_the_files_fault(event.error)
    if event.task.do is work.make_cover:
        path = journal.shown_path(event.task.order[0].path)
        run.tools.report.notes.append((path, f"Its cover was left out: {event.error}"))
        return
    group, track = run.planned[event.task.name]
    if isinstance(event.error, OSError):
        note = f"It could not be read ({event.error}); the next run tries again."
        run.tools.report.notes.append((journal.shown_path(track.found.path), note))
    else:
        _refuse(run, track, event.error)
    _one_less(run, group, track)


def _refuse(run: _Pass, track: PlannedTrack, error: Exception) -> None:
    if isinstance(error, Refused):
        reason, remedy = error.reason, error.remedy
    elif isinstance(error, ProcessDied):
        reason, remedy = _CRASHED
    else:
        reason = f"It made our program fail ({type(error).__name__}: {error})."
        remedy = "Please report it to us, with the file if you may."
    now = run.tools.clock()
    before = run.past.get(track.found.key)
    if before is not None and before.state in {State.IMPORTED, State.DUPLICATE}:
        journal.forget_gone([before], now=now)  # it was good before: what it held is gone
    row = journal.remember_refused(run.tools.folder, track.found, reason=reason, remedy=remedy, now=now)
    run.tools.report.refused.append(RefusedFile(row.path, reason, remedy))


def _one_less(run: _Pass, group: Group, track: PlannedTrack) -> None:
    run.tools.meter.finish(FIRST, track.found.key)
    group.waiting -= 1
    if group.waiting == 0 and group.release is not None:
        run.tools.report.releases += 1
        _settle(run, group)


def _settle(run: _Pass, group: Group) -> None:
    """With all its tracks there, tell a release's type and loudness."""
    if group.release is None:
        return
    manifests = []
    for asset in assets_of(group.release):
        with suppress(BlobMissing):
            manifests.append(read_manifest(run.tools.context.blobs, asset.key))
    loudness = album_loudness(manifests) if manifests else None
    settle_release(release=group.release, loudness=loudness, now=run.tools.clock())


def _cover_task(run: _Pass, group: Group) -> Iterator[Task]:
    """Make artwork once for all releases that have the same."""
    name = group.plan.covers[0].name
    sharers = run.covers.setdefault(name, [])
    sharers.append(group)
    if len(sharers) == 1:
        yield Task(f"cover {name}", work.make_cover, tuple(cover.order for cover in group.plan.covers))
    elif sharers[0].cover is not None:
        set_cover(group=group, cover=sharers[0].cover)


def _cover_made(run: _Pass, event: Done) -> None:
    made, notes = event.result
    path = journal.shown_path(event.task.order[0].path)
    run.tools.report.notes += [(path, note) for note in notes]
    if made is not None:
        cover = register_cover(made)
        for group in run.covers[event.task.name.removeprefix("cover ")]:
            set_cover(group=group, cover=cover)
