"""Evidence as it is kept beside a submission. What is found is ingest's to say, or a clash with what is here."""

from collections.abc import Iterable

from django.db.models import Max

from alpheus.ingest.evidence import Finding, Held, examine
from alpheus.ingest.manifest import Manifest
from alpheus.submissions.models import Evidence, Submission, Track


def find(*, manifest: Manifest, held: Held) -> list[Finding]:
    """What machines find about a file, the gravest first."""
    return list(examine(manifest=manifest, held=held))


def note(submission: Submission, found: Iterable[Finding], *, track: Track | None = None) -> None:
    """Keep what was found about a track, or about the whole, after what was found before; nothing is said twice."""
    kept = Evidence.objects.filter(submission=submission)
    known = set(kept.filter(track=track).values_list("kind", "other"))
    last = kept.aggregate(last=Max("position"))["last"]
    fresh = [it for it in found if (it.kind, it.other or "") not in known]
    Evidence.objects.bulk_create(
        Evidence(
            submission=submission,
            track=track,
            position=position,
            kind=it.kind,
            measured=dict(it.measured),
            confidence=min(max(float(it.confidence), 0.0), 1.0),
            passages=[list(passage) for passage in it.passages],
            other=it.other or "",
        )
        for position, it in enumerate(fresh, start=0 if last is None else last + 1)
    )
