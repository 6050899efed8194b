"""Which edge a listener's new stream goes to, and what that takes from the edge before.

An account has one gate, so it is served by one edge at a time. It stays where it listens while that edge serves; else it
goes to the edge that wins it. When it moves, what it was granted elsewhere is void, and the new gate begins with no more
than has flowed in since: whoever moves, however often, gets not a second more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.listening import duty, edges
from alpheus.listening.models import Grant, Listener
from alpheus.listening.terms import Edge, Terms


@dataclass(frozen=True)
class Candidates:
    """What is known of the edges when a stream is opened, by their ids."""

    reached: frozenset[str] | None = None
    """Those that the page may connect to, as its policy was when it was loaded; None when any."""
    absent: frozenset[str] = frozenset()
    """Those that were just found not to answer."""


@dataclass(frozen=True)
class Assigned:
    """The edge of a new stream."""

    edge: Edge
    moved_at: datetime | None
    """Until when another edge may have released music to the account; None when its gate is full again since."""
    left: Mapping[Edge, Sequence[str]]
    """Edges that are to be told that the account is gone, and which of its grants there are void."""


@transaction.atomic(savepoint=False)
def assign(
    *, listener: Listener, network: str, candidates: Candidates, terms: Terms, now: datetime
) -> Assigned:
    """Give a listener an edge for a new stream, and end what other edges may release to them.

    Args:
        listener: whose stream.
        network: a guest's, whose guests share a gate and so an edge; empty for accounts.
        candidates: which edges can be reached.
        terms: the installation's.
        now: the time.
    """
    # Two presses at once would each find no other edge.
    Listener.objects.select_for_update().get(pk=listener.pk)
    recent = _recent(gate=listener.gid, terms=terms, now=now)
    live = [grant for grant in recent if grant.cancelled_at is None and grant.expires_at > now]
    held = max(live, key=lambda grant: (grant.issued_at, grant.pk)).edge if live else None
    edge = choose(network or listener.gid.hex, held=held, candidates=candidates, terms=terms)
    void = [grant for grant in live if grant.edge != edge.id]
    if void:
        Grant.objects.filter(pk__in=[grant.pk for grant in void]).update(cancelled_at=now)
    left = {
        other: [grant.gid.hex for grant in void if grant.edge == other.id]
        for other in terms.edges
        if any(grant.edge == other.id for grant in void)
    }
    return Assigned(edge, now if void else _until(recent, edge, terms=terms, now=now), left)


def elsewhere_until(*, gate: UUID, edge: Edge, terms: Terms, now: datetime) -> datetime | None:
    """Until when edges other than this one may have released music through a gate; None when long enough ago."""
    return _until(_recent(gate=gate, terms=terms, now=now), edge, terms=terms, now=now)


def _recent(*, gate: UUID, terms: Terms, now: datetime) -> list[Grant]:
    """An account's grants under which music may have left since its gate was last full for certain."""
    rows = Grant.objects.filter(gate=gate, expires_at__gt=now - terms.gate_refill)
    return list(rows.only("gid", "edge", "issued_at", "expires_at", "cancelled_at"))


def _until(recent: Sequence[Grant], edge: Edge, *, terms: Terms, now: datetime) -> datetime | None:
    ends = [
        min(grant.expires_at, grant.cancelled_at or grant.expires_at, now)
        for grant in recent
        if grant.edge != edge.id
    ]
    last = max(ends, default=None)
    return last if last is not None and last > now - terms.gate_refill else None


def choose(key: str, *, held: str | None, candidates: Candidates, terms: Terms) -> Edge:
    """The best edge there is: one that serves, answers and can be reached; the one that is held before others."""
    for group in _groups(terms.edges, duty.serving(terms), candidates):
        stays = next((edge for edge in group if edge.id == held), None)
        if group:
            return stays or edges.edge_of(key, group)
    raise ValueError("an installation has an edge")


def _groups(
    all_edges: Sequence[Edge], serving: frozenset[str], candidates: Candidates
) -> Iterator[list[Edge]]:
    """Edges by preference, the best first."""
    reached = [edge for edge in all_edges if candidates.reached is None or edge.id in candidates.reached]
    present = [edge for edge in reached if edge.id not in candidates.absent]
    yield [edge for edge in present if edge.id in serving]
    yield present  # a page that knows only edges which are drained
    yield [edge for edge in reached if edge.id in serving]  # silent now, and perhaps back in a moment
    yield [edge for edge in all_edges if edge.id in serving]
    yield list(all_edges)
