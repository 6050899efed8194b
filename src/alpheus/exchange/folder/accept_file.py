"""A file whose first rendition is ready goes into the catalogue: its recording, in its place on its release."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from alpheus.catalogue.models import Asset, Cover, Recording, Release, Track
from alpheus.catalogue.place_track import lift_tracks, place_track
from alpheus.catalogue.register_recording import register_recording
from alpheus.catalogue.register_release import register_release
from alpheus.database.turns import take_turn
from alpheus.exchange.folder.journal import State, stamp
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder, ImportedRelease
from alpheus.exchange.folder.plan import PlannedRelease, PlannedTrack
from alpheus.rights.notice import hold_back
from alpheus.search.tokens import folded


@dataclass
class Group:
    """A planned release while it is imported: its row once it has one, its artwork once that is made."""

    plan: PlannedRelease
    release: Release | None = None
    cover: Cover | None = None
    waiting: int = 0


@transaction.atomic
def accept_file(
    *, folder: ImportedFolder, group: Group, track: PlannedTrack, asset: Asset, now: datetime
) -> ImportedFile:
    """Put a file into the catalogue, and remember it as imported, or as a duplicate of one that is there.

    The same sound on another release is the same recording with another track there; a copy of a release is skipped.
    What a notice suspends stays out of what is offered.
    """
    take_turn("catalogue")
    row = ImportedFile.objects.filter(folder=folder, key=track.found.key).select_related("recording").first()
    row = row or ImportedFile(folder=folder, key=track.found.key)
    shared = _shared(row, asset)
    if shared is not None and _is_copy(shared, group, folder):
        return _remember(row, track, asset, state=State.DUPLICATE, recording=shared, release=None, now=now)
    release = _release(folder, group, now)
    recording = shared or _register(row, track, group, asset, now)
    place_track(
        release=release, recording=recording, place=track.place, title=track.title, credit=track.credit,
        about=group.plan.about,
    )  # fmt: skip
    before = row.release
    _remember(row, track, asset, state=State.IMPORTED, recording=recording, release=release, now=now)
    if before is not None and before != release:
        _leave(recording, before, now)
    hold_back(recordings=[recording], now=now)
    return row


def set_cover(*, group: Group, cover: Cover) -> None:
    """Give a release its artwork as soon as both are there."""
    group.cover = cover
    if group.release is not None:
        group.release.cover = cover
        group.release.save(update_fields=["cover"])


def _shared(row: ImportedFile, asset: Asset) -> Recording | None:
    """The recording of another present file with the same sound."""
    others = ImportedFile.objects.filter(asset=asset, state=State.IMPORTED, recording__isnull=False)
    other = others.exclude(pk=row.pk).select_related("recording").order_by("pk").first()
    return other.recording if other else None


def _is_copy(recording: Recording, group: Group, folder: ImportedFolder) -> bool:
    """Tell whether a recording is on this release already, or on one of the same title."""
    link = ImportedRelease.objects.filter(folder=folder, key=group.plan.key).first()
    title = folded(group.plan.facts.title)
    releases = Release.objects.filter(media__tracks__recording=recording)
    return any(
        release.pk == (link and link.release_id) or folded(release.title) == title for release in releases
    )


def _register(row: ImportedFile, track: PlannedTrack, group: Group, asset: Asset, now: datetime) -> Recording:
    """Create the recording, or bring it up to date when this file, or this sound, was there before."""
    known = row.recording if row.state in {State.IMPORTED, State.REMOVED, State.REFUSED} else None
    if (
        known is not None
        and ImportedFile.objects.filter(recording=known, state=State.IMPORTED).exclude(pk=row.pk).exists()
    ):
        known = None  # others still have the sound that this file had
    known = known or Recording.objects.filter(asset=asset).order_by("pk").first()
    duration_ms = round(1000 * asset.samples / asset.rate_hz) if asset.samples and asset.rate_hz else None
    return register_recording(
        facts=replace(track.recording, duration_ms=duration_ms),
        asset=asset,
        recording=known,
        about=group.plan.about,
        now=now,
    )


def _release(folder: ImportedFolder, group: Group, now: datetime) -> Release:
    """Register the group's release, once a run."""
    if group.release is None:
        link = (
            ImportedRelease.objects.filter(folder=folder, key=group.plan.key)
            .select_related("release")
            .first()
        )
        link = link or _renamed(folder, group)
        group.release = register_release(
            facts=group.plan.facts,
            release=link.release if link else None,
            cover=group.cover,
            about=group.plan.about,
            now=now,
        )
        if link is None:
            ImportedRelease.objects.create(folder=folder, key=group.plan.key, release=group.release)
    return group.release


def _renamed(folder: ImportedFolder, group: Group) -> ImportedRelease | None:
    """Find the release that all these files were before, so that a new title does not make a new release."""
    keys = [track.found.key for track in group.plan.tracks]
    mine = ImportedFile.objects.filter(folder=folder, state=State.IMPORTED, release__isnull=False)
    before = set(mine.filter(key__in=keys).values_list("release_id", flat=True))
    if len(before) != 1 or mine.filter(release_id__in=before).exclude(key__in=keys).exists():
        return None
    link = (
        ImportedRelease.objects.filter(folder=folder, release_id__in=before).select_related("release").first()
    )
    if link is not None:
        link.key = group.plan.key
        link.save(update_fields=["key"])
    return link


def _leave(recording: Recording, release: Release, now: datetime) -> None:
    """Take a recording off the release that its file was on before, unless another file has it there."""
    if not ImportedFile.objects.filter(recording=recording, release=release, state=State.IMPORTED).exists():
        lift_tracks(recording=recording, release=release, now=now)


def _remember(
    row: ImportedFile, track: PlannedTrack, asset: Asset, *, state: str, recording: Recording,
    release: Release | None, now: datetime,
) -> ImportedFile:  # fmt: skip
    for name, value in stamp(track.found, now).items():
        setattr(row, name, value)
    row.sha256, row.asset, row.recording, row.release = asset.source_sha256, asset, recording, release
    row.state, row.reason, row.remedy = state, "", ""
    row.save()
    return row


def assets_of(release: Release) -> list[Asset]:
    """List the assets of a release's recordings that are offered."""
    tracks = Track.objects.filter(medium__release=release, recording__removed_at=None).select_related(
        "recording__asset"
    )
    return [track.recording.asset for track in tracks if track.recording.asset is not None]
