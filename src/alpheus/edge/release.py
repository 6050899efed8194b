"""What a POST gets: pure planning of which segments are released, and what is refused and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from alpheus.edge.errors import EdgeError, OutsideWindow
from alpheus.edge.gate import RUN_SECONDS, Debit, Passage
from alpheus.edge.grants import Grant
from alpheus.edge.renditions import Opened
from alpheus.edge.streams import Run, after
from alpheus.edge.wire import Want
from alpheus.packaging.rendition import RenditionIndex

USUAL_SECONDS = 3.994
"""A whole segment at 44.1 kHz; for saying when the gate opens next when nothing more is wanted."""
_ENOUGH = 1e-6

Entitled = Callable[[Want], tuple[Grant, Opened]]
"""Gives the grant and rendition that a want names, or raises the EdgeError that refuses it."""


@dataclass(frozen=True, slots=True)
class Release:
    """A segment whose keys may leave."""

    grant: Grant
    opened: Opened
    rendition: str
    segment: int
    span: tuple[int, int]
    """Samples of it that lie in the grant's window: from, until."""
    seconds: float
    """Music in it, the part outside the window included: that is what the gate was charged."""
    debits: tuple[Debit, Debit | None]


@dataclass(slots=True)
class Plan:
    """What one POST gets. `wait_seconds` is how long until the gate lets the next segment through."""

    run: Run | None
    releases: list[Release] = field(default_factory=list)
    refusals: list[tuple[Want, EdgeError]] = field(default_factory=list)
    wait_seconds: float = 0.0
    shut: bool = False
    """Whether the gate stopped it."""
    seconds: float = 0.0


def window_segments(index: RenditionIndex, window: tuple[int, int]) -> range:
    """Numbers of the segments that carry samples of a window."""
    first, end = max(0, window[0]), min(window[1], index.samples)
    return range(index.segment_of(first), index.segment_of(end - 1) + 1) if first < end else range(0)


def plan(
    wants: Sequence[Want],
    *,
    entitled: Entitled,
    run: Run | None,
    passage: Passage,
    now: float,
    ahead_seconds: float,
) -> Plan:
    """Release wants in order of play, each to the end of its window, until enough is ahead or the gate shuts.

    Args:
        wants: from where on the player wants what.
        entitled: see `Entitled`.
        run: where the stream's last release ended.
        passage: the gates; what is released has been taken from them.
        now: monotonic clock.
        ahead_seconds: how much music this answer may release; the segment that reaches it is the last.
    """
    made = Plan(run)
    pieces: dict[str, str] = {}
    for want in wants:
        try:
            grant, opened = entitled(want)
            window = window_segments(opened.index, grant.window)
            segments = _segments(want, window, pieces)
        except EdgeError as error:
            made.refusals.append((want, error))
            continue
        for segment in segments:
            if made.seconds >= ahead_seconds - _ENOUGH:
                break
            asked = _Asked(want, grant, opened, window, segment)
            if not _release(made, asked, passage=passage, now=now):
                return made
    made.wait_seconds = passage.wait_seconds(
        USUAL_SECONDS, now=now, allowance=made.run.allowance if made.run else RUN_SECONDS
    )
    return made


def _segments(want: Want, window: range, pieces: dict[str, str]) -> range:
    """A want's segments to the end of its window."""
    if want.segment not in window:
        raise OutsideWindow(
            f"Segment {want.segment} is outside; the grant covers segments {window.start} to {window.stop - 1}."
        )
    if pieces.setdefault(want.grant, want.rendition) != want.rendition:
        raise OutsideWindow("One rendition of a grant per batch; ask for the other in the next.")
    return range(want.segment, window.stop)


@dataclass(frozen=True, slots=True)
class _Asked:
    want: Want
    grant: Grant
    opened: Opened
    window: range
    segment: int


def _release(made: Plan, asked: _Asked, *, passage: Passage, now: float) -> bool:
    """Take one segment through the gate; False when it is shut."""
    grant, index = asked.grant, asked.opened.index
    window = asked.window
    piece = (grant.recording, grant.window)
    run = after(made.run, piece=piece, segment=asked.segment, first=window.start)
    allowance = run.allowance if run else RUN_SECONDS
    start, end = index.samples_of(asked.segment)
    seconds = (end - start) / index.rate_hz
    debits = passage.take(seconds, now=now, allowance=allowance)
    if debits is None:
        made.shut = True
        made.wait_seconds = passage.wait_seconds(seconds, now=now, allowance=allowance)
        return False
    span = max(start, grant.window[0]), min(end, grant.window[1])
    made.releases.append(
        Release(grant, asked.opened, asked.want.rendition, asked.segment, span, seconds, debits)
    )
    made.seconds += seconds
    # What the lead paid counts too: the budget helps a run begin, it never lengthens the lead.
    left = max(0.0, allowance - seconds)
    made.run = Run(piece, asked.segment + 1, ended=asked.segment + 1 == window.stop, allowance=left)
    return True
