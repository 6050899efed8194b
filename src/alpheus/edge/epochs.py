"""Epochs: a random secret and name key for a time, then another, and the old ones are gone.

Every rendition turns at its own moment within the epoch (a fixed phase drawn from its name), so that a cache never
goes cold at once. Epochs are numbered on the steady clock. Secrets are random, never derived, never written down;
when the last rendition's grace is over they are dropped, and with them the last way to open what was recorded.
"""

import hashlib
import secrets
from dataclasses import dataclass, field

from alpheus.edge.clock import Clock
from alpheus.packaging.segments import NAME_KEY_BYTES, SegmentName, open_name, seal_name, segment_key

SECRET_BYTES = 32
_NAMED_MAX = 20_000
"""About 10 MB."""
_TURN = 2
"""At any moment two numbers are current, for renditions that turned already and those to come. A turn by command
jumps past both, so that nothing made after it was made under a secret from before."""


@dataclass(frozen=True, slots=True)
class Named:
    """A segment as one epoch delivers it: what it is, its name, its key and initialisation vector."""

    says: SegmentName
    name: str
    key: bytes = field(repr=False)
    iv: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch's number, secrets and strategy, and the names it gave, which die with it."""

    number: int
    strategy: str
    secret: bytes = field(repr=False)
    name_key: bytes = field(repr=False)
    _named: dict[tuple[str, str, int, int], Named] = field(default_factory=dict, repr=False)
    _said: dict[str, SegmentName] = field(default_factory=dict, repr=False)

    def named(self, asset: str, rendition: str, segment: int, blend: int) -> Named:
        """Name a blended segment and derive its key; once, for everybody who hears it."""
        what = (asset, rendition, segment, blend)
        named = self._named.get(what)
        if named is None:
            says = SegmentName(self.number, asset, rendition, segment, blend)
            name = seal_name(
                self.name_key,
                epoch=self.number,
                asset=asset,
                rendition=rendition,
                segment=segment,
                blend=blend,
            )
            key, iv = segment_key(self.secret, asset=asset, rendition=rendition, segment=segment, blend=blend)
            named = Named(says, name, key, iv)
            if len(self._named) >= _NAMED_MAX:
                self._named.clear()
                self._said.clear()
            self._named[what] = named
            self._said[name] = says
        return named

    def opened(self, name: str) -> SegmentName:
        """Read a name of this epoch; one that it gave lately costs no decryption.

        Raises:
            NameForged: it gave no such name.
        """
        return self._said.get(name) or open_name(self.name_key, name)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn by command: when, and what it added to every epoch's number from then on."""

    at: float
    shift: int


class Epochs:
    """The epochs that are honoured now."""

    def __init__(
        self, clock: Clock, *, seconds: float, grace_seconds: float, strategies: tuple[str, ...]
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._grace_seconds = grace_seconds
        self._strategies = strategies
        self._turns: list[_Turn] = [_Turn(float("-inf"), 0)]
        self._live: dict[int, Epoch] = {}
        self._forced: str | None = None
        self._passed_over: set[int] = set()
        """Epochs that renditions had begun when a command turned past them; they never shaped an answer."""
        self._phases: dict[tuple[str, str], float] = {}

    def current(self) -> Epoch:
        """The edge's own epoch, whose strategy shapes answers."""
        return self._epoch(self._number(self._clock.steady(), 0.0))

    def of(self, asset: str, rendition: str) -> Epoch:
        """The epoch in which a rendition is now."""
        return self._epoch(self._number(self._clock.steady(), self._phase(asset, rendition)))

    def live(self) -> list[Epoch]:
        """Epochs whose names may still be honoured, the latest first."""
        return sorted(self._live.values(), key=lambda epoch: epoch.number, reverse=True)

    def find(self, number: int) -> Epoch | None:
        """An epoch by its number, unless it was destroyed."""
        return self._live.get(number)

    def honoured_seconds(self, number: int, asset: str, rendition: str) -> float:
        """How much longer names of this rendition in this epoch are honoured; 0 or less when they are not."""
        now = self._clock.steady()
        return self._end(number, self._phase(asset, rendition)) + self._grace_seconds - now

    def choose(self, strategies: tuple[str, ...], forced: str | None = None) -> None:
        """Say what epochs use that begin from now on: one strategy, or whichever is drawn."""
        self._strategies, self._forced = strategies, forced

    def uses(self, strategy: str) -> bool:
        """Whether the epoch that is now, or one that renditions are in already, has this strategy."""
        now = self.current().number
        return any(epoch.number >= now and epoch.strategy == strategy for epoch in self._live.values())

    def turn(self) -> Epoch:
        """End every rendition's epoch now; the ones before have their grace."""
        was = self.current().number
        self._passed_over.update(range(was + 1, was + _TURN))
        self._turns.append(_Turn(self._clock.steady(), self._turns[-1].shift + _TURN))
        return self.current()

    def destroy_old(self) -> None:
        """Drop secrets of epochs that no rendition may use any more."""
        now = self._clock.steady()
        for number in list(self._live):
            if self._end(number, 0.0, earliest=self._seconds) + self._grace_seconds <= now:
                del self._live[number]
        self._passed_over.intersection_update(self._live)
        oldest = now - self._seconds - self._grace_seconds
        while len(self._turns) > 1 and self._turns[1].at < oldest:
            del self._turns[0]
        if len(self._phases) > 100_000:
            self._phases.clear()

    def _epoch(self, number: int) -> Epoch:
        epoch = self._live.get(number)
        if epoch is None:
            strategy = self._forced or self._draw(number)
            epoch = Epoch(
                number, strategy, secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(NAME_KEY_BYTES)
            )
            self._live[number] = epoch
        return epoch

    def _draw(self, number: int) -> str:
        """Any strategy but the one of the epochs before and after, as far as there are so many.

        Drawing it again would leave a tool that was written for it another epoch.
        """
        shaping = self._live.keys() - self._passed_over
        before = max((one for one in shaping if one < number), default=None)
        after = min((one for one in shaping if one > number), default=None)
        drawn = list(self._strategies)
        for neighbour in (before, after):
            strategy = None if neighbour is None else self._live[neighbour].strategy
            if strategy in drawn and len(drawn) > 1:
                drawn.remove(strategy)
        return secrets.choice(drawn)

    def _phase(self, asset: str, rendition: str) -> float:
        """When in the epoch a rendition turns, in seconds; fixed, evenly spread."""
        key = (asset, rendition)
        phase = self._phases.get(key)
        if phase is None:
            digest = hashlib.sha256(f"{asset}/{rendition}".encode()).digest()
            phase = int.from_bytes(digest[:8]) / 2**64 * self._seconds
            self._phases[key] = phase
        return phase

    def _number(self, at: float, phase: float) -> int:
        return int((at + phase) // self._seconds) + self._shift(at)

    def _shift(self, at: float) -> int:
        if self._turns[-1].at <= at:
            return self._turns[-1].shift
        return next(turn.shift for turn in reversed(self._turns) if turn.at <= at)

    def _end(self, number: int, phase: float, *, earliest: float | None = None) -> float:
        """When an epoch ends: by the clock, or by the command that came first; -inf when it never was.

        Args:
            number: the epoch.
            phase: whose end; phase 0 ends last.
            earliest: phase whose begin counts, `phase` itself by default; the whole period begins first.
        """
        for turn, after in zip(self._turns, [*self._turns[1:], None], strict=True):
            end = (number - turn.shift + 1) * self._seconds - phase
            begin = (number - turn.shift) * self._seconds - (phase if earliest is None else earliest)
            end = end if after is None else min(end, after.at)
            if end > turn.at and begin < end:
                return end
        return float("-inf")
