"""Play, grants, playback session, devices, and what was played."""

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
from alpheus.api.shapes import (
    CancelIn,
    DeviceIn,
    DeviceOut,
    DevicesOut,
    GrantOut,
    GrantsIn,
    GrantsOut,
    PlayedIn,
    PlayIn,
    PlayOut,
    RecordingOut,
    RecordingsOut,
    SessionIn,
    SessionOut,
)
from alpheus.api.token import Scope
from alpheus.listening import devices, grant, queries, reach, session
from alpheus.listening import play as press
from alpheus.listening.carry_on import Left
from alpheus.listening.errors import StreamEnded
from alpheus.listening.grant import Minted, Stream
from alpheus.listening.models import Grant, Listener, PlaybackSession
from alpheus.listening.session import Place
from alpheus.listening.terms import Edge

router = Router(tags=["listen"])

LISTENS = Admitted(scope=Scope.LISTEN, policy=LISTEN)


@router.post("/play", response=PlayOut, auth=LISTENS, operation_id="play")
async def play(request: HttpRequest, given: PlayIn) -> PlayOut:
    """Begin to play a queue: grants for its recording and the next, and the edge's first batch."""
    caller = caller_of(request)
    listener = await sync_to_async(caller.listener)()
    place = Place(given.queue, given.index, given.position_ms)
    # What the recordings are is read while the edge thinks about the first batch.
    played, shown = await asyncio.gather(
        press.play(
            caller=press.Caller(
                listener=listener,
                device=given.device,
                user_agent=request.headers.get("User-Agent", ""),
                network=_network(caller),
                reached=reach.opened(given.reach) if given.reach else None,
                left=Left(given.continues.stream, given.continues.sequence) if given.continues else None,
            ),
            web_session=caller.session,
            place=place,
            rendition=given.rendition,
            terms=settings.LISTENING,
            now=timezone.now(),
        ),
        sync_to_async(_by_gid)(press.upcoming(place)),
    )
    granted = {str(minted.grant.recording.gid) for minted in played.grants}
    return PlayOut(
        stream=played.stream.id.hex,
        device=played.device.gid,
        edge=edge_address(played.stream.edge, request),
        grants=[_grant(minted) for minted in played.grants],
        batch=played.batch,
        recordings={gid: shape for gid, shape in shown.items() if gid in granted},
    )


@router.post("/streams/{gid:stream}/grants", response=GrantsOut, auth=LISTENS, operation_id="add_grants")
def add_grants(request: HttpRequest, stream: UUID, given: GrantsIn) -> GrantsOut:
    """Grant a stream more recordings, and let grants that it has hold for longer."""
    now, terms = timezone.now(), settings.LISTENING
    found = _stream(request, stream)
    wanted = queries.with_audio(given.recordings)
    recordings = [wanted[gid] for gid in dict.fromkeys(given.recordings) if gid in wanted]
    # First what may be refused: then nothing was renewed either.
    minted = grant.mint_more(stream=found, recordings=recordings, terms=terms, now=now)
    renewed = grant.renew(stream=found, grants=given.renew, terms=terms, now=now)
    return GrantsOut(grants=[_grant(item) for item in [*renewed, *minted]])


@router.post("/streams/{gid:stream}/cancel", response={204: None}, auth=LISTENS, operation_id="cancel_grants")
async def cancel_grants(request: HttpRequest, stream: UUID, given: CancelIn) -> Status[None]:
    """Make grants void that will not be heard after all, as when the queue is edited."""
    void = await sync_to_async(_void)(request, stream, given.grants)
    await grant.tell_edges(grants=void, terms=settings.LISTENING)
    return Status(204, None)


@router.get("/session", response=SessionOut, auth=LISTENS, operation_id="get_session")
def get_session(request: HttpRequest) -> SessionOut:
    """Queue and position, as the cloud keeps them."""
    listener = caller_of(request).known_listener()
    return _session(session.get(listener) if listener else PlaybackSession())


@router.put("/session", response=SessionOut, auth=LISTENS, operation_id="put_session")
def put_session(request: HttpRequest, given: SessionIn) -> SessionOut:
    """Keep queue and position."""
    kept = session.put(
        listener=caller_of(request).listener(),
        place=Place(given.queue, given.index, given.position_ms),
        shuffle=given.shuffle,
        repeat=given.repeat,
        now=timezone.now(),
    )
    return _session(kept)


@router.get("/devices", response=DevicesOut, auth=LISTENS, operation_id="list_devices")
def list_devices(request: HttpRequest) -> DevicesOut:
    """The listener's devices."""
    listener = caller_of(request).known_listener()
    rows = queries.devices_of(listener) if listener else []
    return DevicesOut(items=[DeviceOut.from_orm(row) for row in rows])


@router.patch("/devices/{gid:device}", response=DeviceOut, auth=LISTENS, operation_id="rename_device")
def rename_device(request: HttpRequest, device: UUID, given: DeviceIn) -> DeviceOut:
    """Call a device by a name."""
    row = devices.rename(listener=_known(request, "device_unknown"), gid=device, name=given.name)
    return DeviceOut.from_orm(row)


@router.delete("/devices/{gid:device}", response={204: None}, auth=LISTENS, operation_id="forget_device")
async def forget_device(request: HttpRequest, device: UUID) -> Status[None]:
    """Forget a device; what it plays ends."""
    void = await sync_to_async(_forget)(request, device)
    await grant.tell_edges(grants=void, terms=settings.LISTENING)
    return Status(204, None)


@router.get("/played", response=RecordingsOut, auth=LISTENS, operation_id="list_played")
def list_played(request: HttpRequest, given: Query[PlayedIn]) -> RecordingsOut:
    """What the listener heard last, each recording once, the latest first."""
    listener = caller_of(request).known_listener()
    rows = queries.recently_played(listener, limit=given.limit) if listener else []
    return RecordingsOut(items=represent.recordings([row.gid for row in rows]))


def edge_address(edge: Edge, request: HttpRequest) -> str:
    """Where this caller reaches an edge: as set, or the host that they called, at the edge's port."""
    if edge.public_url:
        return edge.public_url
    scheme = "https" if request.is_secure() else "http"
    host = request.get_host()
    bare = host if host.endswith("]") else host.rpartition(":")[0] or host
    return f"{scheme}://{bare}:{edge.public_port}"


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


def _forget(request: HttpRequest, gid: UUID) -> list[Grant]:
    listener = _known(request, "device_unknown")
    device = devices.find(listener=listener, gid=gid)
    void = grant.cancel_device(device=device, now=timezone.now())
    devices.forget(listener=listener, gid=gid)
    return void


def _grant(minted: Minted) -> GrantOut:
    return GrantOut(
        id=minted.grant.gid.hex,
        token=minted.token,
        recording=minted.grant.recording.gid,
        preview=minted.grant.preview,
        window_ms=minted.window_ms,
        expires_at=minted.grant.expires_at,
    )


def _by_gid(gids: list[UUID]) -> dict[str, RecordingOut]:
    return {str(shape.gid): shape for shape in represent.recordings(gids)}


def _session(kept: PlaybackSession) -> SessionOut:
    return SessionOut(
        queue=kept.queue,
        index=kept.index,
        position_ms=kept.position_ms,
        shuffle=kept.shuffle,
        repeat=kept.repeat,  # type: ignore[arg-type] # a text column that session.put guards
        device=kept.device.gid if kept.device else None,
        updated_at=kept.updated_at,
    )
