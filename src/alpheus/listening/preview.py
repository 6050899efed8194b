"""Hear a preview as nobody: on other people's sites, where no cookie travels and nothing is remembered.

Each press of play is a listener of its own, without a device, a queue or a name; guests of one network share a gate, as
everywhere. What is heard is the preview, whoever may hear more at home.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from alpheus.listening import edges, grant, queries
from alpheus.listening.assign import Candidates, assign
from alpheus.listening.edges import Json
from alpheus.listening.errors import NothingToPlay, NotReady
from alpheus.listening.grant import Minted, Stream
from alpheus.listening.models import Listener
from alpheus.listening.play import first_request
from alpheus.listening.terms import Terms
from alpheus.rights.rules import Access


@dataclass(frozen=True)
class Passerby:
    """Who pressed play, as far as it matters."""

    network: str
    """An opaque name of where they come from."""
    territory: str = ""
    """ISO 3166-1 alpha-2, as far as it is known."""
    reached: frozenset[str] | None = None
    """Ids of the edges that their page may connect to; None when any."""


@dataclass(frozen=True)
class Previewed:
    """A stream that may hear one preview."""

    stream: Stream
    minted: Minted


@transaction.atomic
def preview(*, recording: UUID, passerby: Passerby, terms: Terms, now: datetime) -> Previewed:
    """Let somebody hear a recording's preview. Its first batch is `first_batch`.

    Raises:
        NothingToPlay: it is not there, or not offered.
        NotReady: it has no audio yet.
    """
    found = queries.with_audio([recording]).get(recording)
    if found is None:
        raise NothingToPlay("This recording is not here. It may have been removed.")
    listener = Listener.objects.create(created_at=now)
    assigned = assign(
        listener=listener,
        network=passerby.network,
        candidates=Candidates(passerby.reached),
        terms=terms,
        now=now,
    )
    stream = Stream(
        id=uuid4(),
        listener=listener,
        gate=listener.gid,
        edge=assigned.edge,
        device=None,
        territory=passerby.territory,
        network=passerby.network,
    )
    previews = replace(terms, access=Access.BY_RIGHT)
    minted = grant.mint(stream=stream, recordings=[found], terms=previews, now=now)
    if not minted:
        raise NotReady("This recording is still being prepared. It can be played in a moment.")
    return Previewed(stream, minted[0])


async def first_batch(begun: Previewed, *, rendition: str, terms: Terms) -> Json | None:
    """The edge's first batch for a preview; None when it does not answer in time: the player then asks it itself."""
    request = first_request(begun.minted, position_ms=0, rendition=rendition)
    return await edges.first_batch(
        begun.stream.edge, stream=begun.stream.id.hex, request=request, terms=terms
    )
