"""A listener presses play: decide, keep the queue, grant, and fetch the first batch on the way."""

import asyncio
import logging
import secrets
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef

from alpheus.catalogue.models import Recording
from alpheus.listening import devices, edges, grant, queries, queue, session
from alpheus.listening.assign import Assigned, Candidates, assign
from alpheus.listening.carry_on import Left, carry_on
from alpheus.listening.edges import Json
from alpheus.listening.errors import EdgeUnavailable, ExplicitHidden, NothingToPlay, NotReady, PlaysElsewhere
from alpheus.listening.grant import Minted, Stream
from alpheus.listening.listeners import hides_explicit
from alpheus.listening.models import Device, Grant, Listener, PlaybackSession, QueueEntry
from alpheus.listening.terms import Edge, Terms
from alpheus.packaging.layout import aac
from alpheus.parties.models import Account
from alpheus.submissions.hearing.note import note_pressed

log = logging.getLogger("alpheus.listening")

_told_in_vain: set[asyncio.Task[None]] = set()  # the event loop itself keeps no task from being collected

FIRST_SEQUENCE = 0
"""web asks for it on the player's behalf; a player without an answer asks with the same one."""
FIRST_AHEAD_SECONDS = 7
"""Two segments: enough to begin on a slow network, little enough that skipping through a queue stays within the gate."""
RENDITIONS_BY_PREFERENCE = ("aac-128", "aac-64", "aac-256", "flac")
"""What plays while the one asked for is not ready yet."""


@dataclass(frozen=True)
class Caller:
    """Who pressed play, on what, from where."""

    listener: Listener
    device: UUID | None
    user_agent: str
    network: str
    """An opaque name of a guest's network; empty for accounts."""
    territory: str = ""
    """ISO 3166-1 alpha-2, as far as it is known."""
    reached: frozenset[str] | None = None
    """Ids of the edges that their page may connect to; None when any."""
    left: Left | None = None
    """The stream that is to go on, when it broke or its edge is gone: if another device took over meanwhile, it is not
    taken back."""


@dataclass(frozen=True)
class Begin:
    """Play another queue, from a place of it."""

    queue: Sequence[UUID]
    index: int = 0
    position_ms: int = 0
    seed: str = ""
    """Names the queue's entries (`places.entry_gids`); drawn here when empty."""
    shuffle: bool | None = None
    """None leaves it as it is."""


@dataclass(frozen=True)
class Resume:
    """Play the queue that is there: on from where it is, whatever device played it, or from an entry and a position."""

    entry: UUID | None = None
    position_ms: int | None = None


Wish = Begin | Resume


@dataclass(frozen=True)
class Played:
    """What a player needs to begin."""

    stream: Stream
    device: Device
    minted: Minted
    session: PlaybackSession
    position_ms: int
    void: tuple[Grant, ...]
    """What other devices may not hear any more; their edges are to be told."""
    assigned: Assigned
    continues: bool = False
    """Whether it is a stream that went on: its player knows best what it wants next."""


async def first_batch(
    begun: Played, *, rendition: str, terms: Terms, absent: frozenset[str] = frozenset()
) -> Json | None:
    """The edge's first batch for what was begun, while other devices' edges are told that theirs is over.

    Args:
        begun: by `begin`.
        rendition: the encoding that the player wants; another plays while it is not ready.
        terms: the installation's.
        absent: ids of edges that were just found not to answer: nobody waits until they do not confirm either.
    """
    stream = begun.stream
    left = begun.assigned.left
    for edge in left:
        if edge.id in absent:
            _told_in_vain.add(telling := asyncio.create_task(_leave(edge, left[edge], terms)))
            telling.add_done_callback(_told_in_vain.discard)
    present = [edge for edge in left if edge.id not in absent]
    gone = asyncio.gather(_silence(begun.void, terms), *(_leave(edge, left[edge], terms) for edge in present))
    if begun.continues:
        await gone
        return None
    request = first_request(begun.minted, position_ms=begun.position_ms, rendition=rendition)
    batch, _ = await asyncio.gather(
        edges.first_batch(stream.edge, stream=stream.id.hex, request=request, terms=terms), gone
    )
    return batch


async def _leave(edge: Edge, grants: Sequence[str], terms: Terms) -> None:
    """Tell the edge before; one that is gone releases nothing anyway."""
    try:
        for first in range(0, len(grants), grant.TOLD_MAX):
            await edges.leave(edge, grants=grants[first : first + grant.TOLD_MAX], terms=terms)
    except EdgeUnavailable:
        log.warning("edge_not_told", extra={"edge": edge.id})


async def _silence(void: Sequence[Grant], terms: Terms) -> None:
    """Tell edges what other devices may not hear any more; one that does not answer holds nobody up here."""
    try:
        await grant.tell_edges(grants=void, terms=terms)
    except EdgeUnavailable:
        log.warning("edge_not_told", extra={"grants": len(void)})


@transaction.atomic
def begin(
    *,
    caller: Caller,
    web_session: MutableMapping[str, Any] | None,
    wish: Wish,
    replaces: UUID | None,
    terms: Terms,
    now: datetime,
    absent: frozenset[str] = frozenset(),
) -> Played:
    """Begin to play. What other devices of the listener's play ends. Its first batch is `first_batch`.

    Args:
        caller: who, on what, from where.
        web_session: remembers the device; None for who came with a token.
        wish: what, and where in it to begin.
        replaces: the player's stream so far, which it ends itself with a last word about what was heard.
        terms: the installation's.
        now: the time.
        absent: ids of edges that do not answer.

    Raises:
        NothingToPlay: the queue is empty, or the recording is not there.
        NotReady: the recording has no audio yet.
        ExplicitHidden: the listener hides what is left of the queue.
        DeviceUnknown: the device is not this listener's.
        PlaysElsewhere: another device took over from the stream that is to be continued.
    """
    device = devices.present(
        listener=caller.listener,
        gid=caller.device,
        user_agent=caller.user_agent,
        territory=caller.territory,
        session=web_session,
        now=now,
    )
    kept = session.lock(caller.listener)
    kept.territory = caller.territory or kept.territory
    if caller.left and _is_elsewhere(kept, caller.left, device):
        raise PlaysElsewhere("Another device plays now. Play here to take over.")
    entry, at_ms = _begun(kept, wish) if isinstance(wish, Begin) else _resumed(kept, wish, now)
    if hides_explicit(caller.listener) and (passed := _past_explicit(entry)) != entry:
        entry, at_ms = passed, 0
    wanted = _wanted(entry, caller.listener.account, now)
    stream, assigned, continues = _opened(
        caller=caller, device=device, territory=kept.territory, absent=absent, terms=terms, now=now
    )
    minted = grant.mint(stream=stream, recordings=[wanted], terms=terms, now=now)
    if not minted:
        raise NotReady("This recording is still being prepared. It can be played in a moment.")
    note_pressed(account=caller.listener.account, recording=wanted, grant=minted[0].grant.gid, now=now)
    kept.device, kept.stream, kept.entry = device, stream.id, entry.gid
    kept.playing, kept.position_ms, kept.positioned_at = True, at_ms, now
    session.changed(kept)
    session.keep(kept, now=now)
    keep = {stream.id, *([replaces] if replaces else [])}
    void = grant.cancel_others(listener=caller.listener, keep=keep, at_once=terms.streams_at_once, now=now)
    return Played(stream, device, minted[0], kept, at_ms, tuple(void), assigned, continues=continues)


def _opened(
    *, caller: Caller, device: Device, territory: str, absent: frozenset[str], terms: Terms, now: datetime
) -> tuple[Stream, Assigned, bool]:
    """A stream on the listener's edge; whether it is the one that broke elsewhere and goes on there."""
    listener = caller.listener
    assigned = assign(
        listener=listener,
        network=caller.network,
        candidates=Candidates(caller.reached, absent),
        terms=terms,
        now=now,
    )
    same = carry_on(left=caller.left, listener=listener, edge=assigned.edge, now=now)
    stream = Stream(
        id=same or uuid4(),
        listener=listener,
        gate=listener.gid,
        edge=assigned.edge,
        device=device,
        territory=territory,
        network=caller.network,
        moved_at=assigned.moved_at,
    )
    return stream, assigned, same is not None


def _is_elsewhere(kept: PlaybackSession, left: Left, device: Device) -> bool:
    """Whether another stream, or a device that is to begin one, took over from a stream that broke."""
    if kept.stream:
        return kept.stream != left.stream
    return kept.device_id is not None and kept.device_id != device.pk


def _begun(kept: PlaybackSession, wish: Begin) -> tuple[QueueEntry, int]:
    if not 0 <= wish.index < len(wish.queue):
        raise NothingToPlay("There is nothing in the queue at this place.")
    kept.shuffle = kept.shuffle if wish.shuffle is None else wish.shuffle
    seed = wish.seed or secrets.token_hex(12)
    chosen = queue.replace(kept, recordings=wish.queue, index=wish.index, seed=seed)
    session.queue_changed(kept)
    return chosen, wish.position_ms


def _resumed(kept: PlaybackSession, wish: Resume, now: datetime) -> tuple[QueueEntry, int]:
    chosen = queue.find(kept, wish.entry or kept.entry) or queue.find(kept, kept.entry) or queue.first(kept)
    if chosen is None:
        raise NothingToPlay("There is nothing in the queue.")
    if wish.position_ms is not None and wish.entry in {None, chosen.gid}:
        return chosen, wish.position_ms
    return chosen, session.position_ms(kept, now=now) if chosen.gid == kept.entry else 0


def _past_explicit(entry: QueueEntry) -> QueueEntry:
    """The entry, or the next that is not explicit: those stay in the queue, and are passed over.

    Raises:
        ExplicitHidden: all that is left is explicit.
    """
    explicit = Exists(Recording.objects.filter(gid=OuterRef("recording"), explicit=True))
    queued = QueueEntry.objects.filter(pk=entry.pk).exclude(explicit).first()
    found = queued or queue.later(entry).exclude(explicit).order_by("rank", "id").first()
    if found is None:
        raise ExplicitHidden(
            "This is explicit, and your account hides explicit music. You can show it in your account."
        )
    return found


def _wanted(entry: QueueEntry, account: Account | None, now: datetime) -> Recording:
    """The recording to play. What follows is granted when this one sounds: nobody waits for that."""
    found = queries.with_audio([entry.recording], account=account, early_at=now).get(entry.recording)
    if found is None:
        raise NothingToPlay("This recording is not here. It may have been removed.")
    return found


def first_request(minted: Minted, *, position_ms: int, rendition: str) -> Json:
    """The POST that asks an edge for a stream's first batch (docs/protocol.md)."""
    sample = _sample_at(minted, position_ms)
    return {
        "sequence": FIRST_SEQUENCE,
        "grants": [minted.token],
        "at": {"grant": minted.grant.gid.hex, "sample": sample},
        "want": [
            {
                "grant": minted.grant.gid.hex,
                "rendition": best_rendition(minted.renditions, rendition),
                "segment": sample // aac(minted.rate_hz).segment_samples,
            }
        ],
        "ahead_seconds": FIRST_AHEAD_SECONDS,
        "closing": False,
    }


def best_rendition(ready: Sequence[str], wanted: str) -> str:
    """The rendition asked for where it is ready, else the one that most listeners would miss least."""
    return next(name for name in (wanted, *RENDITIONS_BY_PREFERENCE, *ready) if name in ready)


def _sample_at(minted: Minted, position_ms: int) -> int:
    """A position in the recording, moved into what may be heard."""
    sample = position_ms * minted.rate_hz // 1000
    return min(max(sample, minted.grant.window_start), minted.grant.window_end - 1)
