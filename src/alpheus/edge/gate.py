"""The gate: how much music an account is given keys for, over all its streams, by a clock that cannot jump.

Two buckets in seconds of music. The *lead* holds at most L and refills in real time; the *seek budget* holds at
most S and refills at a tenth of it. Every released second is taken from one of the two, so whatever is asked, in
whatever order, over however many streams, in T seconds at most L + S + 1.1 T leave:

    T >= (D - L - S) / 1.1   for music of length D.

The seek budget is there for jumps alone: the first `RUN_SECONDS` of a run that begins by a jump may be taken from it
as far as the lead does not suffice; what follows waits for the lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SEEK_REFILL = 0.1
RUN_SECONDS = 8.1
"""Two segments of at most 4.011 s: enough to play on while the lead refills."""
_DUST = 1e-9
"""Rounding of sums of thousands of segments; a nanosecond of music is no music."""


@dataclass(slots=True)
class Bucket:
    """Seconds of music that may leave, refilling at `rate` up to `capacity`."""

    capacity: float
    rate: float
    level: float
    at: float
    """When `level` was true, on the monotonic clock."""

    def settle(self, now: float) -> None:
        """Refill for the time since; a clock that goes back refills nothing."""
        if now > self.at:
            self.level = min(self.capacity, self.level + (now - self.at) * self.rate)
            self.at = now


@dataclass(frozen=True, slots=True)
class Debit:
    """What one release took, so that it can be given back when it does not happen."""

    lead: float
    seek: float


@dataclass(frozen=True, slots=True)
class GateState:
    """What is left in a gate, for the key log."""

    lead: float
    seek: float


class Gate:
    """One account's gate, or with `flows` > 1 the gate of a network of guests."""

    __slots__ = ("_lead", "_seek")

    def __init__(
        self,
        *,
        lead_seconds: float,
        seek_seconds: float,
        now: float,
        flows: int = 1,
        left: GateState | None = None,
    ) -> None:
        """Open a gate.

        Args:
            lead_seconds: L.
            seek_seconds: S.
            now: monotonic clock.
            flows: how many accounts' worth may flow through it.
            left: what a gate rebuilt from the key log has left; full otherwise.
        """
        lead, seek = lead_seconds * flows, seek_seconds * flows
        left = left or GateState(lead, seek)
        self._lead = Bucket(lead, 1.0 * flows, min(lead, left.lead), now)
        self._seek = Bucket(seek, SEEK_REFILL * flows, min(seek, left.seek), now)

    def take(self, seconds: float, *, now: float, allowance: float) -> Debit | None:
        """Take a segment's music time, whole or not at all.

        Args:
            seconds: the segment's music time.
            now: monotonic clock.
            allowance: how much of it may come from the seek budget: what is left of a run begun by a jump.
        """
        self._settle(now)
        lead = min(seconds, max(0.0, self._lead.level))
        seek = seconds - lead
        if seek > _DUST and seek > min(allowance, self._seek.level):
            return None
        self._lead.level -= lead
        self._seek.level -= seek
        return Debit(lead, seek)

    def begin_anew(self, seconds: float, *, now: float) -> None:
        """Hold no more than has flowed in for so long: until then another edge released for this gate.

        Said again later it changes nothing: what is in it by then has flowed in since.
        """
        self._settle(now)
        for bucket in (self._lead, self._seek):
            bucket.level = min(bucket.level, max(0.0, seconds) * bucket.rate)

    def give_back(self, debit: Debit) -> None:
        """Undo a debit whose keys never left."""
        self._lead.level = min(self._lead.capacity, self._lead.level + debit.lead)
        self._seek.level = min(self._seek.capacity, self._seek.level + debit.seek)

    def wait_seconds(self, seconds: float, *, now: float, allowance: float) -> float:
        """How long until `take` of so much surely succeeds, if nobody else takes; 0 when it would now."""
        self._settle(now)
        spare = max(0.0, self._lead.level) + max(0.0, min(allowance, self._seek.level))
        return max(0.0, (seconds - spare) / self._lead.rate)

    def ahead_seconds(self, *, now: float) -> float:
        """How far releases are ahead of real time: what is missing from the lead."""
        self._settle(now)
        return self._lead.capacity - self._lead.level

    def state(self, *, now: float) -> GateState:
        """What is left now."""
        self._settle(now)
        return GateState(self._lead.level, self._seek.level)

    def is_full(self, *, now: float) -> bool:
        """Whether forgetting this gate would change nothing."""
        self._settle(now)
        return self._lead.level >= self._lead.capacity and self._seek.level >= self._seek.capacity

    def _settle(self, now: float) -> None:
        self._lead.settle(now)
        self._seek.settle(now)


def refilled(state: GateState, elapsed: float, *, flows: int = 1) -> GateState:
    """What a logged state has become after so many seconds; `Gate` caps it. Negative elapsed refills nothing."""
    elapsed = max(0.0, elapsed) * flows
    return GateState(state.lead + elapsed, state.seek + elapsed * SEEK_REFILL)


class Gates:
    """The gates of all accounts, and of networks of guests."""

    def __init__(self, *, lead_seconds: float, seek_seconds: float, guests_per_network: int) -> None:
        self._lead_seconds = lead_seconds
        self._seek_seconds = seek_seconds
        self._flows = guests_per_network
        self._accounts: dict[str, Gate] = {}
        self._networks: dict[str, Gate] = {}

    @property
    def lead_seconds(self) -> float:
        """L: no answer can release more at once, jumps aside."""
        return self._lead_seconds

    def __len__(self) -> int:
        return len(self._accounts)

    def restore(
        self, accounts: Mapping[str, GateState], networks: Mapping[str, GateState], *, now: float
    ) -> None:
        """Put back gates rebuilt from the key log."""
        for account, left in accounts.items():
            self._accounts[account] = self._gate(now, left=left)
        for network, left in networks.items():
            self._networks[network] = self._gate(now, flows=self._flows, left=left)

    def of(self, account: str, network: str, *, now: float) -> "Passage":
        """The gates that releases for this account pass: its own and, for guests, their network's."""
        gate = self._accounts.get(account)
        if gate is None:
            gate = self._accounts[account] = self._gate(now)
        return Passage(gate, self._network(network, now) if network else None)

    def prune(self, *, now: float) -> None:
        """Forget full gates: a new one would be full as well."""
        for gates in (self._accounts, self._networks):
            for name in [name for name, gate in gates.items() if gate.is_full(now=now)]:
                del gates[name]

    def _network(self, network: str, now: float) -> Gate:
        gate = self._networks.get(network)
        if gate is None:
            gate = self._networks[network] = self._gate(now, flows=self._flows)
        return gate

    def _gate(self, now: float, *, flows: int = 1, left: GateState | None = None) -> Gate:
        return Gate(
            lead_seconds=self._lead_seconds,
            seek_seconds=self._seek_seconds,
            now=now,
            flows=flows,
            left=left,
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """What a release passes: the account's gate, and a guest's network's."""

    account: Gate
    network: Gate | None

    def take(self, seconds: float, *, now: float, allowance: float) -> tuple[Debit, Debit | None] | None:
        """Take from both or from none."""
        own = self.account.take(seconds, now=now, allowance=allowance)
        if own is None or self.network is None:
            return None if own is None else (own, None)
        shared = self.network.take(seconds, now=now, allowance=allowance)
        if shared is None:
            self.account.give_back(own)
            return None
        return own, shared

    def give_back(self, debits: tuple[Debit, Debit | None]) -> None:
        """Undo what `take` took."""
        own, shared = debits
        self.account.give_back(own)
        if self.network is not None and shared is not None:
            self.network.give_back(shared)

    def begin_anew(self, seconds: float, *, now: float) -> None:
        """See `Gate.begin_anew`; the network came along with the account."""
        self.account.begin_anew(seconds, now=now)
        if self.network is not None:
            self.network.begin_anew(seconds, now=now)

    def wait_seconds(self, seconds: float, *, now: float, allowance: float) -> float:
        """How long until both let so much through."""
        gates = [gate for gate in (self.account, self.network) if gate is not None]
        return max(gate.wait_seconds(seconds, now=now, allowance=allowance) for gate in gates)
