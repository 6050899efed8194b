"""A suspected match drawn: both recordings around the passage they share, under each other on one scale of time.

What names another recording and no passage (the same file, the same samples, the same title) is compared from both beginnings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alpheus.catalogue.models import Recording
from alpheus.web.evidence_cards import Card, Passage
from alpheus.web.others import Other
from alpheus.web.waveform import bars
from alpheus.web.wordings import Text

AROUND_MS = 10_000
"""The most that is drawn before and after the passage."""
COUNT = 96
PASSAGES_MAX = 8
"""Of one finding: two mixes of one song may share a hundred."""


@dataclass(frozen=True)
class Pair:
    """Two passages on a page."""

    title: Text
    other: Other
    passage: Passage
    drawn: Sequence[str]
    """Ours, then the other."""
    from_percent: float
    wide_percent: float
    """Where the passage begins in the drawing, and how wide it is."""

    @property
    def own_end_ms(self) -> int:
        """Where it ends in ours."""
        return self.passage.own_ms + self.passage.length_ms

    @property
    def other_end_ms(self) -> int:
        """Where it ends in the other."""
        return self.passage.other_ms + self.passage.length_ms


def pairs(cards: Iterable[Card], own: Recording | None) -> list[Pair]:
    """Every passage of each finding that names another recording; what names one without a passage, from its beginning, once."""
    if own is None:
        return []
    about = [it for it in cards if it.other is not None and it.other.recording.asset is not None]
    found = [
        _pair(it, it.other, own, place) for it in about if it.other for place in it.passages[:PASSAGES_MAX]
    ]
    compared = {it.other.recording.pk for it in found}
    for it in about:
        if it.other is not None and it.other.recording.pk not in compared:
            compared.add(it.other.recording.pk)
            found.append(_pair(it, it.other, own, _whole(own, it.other.recording)))
    return found


def _whole(own: Recording, other: Recording) -> Passage:
    """From both beginnings until one of them ends."""
    lengths = [it.duration_ms for it in (own, other) if it.duration_ms]
    return Passage(0, 0, min(lengths, default=0))


def _pair(card: Card, to: Other, own: Recording, passage: Passage) -> Pair:
    other = to.recording
    before = min(AROUND_MS, passage.own_ms, passage.other_ms)
    after = min(
        AROUND_MS,
        *(
            max(0, (recording.duration_ms or 0) - begins - passage.length_ms)
            for recording, begins in ((own, passage.own_ms), (other, passage.other_ms))
        ),
    )
    window = max(1, before + passage.length_ms + after)
    return Pair(
        title=card.title,
        other=to,
        passage=passage,
        drawn=[
            _drawn(own, passage.own_ms - before, window),
            _drawn(other, passage.other_ms - before, window),
        ],
        from_percent=round(100 * before / window, 1),
        wide_percent=round(100 * passage.length_ms / window, 1),
    )


def _drawn(recording: Recording, from_ms: int, window_ms: int) -> str:
    peaks = bytes(recording.asset.peaks or b"") if recording.asset else b""
    whole_ms = recording.duration_ms or 1
    first, last = (len(peaks) * at // whole_ms for at in (from_ms, from_ms + window_ms))
    return bars(peaks[first : max(last, first + 1)], count=COUNT)
