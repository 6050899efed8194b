"""A listener presses play: decide, keep the queue, grant, and fetch the first batch on the way."""

import asyncio
import logging
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.listening import devices, edges, grant, queries, session
from alpheus.listening.assign import Assigned, Candidates, assign
from alpheus.listening.carry_on import Left, carry_on
from alpheus.listening.edges import Json
from alpheus.listening.errors import EdgeUnavailable, NothingToPlay, NotReady
from alpheus.listening.grant import Minted, Stream
from alpheus.listening.models import Device, Listener
from alpheus.listening.session import Place
from alpheus.listening.terms import Edge, Terms
from alpheus.packaging.layout import aac

log = logging.getLogger("alpheus.listening")

GRANTS_AHEAD = 3
"""Recordings of the queue that are granted beyond the one that plays: joins need no further question."""
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
    reached: frozenset[str] | None = None
    """Ids of the edges that their page may connect to; None when any."""
    left: Left | None = None
    """The stream that is to go on, when its edge is gone."""


@dataclass(frozen=True)
class Played:
    """What a player needs to begin."""

    stream: Stream
    device: Device
    grants: tuple[Minted, ...]
    batch: Json | None
    assigned: Assigned
    continues: bool = False
    """Whether it is a stream that went on: its player knows best what it wants next."""


async def play(
    *,
    caller: Caller,
    web_session: MutableMapping[str, Any] | None,
    place: Place,
    rendition: str,
    terms: Terms,
    now: datetime,
) -> Played:
    """Begin to play a queue at a place.

    Args:
        caller: who, on what, from where.
        web_session: remembers the device; None for who came with a token.
        place: the queue, and where in it to begin.
        rendition: the encoding that the player wants; another plays while it is not ready.
        terms: the installation's.
        now: the time.

    Raises:
        NothingToPlay: the queue is empty, or the recording is not there.
        NotReady: the recording has no audio yet.
        DeviceUnknown: the device is not this listener's.
    """
    # Who comes from an edge that is gone is not sent there again; nobody else waits for this question.
    absent = await edges.absent(terms) if caller.left else frozenset[str]()
    begun = await sync_to_async(begin)(
        caller=caller, web_session=web_session, place=place, terms=terms, now=now, absent=absent
    )
    stream = begun.stream
    gone = asyncio.gather(*(_leave(edge, stream, terms) for edge in begun.assigned.left))
    if begun.continues:
        await gone
        return begun
    request = first_request(begun.grants, position_ms=place.position_ms, rendition=rendition)
    batch, _ = await asyncio.gather(
        edges.first_batch(stream.edge, stream=stream.id.hex, request=request, terms=terms), gone
    )
    return replace(begun, batch=batch)


async def _leave(edge: Edge, stream: Stream, terms: Terms) -> None:
    """Tell the edge before; one that is gone releases nothing anyway."""
    try:
        await edges.leave(edge, gate=stream.gate.hex, terms=terms)
    except EdgeUnavailable:
        log.warning("edge_not_told", extra={"edge": edge.id})


@transaction.atomic
def begin(
    *,
    caller: Caller,
    web_session: MutableMapping[str, Any] | None,
    place: Place,
    terms: Terms,
    now: datetime,
    absent: frozenset[str] = frozenset(),
) -> Played:
    """The part of `play` that the database keeps: queue, device, edge and grants; no batch yet."""
    wanted = _wanted(place)
    device = devices.present(
        listener=caller.listener,
        gid=caller.device,
        user_agent=caller.user_agent,
        session=web_session,
        now=now,
    )
    kept = session.put(listener=caller.listener, place=place, device=device, now=now)
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
        territory=kept.territory,
        network=caller.network,
        moved_at=assigned.moved_at,
    )
    minted = grant.mint(stream=stream, recordings=wanted, terms=terms, now=now)
    if not minted or minted[0].grant.recording_id != wanted[0].pk:
        raise NotReady("This recording is still being prepared. It can be played in a moment.")
    return Played(stream, device, tuple(minted), None, assigned, continues=same is not None)


def _wanted(place: Place) -> list[Recording]:
    """The recording to play and those that follow it; what follows and is not there is passed over."""
    if not 0 <= place.index < len(place.queue):
        raise NothingToPlay("There is nothing in the queue at this place.")
    gids = upcoming(place)
    found = queries.with_audio(gids)
    if gids[0] not in found:
        raise NothingToPlay("This recording is not here. It may have been removed.")
    return [found[gid] for gid in gids if gid in found]


def upcoming(place: Place) -> list[UUID]:
    """What plays at a place and those that follow it closely, each once."""
    return list(dict.fromkeys(place.queue[place.index : place.index + 1 + GRANTS_AHEAD]))


def first_request(grants: Sequence[Minted], *, position_ms: int, rendition: str) -> Json:
    """The POST that asks an edge for a stream's first batch (docs/protocol.md)."""
    first = grants[0]
    sample = _sample_at(first, position_ms)
    starts = [sample, *(minted.grant.window_start for minted in grants[1:])]
    return {
        "sequence": FIRST_SEQUENCE,
        "grants": [minted.token for minted in grants],
        "at": {"grant": first.grant.gid.hex, "sample": sample},
        "want": [
            {
                "grant": minted.grant.gid.hex,
                "rendition": best_rendition(minted.renditions, rendition),
                "segment": start // aac(minted.rate_hz).segment_samples,
            }
            for minted, start in zip(grants, starts, strict=True)
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
