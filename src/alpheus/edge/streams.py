"""Streams: what an edge remembers of its conversations with players. In memory, bounded, forgotten when idle."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from alpheus.edge.clock import Clock
from alpheus.edge.errors import GrantOtherStream, GrantUnknown
from alpheus.edge.grants import Grant

GRANTS_MAX = 256
"""A queue's next few, renewed; more than this many at once no player needs."""
STRETCHES_MAX = 16


@dataclass(frozen=True, slots=True)
class Held:
    """A grant that a stream holds, and until when on the monotonic clock."""

    grant: Grant
    until: float


@dataclass(frozen=True, slots=True)
class Run:
    """Where the last release ended, so that what follows it is told from a jump.

    `piece` is recording and window; `allowance` is what is left of the seek budget that the jump which began the run
    may use, in seconds.
    """

    piece: tuple[str, tuple[int, int]]
    next_segment: int
    ended: bool
    allowance: float


@dataclass(slots=True)
class Stream:
    """One player's conversation."""

    id: str
    account: str
    network: str
    sequence: int = -1
    answer: bytes | None = None
    grants: dict[str, Held] = field(default_factory=dict)
    run: Run | None = None
    described: set[tuple[str, str]] = field(default_factory=set)
    """Grant and rendition whose init has travelled."""
    logged: set[str] = field(default_factory=set)
    """Grants that the key log has described."""
    blends: dict[tuple[str, int], bytes] = field(default_factory=dict)
    """Blends by recording and stretch of segments, computed once."""
    touched: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def hold(self, grant: Grant, until: float) -> None:
        """Take a grant or its renewal; the oldest goes when there are too many.

        A token seen again does not live longer: its end was fixed at first sight, whatever clocks say now.
        """
        held = self.grants.pop(grant.id, None)
        if held is not None:
            later = grant.expires_at - held.grant.expires_at
            until = max(until, held.until) if later > 0 else held.until
            grant = grant if later >= 0 else held.grant
        self.grants[grant.id] = Held(grant, until)
        while len(self.grants) > GRANTS_MAX:
            oldest = next(iter(self.grants))
            del self.grants[oldest]
            self.described = {pair for pair in self.described if pair[0] != oldest}
            self.logged.discard(oldest)

    def remember_blends(self, stretch: tuple[str, int], blends: bytes) -> None:
        """Keep a stretch's blends; the oldest go."""
        if len(self.blends) >= STRETCHES_MAX:
            del self.blends[next(iter(self.blends))]
        self.blends[stretch] = blends


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the key log tells of a stream after a crash."""

    id: str
    account: str
    network: str
    sequence: int
    logged: frozenset[str]


class Streams:
    """All streams of an edge."""

    def __init__(self, clock: Clock, *, idle_seconds: float, most: int) -> None:
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._most = most
        self._streams: dict[str, Stream] = {}

    def __len__(self) -> int:
        return len(self._streams)

    def active(self, seconds: float) -> int:
        """How many streams sent a POST within so many seconds: those that somebody listens to."""
        since, count = self._clock.monotonic() - seconds, 0
        for stream in reversed(self._streams.values()):  # the latest stands last
            if stream.touched < since:
                break
            count += 1
        return count

    def account_of(self, stream_id: str) -> str | None:
        """Whose a stream is, if this edge knows it."""
        stream = self._streams.get(stream_id)
        return None if stream is None else stream.account

    def admit(self, stream_id: str, grants: Iterable[Grant]) -> Stream:
        """Find a stream, or begin it with its first grants.

        Raises:
            GrantUnknown: nobody knows this stream and no grant comes with it.
            GrantOtherStream: a grant is for another stream or account.
        """
        grants = list(grants)
        if any(grant.stream != stream_id for grant in grants):
            raise GrantOtherStream("A grant names another stream. Use each stream with its own grants.")
        stream = self._streams.pop(stream_id, None)
        if stream is None:
            if not grants:
                raise GrantUnknown("This edge does not know the stream. Send the grants' tokens again.")
            stream = Stream(stream_id, grants[0].account, grants[0].network)
        self._streams[stream_id] = stream
        if any(grant.account != stream.account for grant in grants):
            raise GrantOtherStream("A grant is of another account than the stream.")
        now = self._clock.monotonic()
        stream.touched = now
        for grant in grants:
            stream.hold(grant, now + grant.remaining_seconds(self._clock))
        self._shrink()
        return stream

    def restore(self, remembered: Iterable[Remembered]) -> None:
        """Put back what the key log tells: sequences go on where they were, grants must be sent again."""
        now = self._clock.monotonic()
        for old in remembered:
            self._streams[old.id] = Stream(
                old.id, old.account, old.network, sequence=old.sequence, logged=set(old.logged), touched=now
            )
        self._shrink()

    def expire(self) -> None:
        """Forget streams that have been idle for too long."""
        oldest = self._clock.monotonic() - self._idle_seconds
        while self._streams:
            first = next(iter(self._streams.values()))
            if first.touched > oldest:
                return
            del self._streams[first.id]

    def _shrink(self) -> None:
        while len(self._streams) > self._most:
            del self._streams[next(iter(self._streams))]


def after(run: Run | None, *, piece: tuple[str, tuple[int, int]], segment: int, first: int) -> Run | None:
    """The run that a segment continues: the next one of the same piece, or a piece's first after another's last.

    Returns:
        The run, or None when the segment is a jump.
    """
    if run is None:
        return None
    if run.piece == piece and run.next_segment == segment and not run.ended:
        return run
    return replace(run, piece=piece) if run.ended and segment == first else None
