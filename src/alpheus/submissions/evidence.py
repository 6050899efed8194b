"""Evidence as it is kept beside a submission. What is found is ingest's to say, or a clash with what is here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max

from alpheus.ingest.manifest import Manifest
from alpheus.submissions.models import Evidence, Submission

Figures = Mapping[str, float | int | str]


@dataclass(frozen=True)
class Note:
    """One thing found about a submission."""

    kind: str
    measured: Figures = field(default_factory=dict)
    confidence: float = 1.0
    passages: tuple[tuple[int, int, int], ...] = ()
    other: str | None = None


@dataclass(frozen=True)
class Seen:
    """Where the bytes of a file were seen before."""

    same_bytes_here: bool
    same_bytes_handed_in: int
    asset: str


def find(manifest: Manifest, seen: Seen) -> list[Note]:
    """What machines find about a file."""
    measure = manifest.measure
    found = []
    if seen.same_bytes_here or seen.same_bytes_handed_in:
        found.append(
            Note("identical-bytes", {"handed_in_by_others": seen.same_bytes_handed_in}, other=seen.asset)
        )
    if measure.clipped_places:
        found.append(Note("clipping", {"places": measure.clipped_places}))
    if not manifest.probe.lossless:
        found.append(Note("lossy-file", {"quality": manifest.probe.quality}))
    loudness: Figures = {
        "loudness_lufs": measure.loudness_lufs,
        "range_lu": measure.range_lu,
        "true_peak_dbtp": measure.true_peak_dbtp,
    }
    return [*found, Note("loudness", loudness)]


def note(submission: Submission, found: Iterable[Note]) -> None:
    """Keep what was found, after what was found before; what is known already is not said twice."""
    kept = Evidence.objects.filter(submission=submission)
    known = set(kept.values_list("kind", "other"))
    last = kept.aggregate(last=Max("position"))["last"]
    fresh = [it for it in found if (it.kind, it.other or "") not in known]
    Evidence.objects.bulk_create(
        Evidence(
            submission=submission,
            position=position,
            kind=it.kind,
            measured=dict(it.measured),
            confidence=min(max(float(it.confidence), 0.0), 1.0),
            passages=[list(passage) for passage in it.passages],
            other=it.other or "",
        )
        for position, it in enumerate(fresh, start=0 if last is None else last + 1)
    )
