"""How far a file is on its way to be heard, as pages show it: phases with names, one of them at work."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Asset, Recording
from alpheus.ingest.manifest import PHASES

LABELS: dict[str, Promise] = {
    "probe": _("Probe"),
    "decode": _("Decode"),
    "measure": _("Measure"),
    "examine": _("Examine"),
    "recognise": _("Recognise"),
    "encode": _("Encode"),
    "package": _("Package"),
    "index": _("Index"),
}


class Readiness(StrEnum):
    """Whether a recording can be heard now, and if not, why."""

    READY = "ready"
    WORKING = "working"
    WAITING = "waiting"
    REFUSED = "refused"
    ABSENT = "absent"
    """Its file is gone, or never came."""
    ELSEWHERE = "elsewhere"
    """It is not offered where the listener is."""


@dataclass(frozen=True)
class Phase:
    """One phase of ingest on a page."""

    label: Promise
    state: str
    """done, doing or empty."""


def readiness(recording: Recording) -> Readiness:
    """Whether a recording can be heard: from its first rendition on; the others follow while it plays.

    Costs a query per recording unless `asset__renditions` is prefetched.
    """
    if not getattr(recording, "is_shown", True):
        return Readiness.ELSEWHERE
    asset = recording.asset
    if asset is None:
        return Readiness.ABSENT
    if asset.renditions.all():
        return Readiness.READY
    return Readiness.WAITING if asset.state == Asset.State.READY else Readiness(asset.state)


def phases(asset: Asset) -> list[Phase]:
    """The phases of an asset's ingest, for `.phases`."""
    return phases_of(asset.phase)


def phases_of(phase: str) -> list[Phase]:
    """All phases, of which one is at work; none where the name is no phase's."""
    at = PHASES.index(phase) if phase in PHASES else -1
    return [
        Phase(LABELS[name], "done" if place < at else "doing" if place == at else "")
        for place, name in enumerate(PHASES)
    ]


def playable(recordings: Iterable[Recording]) -> list[str]:
    """The gids of those that can be heard now, in order: a queue."""
    return [str(it.gid) for it in recordings if readiness(it) is Readiness.READY]
