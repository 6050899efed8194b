"""An upload that is whole becomes a recording that can be heard and judged: ingest's phases, then evidence.

Safe to run twice and to be killed anywhere: ingest goes on where it stopped, and the last step is one transaction.
All renditions are made, as the file itself is not kept: what is accepted can be published at once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from alpheus.audio.tags import Tags, read_tags
from alpheus.catalogue.ear import ear
from alpheus.catalogue.errors import CoverRefused
from alpheus.catalogue.hold_recording import hold_recording
from alpheus.catalogue.keep_asset import begin_asset, describe_asset, keep_rendition
from alpheus.catalogue.keep_cover import keep_cover
from alpheus.catalogue.models import Asset, Cover
from alpheus.catalogue.recognise import held_like
from alpheus.ingest.errors import Refused
from alpheus.ingest.evidence import Finding
from alpheus.ingest.ingest import ingest
from alpheus.ingest.manifest import Manifest, Progress
from alpheus.packaging.rendition import RenditionIndex
from alpheus.submissions import rules
from alpheus.submissions.arrange import by_numbers
from alpheus.submissions.evidence import find, note
from alpheus.submissions.fill_in import fill_in
from alpheus.submissions.models import Submission, Track, Upload
from alpheus.submissions.rules import Kind
from alpheus.submissions.terms import Terms
from alpheus.submissions.upload import file_of

_TELL_SECONDS = 0.5
_SILENT_LUFS = -70.0
"""What the loudness gate of EBU R128 gives for silence."""


@dataclass(frozen=True)
class _Made:
    """What came of a file."""

    manifest: Manifest
    indexes: Sequence[RenditionIndex]
    tags: Tags


def take_in_upload(*, upload: int, terms: Terms, now: Callable[[], datetime]) -> bool:
    """Take a whole upload in. Returns False where it is gone or was taken in before.

    Raises:
        NoSpace: the disk is too full; it is tried again.
        StoreUnavailable: the object store failed; it is tried again.
    """
    rows = Upload.objects.select_related("track__submission").filter(track__isnull=False)
    row = rows.filter(pk=upload, state=Upload.State.WHOLE).first()
    if row is None:
        return False
    file = file_of(row, terms)
    if not file.exists():
        return False
    try:
        made = _ingest(row, file.path, terms)
    except Refused as error:
        _refuse(row, _trouble(error))
    else:
        if made.manifest.measure.loudness_lufs <= _SILENT_LUFS:
            _refuse(row, Upload.Trouble.SILENT)
        else:
            _judge(row, made, terms, now=now())
    file.remove()
    return True


def _ingest(row: Upload, path: Path, terms: Terms) -> _Made:
    ready: list[RenditionIndex] = []
    told = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            Upload.objects.filter(pk=row.pk).update(phase=progress.phase, fraction=progress.fraction)

    manifest = ingest(
        path,
        blobs=terms.blobs(),
        kek=terms.kek,
        on_progress=tell,
        on_ready=ready.append,
    )
    return _Made(manifest, ready, read_tags(path))


def _trouble(error: Refused) -> Upload.Trouble:
    """Which of our sentences says what the decoder found; its own are English and name limits of the machine."""
    said = error.reason.casefold()
    for word, trouble in (
        ("protected", Upload.Trouble.PROTECTED),
        ("drm", Upload.Trouble.PROTECTED),
        ("it lasts", Upload.Trouble.TOO_SHORT),
        ("longer", Upload.Trouble.TOO_LONG),
    ):
        if word in said:
            return trouble
    return Upload.Trouble.UNREADABLE


def _refuse(row: Upload, trouble: Upload.Trouble) -> None:
    Upload.objects.filter(pk=row.pk).update(
        state=Upload.State.REFUSED, trouble=trouble.value, phase="", fraction=0.0
    )


def _judge(row: Upload, made: _Made, terms: Terms, *, now: datetime) -> None:
    """Look for what is like it before anything is locked: the index may have to catch up."""
    asset = _asset(made, now)
    found = find(manifest=made.manifest, held=held_like(asset=asset, ear=ear()))
    cover = _cover(row, made.tags, terms)
    _keep(row, made, asset, found, cover=cover, now=now)


def _cover(row: Upload, tags: Tags, terms: Terms) -> Cover | None:
    """The art that comes with a file of a release that has none yet; what cannot be a cover is passed over."""
    submission = row.track.submission if row.track else None
    if (
        tags.cover is None
        or submission is None
        or submission.kind != Kind.RELEASE
        or submission.cover_id is not None
    ):
        return None
    try:
        return keep_cover(tags.cover, blobs=terms.blobs())
    except CoverRefused:
        return None


@transaction.atomic
def _keep(
    row: Upload, made: _Made, asset: Asset, found: Sequence[Finding], *, cover: Cover | None, now: datetime
) -> None:
    """Write down what there is now; nothing, where the draft, the track or the upload went meanwhile."""
    held = Submission.objects.select_for_update(of=("self",)).filter(tracks=row.track_id)
    submission = held.first()
    track = Track.objects.filter(uploads=row).first()
    if submission is None or track is None or submission.state != rules.State.DRAFT:
        return
    if not Upload.objects.filter(pk=row.pk, state=Upload.State.WHOLE).exists():
        return
    fill_in(submission, track, made.tags, row.filename)
    submission.cover = submission.cover or cover
    track.asset, track.source_sha256 = asset, made.manifest.source_sha256
    track.recording = hold_recording(
        title=track.title, artist=track.artist_name or submission.artist_name, asset=asset, now=now
    )
    track.save()
    submission.changed_at = now
    submission.save()
    by_numbers(submission)
    note(submission, found, track=track)
    Upload.objects.filter(pk=row.pk).update(
        state=Upload.State.TAKEN, phase="", fraction=1.0, is_lossy=not made.manifest.probe.lossless
    )


def _asset(made: _Made, now: datetime) -> Asset:
    manifest = made.manifest
    asset = begin_asset(key=manifest.asset, source_sha256=manifest.source_sha256, now=now)
    for index in made.indexes:
        keep_rendition(asset=asset, index=index, now=now)
    describe_asset(asset=asset, manifest=manifest)
    return asset
