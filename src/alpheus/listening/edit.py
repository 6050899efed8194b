"""A device asks something of the playback session: edits of the queue, reports, words to the device that plays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import singledispatch
from uuid import UUID

from django.db import transaction

from alpheus.listening import devices, queue, session
from alpheus.listening.errors import DeviceAway
from alpheus.listening.models import Listener, PlaybackSession, QueueEntry
from alpheus.listening.operations import (
    Clear,
    Insert,
    Jump,
    Move,
    Operation,
    Remove,
    Report,
    Seek,
    SetRepeat,
    SetShuffle,
    SetStop,
    Tell,
    Transfer,
)
from alpheus.listening.places import RESTART_MS


@transaction.atomic
def edit(*, listener: Listener, operations: Sequence[Operation], now: datetime) -> PlaybackSession:
    """Do what is asked, one after the other, all or none; then tell all devices.

    Operations of several devices happen in the order in which they arrive. What names an entry that is gone is passed
    over, except that nothing which adds is lost (docs/session.md).

    Raises:
        QueueFull: the queue would grow too long.
        DeviceAway: what plays, or is to play, does not hear.
        DeviceUnknown: the device is not this listener's.
    """
    kept = session.lock(listener)
    before = kept.version
    for operation in operations:
        _do(operation, kept, now)
    if kept.version != before:
        session.keep(kept, now=now)
    return kept


@singledispatch
def _do(operation: Operation, kept: PlaybackSession, now: datetime) -> None:  # noqa: ARG001 - its kinds need them
    raise TypeError(f"{operation} is no operation")


@_do.register
def _insert(operation: Insert, kept: PlaybackSession, now: datetime) -> None:  # noqa: ARG001 - all take the clock
    queue.insert(kept, recordings=operation.recordings, seed=operation.seed, anchor=operation.anchor)
    if kept.entry is None:
        head = queue.first(kept)
        kept.entry = head.gid if head else None
    session.queue_changed(kept)


@_do.register
def _remove(operation: Remove, kept: PlaybackSession, now: datetime) -> None:
    follower = _survivor(kept, set(operation.entries)) if kept.entry in operation.entries else None
    takes_over = kept.entry in operation.entries
    if not queue.remove(kept, operation.entries):
        return
    session.queue_changed(kept)
    if takes_over:
        _direct(kept, now, entry=follower)


@_do.register
def _move(operation: Move, kept: PlaybackSession, now: datetime) -> None:  # noqa: ARG001 - as above
    if queue.move(kept, entry=operation.entry, anchor=operation.anchor):
        session.queue_changed(kept)


@_do.register
def _clear(operation: Clear, kept: PlaybackSession, now: datetime) -> None:  # noqa: ARG001 - as above
    if queue.clear(kept):
        session.queue_changed(kept)


@_do.register
def _set_shuffle(operation: SetShuffle, kept: PlaybackSession, now: datetime) -> None:  # noqa: ARG001 - as above
    if operation.on == kept.shuffle:
        return
    kept.shuffle = operation.on
    if operation.on:
        queue.shuffle(kept, queue.find(kept, kept.entry))
    else:
        queue.unshuffle(kept)
    session.queue_changed(kept)


@_do.register
def _set_repeat(operation: SetRepeat, kept: PlaybackSession, now: datetime) -> None:  # noqa: ARG001 - as above
    kept.repeat = operation.repeat
    session.changed(kept)


@_do.register
def _set_stop(operation: SetStop, kept: PlaybackSession, now: datetime) -> None:
    kept.stops_at = None if operation.after_ms is None else now + timedelta(milliseconds=operation.after_ms)
    kept.stops_after = operation.entry
    session.changed(kept)


@_do.register
def _report(operation: Report, kept: PlaybackSession, now: datetime) -> None:
    if operation.stream != kept.stream or operation.heard < kept.directed:
        return
    if queue.find(kept, operation.entry) is None:
        return
    kept.entry, kept.position_ms, kept.playing = operation.entry, operation.position_ms, operation.playing
    kept.positioned_at = now
    session.changed(kept)


@_do.register
def _tell(operation: Tell, kept: PlaybackSession, now: datetime) -> None:
    if operation.what == "pause":
        return _stand(kept, now, playing=False)
    if operation.what == "play":
        if kept.device is None or not devices.hears(kept.device, now=now):
            raise DeviceAway("That device does not hear. Play here instead.")
        return _stand(kept, now, playing=True)
    here = queue.find(kept, kept.entry)
    if here is None:
        return None
    target = _next(kept, here) if operation.what == "next" else _previous(kept, here, now)
    return _direct(kept, now, entry=target.gid) if target else None


@_do.register
def _seek(operation: Seek, kept: PlaybackSession, now: datetime) -> None:
    if kept.entry is not None:
        _direct(kept, now, entry=kept.entry, position_ms=operation.position_ms)


@_do.register
def _jump(operation: Jump, kept: PlaybackSession, now: datetime) -> None:
    if queue.find(kept, operation.entry) is not None:
        _direct(kept, now, entry=operation.entry)


@_do.register
def _transfer(operation: Transfer, kept: PlaybackSession, now: datetime) -> None:
    device = devices.find(listener=kept.listener, gid=operation.device)
    if not devices.hears(device, now=now):
        raise DeviceAway("That device does not hear. Open the page there, or play here.")
    if device == kept.device or kept.entry is None:
        return
    _stand(kept, now, playing=True)
    kept.device, kept.stream = device, None


def _stand(kept: PlaybackSession, now: datetime, *, playing: bool) -> None:
    """Keep the place, and say whether it plays."""
    at = session.position_ms(kept, now=now)
    _direct(kept, now, entry=kept.entry, position_ms=at)
    kept.playing = playing


def _direct(kept: PlaybackSession, now: datetime, *, entry: UUID | None, position_ms: int = 0) -> None:
    """Have the device that plays go elsewhere: it obeys as soon as it sees a `directed` that it does not know."""
    kept.entry, kept.position_ms, kept.positioned_at = entry, position_ms, now
    kept.playing = kept.playing and entry is not None
    session.changed(kept)
    kept.directed = kept.version


def _next(kept: PlaybackSession, here: QueueEntry) -> QueueEntry | None:
    follows = queue.following(here, 1)
    if follows:
        return follows[0]
    return None if kept.repeat == "off" else queue.first(kept)


def _previous(kept: PlaybackSession, here: QueueEntry, now: datetime) -> QueueEntry | None:
    if session.position_ms(kept, now=now) > RESTART_MS:
        return here
    return queue.preceding(here) or (here if kept.repeat == "off" else queue.last(kept))


def _survivor(kept: PlaybackSession, gone: set[UUID]) -> UUID | None:
    """What plays when what played is taken out: the first after it that stays, else the last before it."""
    here = queue.find(kept, kept.entry)
    if here is None:
        return None
    left = queue.ordered(kept).exclude(gid__in=gone)
    follower = queue.later(here).exclude(gid__in=gone).order_by("rank", "id").first()
    found = follower or left.last()
    return found.gid if found else None
