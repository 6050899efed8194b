"""Who hears how much of a recording, which part a preview is, and how a notice is decided. Pure decisions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from alpheus.values.mailbox import mailbox

PREVIEW_SHARE = 2
"""A preview is at most one part in this many of its recording, so that a short piece is not given away."""


class Access(StrEnum):
    """Who hears whole recordings: the operator's setting."""

    OPEN = "open"
    MEMBERS = "members"
    BY_RIGHT = "by_right"


class Extent(StrEnum):
    """How much of a recording a listener hears."""

    WHOLE = "whole"
    PREVIEW = "preview"


@dataclass(frozen=True)
class Window:
    """The samples that may be heard: from `start`, up to but not including `end`."""

    start: int
    end: int


def extent(access: Access, *, member: bool, entitled: bool, early: bool = False) -> Extent:
    """How much is heard under the operator's access setting.

    Args:
        access: the operator's setting.
        member: the listener has an account.
        entitled: a plan or a purchase of the listener's covers this recording, here and now.
        early: it has not appeared yet: nobody hears more of it than a preview, whatever the setting and whatever they pay for.
    """
    if early:
        return Extent.PREVIEW
    if entitled or access is Access.OPEN or (access is Access.MEMBERS and member):
        return Extent.WHOLE
    return Extent.PREVIEW


def preview_window(*, samples: int, length: int, grid: int, peaks: Sequence[int] | None) -> Window:
    """The one window of a recording that a preview plays; the same for everyone, for ever.

    It is the loudest passage of that length by the sum of the waveform's peaks, the earliest where two are
    equal; without peaks it begins a third into the recording. It begins on a border of the grid on which
    audio is released, so that what is released before it is not given away.

    Args:
        samples: the recording's length.
        length: a preview's length, in samples.
        grid: samples of one released segment.
        peaks: loudness along the recording in equal steps, or None where it was not measured.
    """
    length = min(length, max(samples // PREVIEW_SHARE, 1))
    start = _loudest(samples, length, peaks) if peaks else samples // 3
    start = min(start, samples - length) // grid * grid
    return Window(start=start, end=start + length)


def _loudest(samples: int, length: int, peaks: Sequence[int]) -> int:
    """Where the loudest run of peaks begins, in samples."""
    run = max(1, min(len(peaks), length * len(peaks) // samples))
    total = best = sum(peaks[:run])
    begin = 0
    for last in range(run, len(peaks)):
        total += peaks[last] - peaks[last - run]
        if total > best:
            best, begin = total, last - run + 1
    return begin * samples // len(peaks)


class Claim(StrEnum):
    """What somebody says is theirs."""

    RECORDING = "recording"
    WORK = "work"
    NAME = "name"
    ARTWORK = "artwork"


class Standing(StrEnum):
    """Where a notice stands."""

    OPEN = "open"
    SUSPENDED = "suspended"
    DISMISSED = "dismissed"


class Decision(StrEnum):
    """What staff decides about one."""

    SUSPEND = "suspend"
    DISMISS = "dismiss"


DECIDED: Mapping[tuple[Standing, Decision], Standing] = {
    (Standing.OPEN, Decision.SUSPEND): Standing.SUSPENDED,
    (Standing.OPEN, Decision.DISMISS): Standing.DISMISSED,
    # Never undone: who doubts a decision makes a new one.
    (Standing.SUSPENDED, Decision.DISMISS): Standing.DISMISSED,
    (Standing.DISMISSED, Decision.SUSPEND): Standing.SUSPENDED,
}
"""What a decision leads to; what does not stand here cannot be decided."""


def decided(standing: Standing, decision: Decision) -> Standing | None:
    """Where a decision leads from a standing; None where it cannot be made."""
    return DECIDED.get((standing, decision))


NOTICES_OF_A_NETWORK = 20
"""In a day: more is a flood, and every notice is read by a person."""
NOTICES_OF_ONE = 3
"""Open ones of one address about one release: a fourth says nothing new."""


def is_givers(given_by: str, staff: str) -> bool:
    """Whether who would decide a notice gave it: letters to both addresses end up in one mailbox."""
    return bool(given_by) and mailbox(given_by) == mailbox(staff)


def is_flood(*, of_network: int, of_one: int) -> bool:
    """Whether a further notice is not taken."""
    return of_network >= NOTICES_OF_A_NETWORK or of_one >= NOTICES_OF_ONE


class Where(StrEnum):
    """Where something is offered."""

    EVERYWHERE = ""
    ONLY = "only"
    EXCEPT = "except"


def is_open_in(where: Where, territories: Collection[str], here: str) -> bool:
    """Whether it is offered where a listener is; who is nobody knows where is refused nothing.

    An installation that is never told where its listeners are cannot keep anything from anybody: it says so in its
    documentation, and where it is told by a proxy or a setting nobody is nowhere.
    """
    if where is Where.EVERYWHERE or not here:
        return True
    return (here in territories) is (where is Where.ONLY)
