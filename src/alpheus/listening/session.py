"""A listener's playback session: which entry of the queue plays, where in it, on which device."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alpheus.listening import places, queue
from alpheus.listening.models import Listener, PlaybackSession, QueueEntry
from alpheus.listening.queue import Window
from alpheus.live.publish import publish

BEFORE, AFTER = 20, 60
"""Entries around the one that plays which every device knows: what a page shows, and more than is granted ahead."""
WHOLE_MAX = 100
"""A queue of so many entries is known whole."""


@dataclass(frozen=True)
class Snapshot:
    """The session as all devices see it at one moment."""

    session: PlaybackSession
    playing: bool
    position_ms: int
    """At this moment: whoever shows it counts on by a clock of their own."""
    current: QueueEntry | None
    index: int
    window: Window
    first: QueueEntry | None
    last: QueueEntry | None


def topic(listener: Listener) -> str:
    """What devices wait for to hear that a listener's session changed."""
    return f"listener/{listener.pk}"


def get(listener: Listener) -> PlaybackSession:
    """The listener's playback session; an unsaved empty one where there is none yet."""
    found = PlaybackSession.objects.filter(listener=listener).select_related("device").first()
    return found or PlaybackSession(listener=listener)


def lock(listener: Listener) -> PlaybackSession:
    """The listener's playback session, made when it is new; others wait until the transaction ends."""
    rows = PlaybackSession.objects.select_for_update(of=("self",)).select_related("device", "listener")
    found = rows.filter(listener=listener).first()
    if found is None:
        PlaybackSession.objects.get_or_create(listener=listener)
        found = rows.get(listener=listener)
    return found


def changed(kept: PlaybackSession) -> None:
    """Count a change."""
    kept.version += 1


def queue_changed(kept: PlaybackSession) -> None:
    """Count a change of the queue."""
    changed(kept)
    kept.queue_version = kept.version


def keep(kept: PlaybackSession, *, now: datetime) -> None:
    """Write what was changed under `lock`, and tell all devices."""
    kept.updated_at = now
    kept.save()
    publish(topic(kept.listener))


def position_ms(kept: PlaybackSession, *, now: datetime) -> int:
    """Where the music is now."""
    return places.position_now_ms(
        position_ms=kept.position_ms, positioned_at=kept.positioned_at, playing=kept.playing, now=now
    )


def is_playing(kept: PlaybackSession, *, now: datetime) -> bool:
    """Whether it plays, as far as can be known."""
    return places.is_playing(playing=kept.playing, positioned_at=kept.positioned_at, now=now)


def stops_in_ms(kept: PlaybackSession, *, now: datetime) -> int | None:
    """After how long the music stops by itself; None where no such moment lies ahead."""
    if kept.stops_at is None or kept.stops_at <= now:
        return None
    return round((kept.stops_at - now).total_seconds() * 1000)


def current(kept: PlaybackSession) -> UUID | None:
    """The gid of the recording that plays or would, or None where nothing was chosen."""
    found = queue.find(kept, kept.entry) if kept.pk else None
    return found.recording if found else None


def snapshot(kept: PlaybackSession, *, now: datetime) -> Snapshot:
    """The session as it is now, with the part of the queue around what plays."""
    if kept.pk is None:
        return Snapshot(
            kept,
            playing=False,
            position_ms=0,
            current=None,
            index=0,
            window=Window([], 0, 0),
            first=None,
            last=None,
        )
    whole = queue.part(kept, offset=0, limit=WHOLE_MAX)
    is_long = whole.length > WHOLE_MAX
    shown = queue.window(kept, kept.entry, before=BEFORE, after=AFTER) if is_long else whole
    at = next((place for place, entry in enumerate(shown.entries) if entry.gid == kept.entry), None)
    ends_here = shown.offset + len(shown.entries) == shown.length
    return Snapshot(
        session=kept,
        playing=is_playing(kept, now=now),
        position_ms=position_ms(kept, now=now),
        current=shown.entries[at] if at is not None else None,
        index=shown.offset + at if at is not None else 0,
        window=shown,
        first=shown.entries[0] if shown.offset == 0 and shown.entries else queue.first(kept),
        last=shown.entries[-1] if ends_here and shown.entries else queue.last(kept),
    )
