"""What counts as heard: a stream's key log records folded into plays. Pure; docs/protocol.md is its text.

Music is heard when it was released and then passed by a later playhead of the same stream (or its closing
beacon), and never more of it than wall time allows. Where an interval holds more music than time, the music
nearest the later playhead is what was heard. A play is one stream x recording from its start, or a return
after another; it qualifies from 30 s heard, or the whole of a shorter recording; a preview never does.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

QUALIFIED_MS = 30_000
WHOLE_PERMILLE = 975
"""So much of a shorter recording is the whole: a player's clock and its last beacon are not exact."""
SLACK_MS = 5_000
"""Wall time that may be carried from one interval to the next: a delayed POST makes the next seem early."""
PIECES_KEPT = 64
"""A player holds four seconds behind it, so releases this many pieces back are never passed again."""
WAITING_MAX = 500
"""Records that wait for another edge's log: more than an hour's."""
GRANTS_KEPT = 256
"""A queue's grants are described once, when the edge first sees them, and may be played much later."""

Span = tuple[int, int]
"""Samples from the first up to but not including the second."""


@dataclass(frozen=True)
class GrantFacts:
    """What a key log says of a grant when it is first seen."""

    recording: str
    rate_hz: int
    samples: int
    window: Span
    preview: bool
    territory: str

    @property
    def piece(self) -> str:
        """What is playing: a preview of a recording is another piece than the recording."""
        return f"{self.recording}/preview" if self.preview else self.recording


@dataclass(frozen=True)
class Release:
    """Samples whose keys left for the player."""

    grant: str
    span: Span


@dataclass(frozen=True)
class Playhead:
    """Where a player said that it was."""

    grant: str
    sample: int


@dataclass(frozen=True)
class KeyRecord:
    """One accepted POST of a stream, as the edge logged it."""

    wall_ms: int
    stream: str
    sequence: int
    at: Playhead | None
    released: tuple[Release, ...]
    closing: bool
    grants: Mapping[str, GrantFacts]


@dataclass(frozen=True)
class PlayHeard:
    """A play as far as it is known; `heard` and `covered` grow while it is the stream's current one."""

    ordinal: int
    grant: str
    recording: str
    preview: bool
    territory: str
    rate_hz: int
    whole_samples: int
    started_ms: int
    heard: int = 0
    covered: tuple[Span, ...] = ()

    @property
    def heard_ms(self) -> int:
        """Music time heard."""
        return self.heard * 1000 // self.rate_hz

    @property
    def qualified(self) -> bool:
        """Heard for 30 s, or the whole of a shorter recording; never a preview."""
        if self.preview:
            return False
        if self.whole_samples * 1000 < QUALIFIED_MS * self.rate_hz:
            return length(self.covered) * 1000 >= self.whole_samples * WHOLE_PERMILLE
        return self.heard_ms >= QUALIFIED_MS


@dataclass
class StreamHistory:
    """What folding remembers of a stream between two records."""

    sequence: int = -1
    at: Playhead | None = None
    wall_ms: int = 0
    slack_ms: int = 0
    waiting: list["KeyRecord"] = field(default_factory=list)
    """Records of an edge to which the stream moved, by sequence, while the log of the edge before is not here."""
    grants: dict[str, GrantFacts] = field(default_factory=dict)
    released: dict[str, list[Span]] = field(default_factory=dict)
    """Released spans by piece, pieces in the order in which the player wanted them."""
    plays: int = 0
    play: PlayHeard | None = None


def fold(history: StreamHistory, record: KeyRecord) -> list[PlayHeard]:
    """Fold one record into its stream's history.

    A record that was folded before (its sequence is not higher) changes nothing. What an unknown grant says
    is not counted; `unknown_grants` tells who asks.

    Returns:
        The plays that the record began or lengthened, each once, oldest first.
    """
    if record.sequence <= history.sequence:
        return []
    history.sequence = record.sequence
    history.grants.update(record.grants)
    touched = _move(history, record)
    for release in record.released:
        facts = history.grants.get(release.grant)
        if facts is not None:
            _remember(history, facts.piece, release.span)
    if history.at is None:
        _anchor(history, record)
    _forget(history)
    return [play for play in touched if play.heard > 0]


def line_up(history: StreamHistory, record: KeyRecord) -> None:
    """Take a record in, in the order of sequences, whichever edge's log it came by; one that was folded is left out."""
    if record.sequence > history.sequence:
        insort(history.waiting, record, key=lambda one: one.sequence)


def ready(history: StreamHistory, moves: Collection[int], *, patient: bool = True) -> Iterator[KeyRecord]:
    """The records that can be folded now, one after another: fold each before asking for the next.

    Args:
        history: the stream's.
        moves: sequences that edges had answered when the stream left them: up to there their logs come first.
        patient: whether to wait for a log that is not here.
    """
    while history.waiting:
        record = history.waiting[0]
        missing = any(history.sequence < move < record.sequence for move in moves)
        if missing and patient and len(history.waiting) <= WAITING_MAX:
            return
        yield history.waiting.pop(0)


def unknown_grants(history: StreamHistory, record: KeyRecord) -> set[str]:
    """Grants whose music was released and that nobody has described: the log lacks something.

    A playhead may name what it likes; of a grant without releases nothing can have been heard.
    """
    released = {release.grant for release in record.released}
    return released - history.grants.keys() - record.grants.keys()


def _anchor(history: StreamHistory, record: KeyRecord) -> None:
    """A stream without a playhead starts where its first release does."""
    for release in record.released:
        if release.grant in history.grants:
            history.at = Playhead(release.grant, release.span[0])
            history.wall_ms = record.wall_ms
            return


@dataclass(frozen=True)
class _Passage:
    """A run of one piece that a playhead may have passed."""

    grant: str
    spans: tuple[Span, ...]
    fresh: bool
    """It begins a play, whatever was playing before."""


def _move(history: StreamHistory, record: KeyRecord) -> list[PlayHeard]:
    """Move the playhead and credit what it passed."""
    at = record.at
    if at is None or at.grant not in history.grants:
        return []
    if history.at is None:
        history.at, history.wall_ms = at, record.wall_ms
        return []
    elapsed_ms = max(0, record.wall_ms - history.wall_ms)
    budget_ms = elapsed_ms + history.slack_ms
    passages = _passages(history, history.at, at, budget_ms)
    heard = _afford(history, passages, budget_ms)
    touched = _credit(history, heard, record.wall_ms)
    history.at, history.wall_ms = at, max(record.wall_ms, history.wall_ms)
    history.slack_ms = min(SLACK_MS, budget_ms - _needed_ms(history, heard))
    return touched


def _passages(history: StreamHistory, old: Playhead, new: Playhead, budget_ms: int) -> list[_Passage]:
    """The runs of music between two playheads, in the order of time."""
    before, after = history.grants[old.grant], history.grants[new.grant]
    if before.piece == after.piece:
        return _within(history, old, new, budget_ms)
    head = _Passage(new.grant, _passed(history, after.piece, (after.window[0], new.sample)), fresh=True)
    if not _ran_out(history, old):
        return [head]  # a skip: what was left of the piece before was not passed
    tail = _Passage(old.grant, _tail(history, old), fresh=False)
    through = [tail, *_between(history, before.piece, after.piece), head]
    return through if _needed_ms(history, through) <= budget_ms else [tail, head]


def _within(history: StreamHistory, old: Playhead, new: Playhead, budget_ms: int) -> list[_Passage]:
    """Between two playheads of one piece: onwards, round its end to its start again, or a seek back."""
    facts = history.grants[new.grant]
    if new.sample >= old.sample:
        return [_Passage(new.grant, _passed(history, facts.piece, (old.sample, new.sample)), fresh=False)]
    tail = _Passage(old.grant, _tail(history, old), fresh=False)
    head = _Passage(new.grant, _passed(history, facts.piece, (facts.window[0], new.sample)), fresh=True)
    if _ran_out(history, old) and _needed_ms(history, [tail, head]) <= budget_ms:
        return [tail, head]
    return []


def _between(history: StreamHistory, first: str, last: str) -> list[_Passage]:
    """Pieces released whole after the first and before the last: short ones between two POSTs."""
    order = list(history.released)
    if first not in history.released or last not in history.released:
        return []
    described = {facts.piece: grant for grant, facts in history.grants.items()}
    found = []
    for piece in order[order.index(first) + 1 : order.index(last)]:
        grant = described.get(piece)
        if grant is None or not _ran_out(history, Playhead(grant, history.grants[grant].window[0])):
            return []
        found.append(_Passage(grant, _passed(history, piece, history.grants[grant].window), fresh=True))
    return found


def _tail(history: StreamHistory, at: Playhead) -> tuple[Span, ...]:
    facts = history.grants[at.grant]
    return _passed(history, facts.piece, (at.sample, facts.window[1]))


def _ran_out(history: StreamHistory, at: Playhead) -> bool:
    """Whether all that was left from here was released, so that the music could run off its end."""
    return length(_tail(history, at)) == max(0, history.grants[at.grant].window[1] - at.sample)


def _passed(history: StreamHistory, piece: str, span: Span) -> tuple[Span, ...]:
    return intersection(history.released.get(piece, ()), span)


def _time_ms(history: StreamHistory, passage: _Passage) -> int:
    """A passage's wall time, rounded up so that time is never gained."""
    return -(-length(passage.spans) * 1000 // history.grants[passage.grant].rate_hz)


def _needed_ms(history: StreamHistory, passages: Iterable[_Passage]) -> int:
    return sum(_time_ms(history, passage) for passage in passages)


def _afford(history: StreamHistory, passages: Sequence[_Passage], budget_ms: int) -> list[_Passage]:
    """Keep as much of the passages as time allowed, the latest music first."""
    kept: list[_Passage] = []
    left_ms = budget_ms
    for passage in reversed(passages):
        rate_hz = history.grants[passage.grant].rate_hz
        heard = replace(passage, spans=latest(passage.spans, left_ms * rate_hz // 1000))
        left_ms -= _time_ms(history, heard)
        kept.append(heard)
    return kept[::-1]


def _credit(history: StreamHistory, passages: Sequence[_Passage], wall_ms: int) -> list[PlayHeard]:
    """Give what was heard to the plays it belongs to, and say which of them changed."""
    touched: dict[int, PlayHeard] = {}
    for number, passage in enumerate(passages):
        heard = length(passage.spans)
        is_last = number == len(passages) - 1
        if heard == 0 and not is_last:
            continue
        if history.play is None or passage.fresh:
            _begin(history, passage.grant, wall_ms - _needed_ms(history, passages[number:]))
        play = history.play
        if play is None or heard == 0:
            continue
        history.play = replace(play, heard=play.heard + heard, covered=union(play.covered, passage.spans))
        touched[play.ordinal] = history.play
    return list(touched.values())


def _begin(history: StreamHistory, grant: str, started_ms: int) -> None:
    """Begin a play of a grant's piece; one of which nothing was heard gives its number back."""
    facts = history.grants[grant]
    if history.play is None or history.play.heard:
        history.plays += 1
    history.play = PlayHeard(
        ordinal=history.plays - 1,
        grant=grant,
        recording=facts.recording,
        preview=facts.preview,
        territory=facts.territory,
        rate_hz=facts.rate_hz,
        whole_samples=facts.samples,
        started_ms=started_ms,
    )


def _remember(history: StreamHistory, piece: str, span: Span) -> None:
    """Note a release; a piece stands in the order of its latest one, which is the order of play."""
    history.released[piece] = list(union(history.released.pop(piece, ()), [span]))


def _forget(history: StreamHistory) -> None:
    """Forget the pieces and grants that came first, beyond those that may still be passed."""
    while len(history.released) > PIECES_KEPT:
        del history.released[next(iter(history.released))]
    needed = {history.at.grant} if history.at else set()
    spare = len(history.grants) - GRANTS_KEPT
    for grant in [grant for grant in history.grants if grant not in needed][: max(0, spare)]:
        del history.grants[grant]


def length(spans: Iterable[Span]) -> int:
    """Samples in spans that do not overlap."""
    return sum(end - start for start, end in spans)


def union(spans: Iterable[Span], more: Iterable[Span]) -> tuple[Span, ...]:
    """All samples of both, as spans in order that neither overlap nor touch."""
    merged: list[Span] = []
    for start, end in sorted([*spans, *more]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def intersection(spans: Iterable[Span], window: Span) -> tuple[Span, ...]:
    """The parts of spans in order that lie in the window."""
    cut = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return tuple((start, end) for start, end in cut if start < end)


def latest(spans: Sequence[Span], samples: int) -> tuple[Span, ...]:
    """The last so many samples of spans in order."""
    kept: list[Span] = []
    for start, end in reversed(spans):
        if samples <= 0:
            break
        kept.append((max(start, end - samples), end))
        samples -= end - start
    return tuple(kept[::-1])


@dataclass(frozen=True)
class KeptSegment:
    """A key log segment as it lies on the disk, and how far it was folded.

    `over` is one that is folded to its end and will not grow. `written_at` is in seconds of the epoch.
    """

    name: str
    size_bytes: int
    folded_bytes: int
    over: bool
    faulty: bool
    written_at: float


def clearable_segments(segments: Sequence[KeptSegment], *, before: float) -> set[str]:
    """Which segments of one edge may be deleted, given oldest first.

    Only from the old end, so that what stays is a chain without a gap; never the newest folded one nor what comes
    after it, for the edge continues the chain from there; none with a fault, nor what is newer, for that is evidence.
    """
    names: set[str] = set()
    for segment, following in pairwise(segments):
        if not (segment.over and following.over) or segment.faulty or segment.written_at >= before:
            break
        names.add(segment.name)
    return names
