"""A listener presses play: decide, keep the queue, grant, and fetch the first batch on the way."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import sync_to_async
from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.listening import devices, edges, grant, queries, session
from alpheus.listening.edges import Json
from alpheus.listening.errors import NothingToPlay, NotReady
from alpheus.listening.grant import Minted, Stream
from alpheus.listening.models import Device, Listener
from alpheus.listening.session import Place
from alpheus.listening.terms import Terms
from alpheus.packaging.layout import aac

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


@dataclass(frozen=True)
class Played:
    """What a player needs to begin."""

    stream: Stream
    device: Device
    grants: tuple[Minted, ...]
    batch: Json | None


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
    begun = await sync_to_async(begin)(
        caller=caller, web_session=web_session, place=place, terms=terms, now=now
    )
    request = first_request(begun.grants, position_ms=place.position_ms, rendition=rendition)
    stream = begun.stream
    batch = await edges.first_batch(stream.edge, stream=stream.id.hex, request=request, terms=terms)
    return Played(stream, begun.device, begun.grants, batch)


@transaction.atomic
def begin(
    *,
    caller: Caller,
    web_session: MutableMapping[str, Any] | None,
    place: Place,
    terms: Terms,
    now: datetime,
) -> Played:
    """The part of `play` that the database keeps: queue, device and grants; no batch yet."""
    wanted = _wanted(place)
    device = devices.present(
        listener=caller.listener,
        gid=caller.device,
        user_agent=caller.user_agent,
        session=web_session,
        now=now,
    )
    kept = session.put(listener=caller.listener, place=place, device=device, now=now)
    stream = grant.open_stream(
        stream=uuid4(),
        listener=caller.listener,
        device=device,
        territory=kept.territory,
        network=caller.network,
        terms=terms,
    )
    minted = grant.mint(stream=stream, recordings=wanted, terms=terms, now=now)
    if not minted or minted[0].grant.recording_id != wanted[0].pk:
        raise NotReady("This recording is still being prepared. It can be played in a moment.")
    return Played(stream, device, tuple(minted), None)


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
