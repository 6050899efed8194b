"""Play, grants, and what was played."""

import asyncio
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from alpheus.api import represent
from alpheus.api.callers import Admitted, Caller, caller_of
from alpheus.api.limits import LISTEN
from alpheus.api.problems import Problem
from alpheus.api.session import here, session_out
from alpheus.api.session_shapes import PlayIn, PlayOut, PreviewIn, PreviewOut, SessionOut
from alpheus.api.shapes import (
    CancelIn,
    GrantOut,
    GrantsIn,
    GrantsOut,
    PlayedIn,
    RecordingOut,
    RecordingsOut,
)
from alpheus.api.token import Scope
from alpheus.listening import edges, grant, queries, reach
from alpheus.listening import play as press
from alpheus.listening import preview as previews
from alpheus.listening.carry_on import Left
from alpheus.listening.errors import StreamEnded
from alpheus.listening.grant import Minted, Stream
from alpheus.listening.models import Grant, Listener
from alpheus.listening.play import Begin, Played, Resume, Wish
from alpheus.listening.preview import Passerby, Previewed
from alpheus.listening.terms import Edge
from alpheus.parties.models import Account

router = Router(tags=["listen"])

LISTENS = Admitted(scope=Scope.LISTEN, policy=LISTEN)


@router.post("/play", response=PlayOut, auth=LISTENS, operation_id="play")
async def play(request: HttpRequest, given: PlayIn) -> PlayOut:
    """Begin to play: a grant for the recording, and the edge's first batch. Other devices end."""
    # Who comes from an edge that is gone is not sent there again; nobody else waits for this question.
    absent = await edges.absent(settings.LISTENING) if given.continues else frozenset[str]()
    begun = await sync_to_async(_begin)(request, given, absent)
    # What the recordings are, and the session, is read while the edge thinks about the first batch.
    batch, shown = await asyncio.gather(
        press.first_batch(begun, rendition=given.rendition, terms=settings.LISTENING, absent=absent),
        sync_to_async(_shown)(request, begun),
    )
    recordings, seen = shown
    return PlayOut(
        stream=begun.stream.id.hex,
        device=begun.device.gid,
        edge=edge_address(begun.stream.edge, request),
        grants=[_grant(begun.minted)],
        batch=batch,
        recordings=recordings,
        session=seen,
    )


@router.post("/recordings/{gid:recording}/preview", response=PreviewOut, auth=LISTENS, operation_id="preview")
async def preview(request: HttpRequest, recording: UUID, given: PreviewIn) -> PreviewOut:
    """Hear a recording's preview as nobody: whoever is signed in, nothing is remembered and nothing else ends."""
    begun = await sync_to_async(_preview)(request, recording, given)
    batch = await previews.first_batch(begun, rendition=given.rendition, terms=settings.LISTENING)
    return PreviewOut(
        stream=begun.stream.id.hex,
        edge=edge_address(begun.stream.edge, request),
        grant=_grant(begun.minted),
        batch=batch,
    )


@router.post("/streams/{gid:stream}/grants", response=GrantsOut, auth=LISTENS, operation_id="add_grants")
def add_grants(request: HttpRequest, stream: UUID, given: GrantsIn) -> GrantsOut:
    """Grant a stream more recordings, and let grants that it has hold for longer."""
    now, terms = timezone.now(), settings.LISTENING
    found = _stream(request, stream)
    wanted = queries.with_audio(given.recordings, account=found.listener.account, early_at=now)
    recordings = [wanted[gid] for gid in dict.fromkeys(given.recordings) if gid in wanted]
    # First what may be refused: then nothing was renewed either.
    minted = grant.mint_more(stream=found, recordings=recordings, terms=terms, now=now)
    renewed = grant.renew(stream=found, grants=given.renew, terms=terms, now=now)
    return GrantsOut(
        grants=[_grant(item) for item in [*renewed, *minted]],
        recordings=_by_gid([item.grant.recording.gid for item in minted], found.listener.account),
    )


@router.post("/streams/{gid:stream}/cancel", response={204: None}, auth=LISTENS, operation_id="cancel_grants")
async def cancel_grants(request: HttpRequest, stream: UUID, given: CancelIn) -> Status[None]:
    """Make grants void that will not be heard after all, as when the queue is edited."""
    void = await sync_to_async(_void)(request, stream, given.grants)
    await grant.tell_edges(grants=void, terms=settings.LISTENING)
    return Status(204, None)


@router.get("/played", response=RecordingsOut, auth=LISTENS, operation_id="list_played")
def list_played(request: HttpRequest, given: Query[PlayedIn]) -> RecordingsOut:
    """What the listener heard last, each recording once, the latest first."""
    listener = caller_of(request).known_listener()
    rows = queries.recently_played(listener, limit=given.limit) if listener else []
    return RecordingsOut(items=represent.recordings([row.gid for row in rows], caller_of(request).account))


def edge_address(edge: Edge, request: HttpRequest) -> str:
    """Where this caller reaches an edge: as set, or the host that they called, at the edge's port."""
    if edge.public_url:
        return edge.public_url
    scheme = "https" if request.is_secure() else "http"
    host = request.get_host()
    bare = host if host.endswith("]") else host.rpartition(":")[0] or host
    return f"{scheme}://{bare}:{edge.public_port}"


def _begin(request: HttpRequest, given: PlayIn, absent: frozenset[str]) -> Played:
    caller = caller_of(request)
    return press.begin(
        caller=press.Caller(
            listener=caller.listener(),
            device=given.device,
            user_agent=request.headers.get("User-Agent", ""),
            network=_network(caller),
            territory=here(request),
            reached=reach.opened(given.reach) if given.reach else None,
            left=Left(given.continues.stream, given.continues.sequence) if given.continues else None,
        ),
        web_session=caller.session,
        wish=_wish(given),
        replaces=given.replaces,
        absent=absent,
        terms=settings.LISTENING,
        now=timezone.now(),
    )


def _preview(request: HttpRequest, recording: UUID, given: PreviewIn) -> Previewed:
    return previews.preview(
        recording=recording,
        passerby=Passerby(
            network=caller_of(request).network,
            territory=here(request),
            reached=reach.opened(given.reach) if given.reach else None,
        ),
        terms=settings.LISTENING,
        now=timezone.now(),
    )


def _wish(given: PlayIn) -> Wish:
    if given.queue is None:
        return Resume(given.entry, given.position_ms)
    return Begin(given.queue, given.index, given.position_ms or 0, given.seed, given.shuffle)


def _shown(request: HttpRequest, begun: Played) -> tuple[dict[str, RecordingOut], SessionOut]:
    """What plays and what follows: how loud it is to be depends on both."""
    seen = session_out(begun.session, begun.device)
    at = seen.index - seen.offset
    near = [entry.recording for entry in (seen.entries or [])[at : at + 2]]
    return _by_gid(near, caller_of(request).account), seen


def _network(caller: Caller) -> str:
    """Guests are capped per network at the edge; members by their own gate alone."""
    return "" if caller.account else caller.network


def _known(request: HttpRequest, code: str) -> Listener:
    listener = caller_of(request).known_listener()
    if listener is None:
        raise Problem(code)
    return listener


def _stream(request: HttpRequest, stream: UUID) -> Stream:
    caller = caller_of(request)
    return grant.find_stream(
        stream=stream,
        listener=_known(request, StreamEnded.code),
        network=caller.network,
        now=timezone.now(),
        terms=settings.LISTENING,
    )


def _void(request: HttpRequest, stream: UUID, grants: list[UUID]) -> list[Grant]:
    found = _stream(request, stream)
    return grant.cancel(stream=found.id, listener=found.listener, grants=grants, now=timezone.now())


def _grant(minted: Minted) -> GrantOut:
    return GrantOut(
        id=minted.grant.gid.hex,
        token=minted.token,
        recording=minted.grant.recording.gid,
        preview=minted.grant.preview,
        window_ms=minted.window_ms,
        expires_at=minted.grant.expires_at,
    )


def _by_gid(gids: list[UUID], account: Account | None) -> dict[str, RecordingOut]:
    return {str(shape.gid): shape for shape in represent.recordings(gids, account)}
