"""A listener's playback session: the queue and the position, kept in the cloud."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from alpheus.listening.models import Device, Listener, PlaybackSession

QUEUE_MAX = 5_000
"""Recordings in a queue: a long artist's whole work; more would be a library, not a queue."""

Repeat = Literal["off", "all", "one"]


@dataclass(frozen=True)
class Place:
    """A queue and where in it the listener is."""

    queue: Sequence[UUID]
    index: int
    position_ms: int


def get(listener: Listener) -> PlaybackSession:
    """The listener's playback session; an unsaved empty one where there is none yet."""
    return PlaybackSession.objects.filter(listener=listener).first() or PlaybackSession(listener=listener)


def put(
    *,
    listener: Listener,
    place: Place,
    now: datetime,
    device: Device | None = None,
    shuffle: bool | None = None,
    repeat: Repeat | None = None,
    territory: str | None = None,
) -> PlaybackSession:
    """Keep where the listener is. What is None stays as it is."""
    queue = [str(gid) for gid in place.queue]
    changed: dict[str, object] = {
        "queue": queue,
        "index": min(place.index, max(len(queue) - 1, 0)),
        "position_ms": place.position_ms,
        "updated_at": now,
    }
    given = {"device": device, "shuffle": shuffle, "repeat": repeat, "territory": territory}
    changed |= {name: value for name, value in given.items() if value is not None}
    return PlaybackSession.objects.update_or_create(listener=listener, defaults=changed)[0]
