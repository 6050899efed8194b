"""Keep what ingest tells of an asset: that it is at work, that a rendition is ready, what was measured, why it was refused."""

from datetime import datetime

from django.db import transaction

from alpheus.catalogue.models import Asset, Rendition
from alpheus.ingest.manifest import Manifest, Recognised
from alpheus.packaging.rendition import RenditionIndex


def begin_asset(*, key: str, source_sha256: str, now: datetime) -> Asset:
    """Say that an asset is being made; one that is ready stays so."""
    asset, created = Asset.objects.get_or_create(
        key=key, defaults={"source_sha256": source_sha256, "state": Asset.State.WORKING, "created_at": now}
    )
    if not created and asset.state in {Asset.State.WAITING, Asset.State.REFUSED}:
        asset.state, asset.reason = Asset.State.WORKING, ""
        asset.save(update_fields=["state", "reason"])
    return asset


def tell_progress(*, key: str, phase: str, fraction: float) -> None:
    """Say how far ingest is, for pages."""
    Asset.objects.filter(key=key).update(phase=phase, fraction=min(max(fraction, 0.0), 1.0))


@transaction.atomic
def keep_rendition(*, asset: Asset, index: RenditionIndex, now: datetime) -> Rendition:
    """Write a rendition down that an edge can serve; with the first the asset is ready."""
    rendition, _ = Rendition.objects.get_or_create(
        asset=asset,
        name=index.name,
        defaults={"stored_bytes": sum(index.chunk_bytes_a) + sum(index.chunk_bytes_b), "ready_at": now},
    )
    if asset.state != Asset.State.READY or asset.samples is None:
        asset.state, asset.reason = Asset.State.READY, ""
        asset.rate_hz, asset.samples = index.rate_hz, index.samples
        asset.save(update_fields=["state", "reason", "rate_hz", "samples"])
    return rendition


def describe_asset(*, asset: Asset, manifest: Manifest) -> None:
    """Write down what was measured."""
    measured = manifest.measure
    asset.rate_hz, asset.samples = manifest.rate_hz, manifest.samples
    asset.loudness_lufs, asset.range_lu = measured.loudness_lufs, measured.range_lu
    asset.true_peak_dbtp, asset.peaks = measured.true_peak_dbtp, measured.peaks
    asset.silence_start_ms, asset.silence_end_ms = measured.silence_start_ms, measured.silence_end_ms
    asset.loudest_ms = measured.loudest_ms
    asset.quality = manifest.probe.quality[:120]
    asset.phase, asset.fraction = "", 1.0
    if manifest.recognised is not None:
        _know(asset, manifest.recognised)
    asset.save()


def keep_fingerprint(*, asset: Asset, recognised: Recognised) -> None:
    """Write down that an asset can be recognised."""
    _know(asset, recognised)
    asset.save(update_fields=["fingerprint", "sound_sha256"])


def _know(asset: Asset, recognised: Recognised) -> None:
    asset.fingerprint, asset.sound_sha256 = recognised.method, recognised.sound_sha256 or ""


def refuse_asset(*, key: str, reason: str, remedy: str) -> None:
    """Say why an asset cannot be made; one that has a rendition stays ready."""
    Asset.objects.filter(key=key, renditions=None).update(
        state=Asset.State.REFUSED, reason=f"{reason} {remedy}".strip(), phase="", fraction=0.0
    )
