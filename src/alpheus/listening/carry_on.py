"""A stream goes on at an edge, perhaps another one than before: the same stream, so that what it plays counts once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alpheus.listening.grant import IDLE_MAX
from alpheus.listening.models import Grant, Listener, StreamMove
from alpheus.listening.terms import Edge


@dataclass(frozen=True)
class Left:
    """A stream as its player left it."""

    stream: UUID
    sequence: int
    """The last that the edge answered with a batch; -1 before the first."""


def carry_on(*, left: Left | None, listener: Listener, edge: Edge, now: datetime) -> UUID | None:
    """Let a stream go on; its player begins with new grants, so those it had are void.

    Returns:
        The stream, or None when it was not this listener's or is long over: then a new one begins.
    """
    if left is None:
        return None
    own = Grant.objects.filter(stream=left.stream, listener=listener, gate=listener.gid)
    last = own.order_by("-expires_at", "-pk").first()
    if last is None or last.expires_at < now - IDLE_MAX:
        return None
    own.filter(cancelled_at=None, expires_at__gt=now).update(cancelled_at=now)
    if last.edge != edge.id and left.sequence >= 0:
        StreamMove.objects.get_or_create(
            stream=left.stream, sequence=left.sequence, defaults={"moved_at": now}
        )
    return left.stream
