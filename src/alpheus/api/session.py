"""The playback session: what plays and where, edits of the queue, live events, devices."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial, singledispatch
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Query, Router, Status
from ninja.decorators import decorate_view

from alpheus.api import session_shapes as shapes
from alpheus.api.callers import Admitted, Caller, caller_of
from alpheus.api.fresh import revalidated
from alpheus.api.limits import LISTEN
from alpheus.api.once import once
from alpheus.api.problems import Problem, TooMany
from alpheus.api.represent import device as device_out
from alpheus.api.session_shapes import (
    DeviceIn,
    DeviceOut,
    DevicesOut,
    EntriesIn,
    EntriesOut,
    EntryOut,
    HeldIn,
    OperationsIn,
    SessionOut,
)
from alpheus.api.token import Scope
from alpheus.listening import devices, grant, operations, queries, queue, session, sign_out
from alpheus.listening.edit import edit
from alpheus.listening.models import Device, Grant, Listener, PlaybackSession, QueueEntry
from alpheus.listening.operations import Operation
from alpheus.listening.queue import Anchor
from alpheus.listening.territory import territory_here
from alpheus.live import events
from alpheus.live.events import BEAT, BEAT_SECONDS, Event
from alpheus.live.hub import HUB
from alpheus.live.postgresql import Ear

router = Router(tags=["session"])

LISTENS = Admitted(scope=Scope.LISTEN, policy=LISTEN)

CONNECTIONS_MAX = 20
"""Live connections of one listener: one a browser is enough."""
COME_BACK_SECONDS = 30
DEVICES_SHOWN = 10
"""Of the latest, in every snapshot; `GET /devices` lists all."""
BEATS_A_PRESENCE = 2
"""A device is written down as hearing at every second beat: half a minute, and one write a browser."""

EAR = Ear(HUB)

SIGNED_OUT = Event("signed_out", None)
AGAIN = Event("again", None)
"""A guest became an account's listener: the browser comes back by itself, and is then known as that."""


@router.get("/session", response=SessionOut, auth=LISTENS, operation_id="get_session")
@decorate_view(partial(revalidated, moving="position_ms", cache_control="no-store"))
def get_session(request: HttpRequest) -> SessionOut:
    """What plays, where, and the queue around it, as all devices see it."""
    caller = caller_of(request)
    listener = caller.known_listener()
    if listener is None:
        return session_out(PlaybackSession(), None, live=caller.account is not None)
    return session_out(session.get(listener), _known_device(caller, listener, request))


@router.get("/session/entries", response=EntriesOut, auth=LISTENS, operation_id="get_entries")
def get_entries(request: HttpRequest, given: Query[EntriesIn]) -> EntriesOut:
    """A stretch of the queue, in the order of play."""
    listener = caller_of(request).known_listener()
    kept = session.get(listener) if listener else PlaybackSession()
    if kept.pk is None:
        return EntriesOut(entries=[], offset=0, length=0, queue_version=0)
    part = queue.part(kept, offset=given.offset, limit=given.limit)
    return EntriesOut(
        entries=[_entry(row) for row in part.entries],
        offset=part.offset,
        length=part.length,
        queue_version=kept.queue_version,
    )


@router.post("/session/ops", response=SessionOut, auth=LISTENS, operation_id="edit_session")
def edit_session(request: HttpRequest, given: OperationsIn) -> SessionOut:
    """Edit the queue, say where the music is, or tell the device that plays what to do."""
    caller = caller_of(request)
    asked = [_asked(op) for op in given.ops]
    if all(isinstance(it, operations.Report) for it in asked) and caller.known_listener() is None:
        # A page's last word, after its cookies went: nobody is made of it. A new guest's cookie might come after the
        # one of an account that signed in meanwhile, and take its place.
        return get_session(request)
    listener = caller.listener()
    kept = edit(listener=listener, operations=asked, now=timezone.now())
    return session_out(kept, _known_device(caller, listener, request))


@router.get("/session/events", response={200: None, 204: None}, auth=LISTENS, operation_id="hear_session")
async def hear_session(request: HttpRequest) -> StreamingHttpResponse | Status[None]:
    """Hear of every change as server-sent events, beginning with the session as it is now."""
    hearer = await sync_to_async(_hearer)(request)
    if hearer is None:
        return Status(204, None)  # tells a browser not to come back by itself
    listener, device = hearer
    if HUB.readers(session.topic(listener)) >= CONNECTIONS_MAX:
        raise TooMany(COME_BACK_SECONDS)
    return events.answer(_told(listener, device))


@router.get("/devices", response=DevicesOut, auth=LISTENS, operation_id="list_devices")
def list_devices(request: HttpRequest) -> DevicesOut:
    """The listener's devices, the latest first."""
    listener = caller_of(request).known_listener()
    now = timezone.now()
    rows = queries.devices_of(listener) if listener else []
    return DevicesOut(items=[device_out(row, now=now) for row in rows])


@router.patch("/devices/{gid:device}", response=DeviceOut, auth=LISTENS, operation_id="change_device")
@once
def change_device(request: HttpRequest, device: UUID, given: DeviceIn) -> DeviceOut:
    """Call a device by a name, or set how it plays. Takes an Idempotency-Key."""
    changes = given.model_dump(exclude_none=True)
    row = devices.change(listener=_known(request), gid=device, **changes)
    return device_out(row, now=timezone.now())


@router.post("/devices/{gid:device}/held", response={204: None}, auth=LISTENS, operation_id="report_held")
def report_held(request: HttpRequest, device: UUID, given: HeldIn) -> Status[None]:
    """Keep what a device measured that it holds."""
    row = devices.find(listener=_known(request), gid=device)
    devices.report(device=row, now=timezone.now(), **given.model_dump())
    return Status(204, None)


@router.post("/devices/{gid:device}/clean", response={204: None}, auth=LISTENS, operation_id="clean_device")
def clean_device(request: HttpRequest, device: UUID) -> Status[None]:
    """Have a device empty its stores, at once where it hears, else when it next comes."""
    devices.ask_to_clean(listener=_known(request), gid=device, now=timezone.now())
    return Status(204, None)


@router.post("/devices/sign-out", response={204: None}, auth=LISTENS, operation_id="sign_out_others")
async def sign_out_others(request: HttpRequest) -> Status[None]:
    """Sign out all devices but the one that asks; what they play ends."""
    await _end(await sync_to_async(_sign_out_others)(request))
    return Status(204, None)


@router.delete("/devices/{gid:device}", response={204: None}, auth=LISTENS, operation_id="forget_device")
async def forget_device(request: HttpRequest, device: UUID) -> Status[None]:
    """Sign a device out and forget it; what it plays ends, and it empties itself when it next comes."""
    await _end(await sync_to_async(_sign_out)(request, device))
    return Status(204, None)


def here(request: HttpRequest) -> str:
    """The territory that a request comes from, as far as it is known."""
    return territory_here(request.headers)


def session_out(
    kept: PlaybackSession, device: Device | None, *, live: bool = True, told: tuple[Any, ...] | None = None
) -> SessionOut:
    """A session as it travels; the entries only where they are not what was `told` before."""
    now = timezone.now()
    seen = session.snapshot(kept, now=now)
    rows = queries.devices_of(kept.listener)[:DEVICES_SHOWN] if kept.listener_id else []
    around = (kept.pk, kept.queue_version, kept.entry)
    return SessionOut(
        id=kept.pk,
        version=kept.version,
        queue_version=kept.queue_version,
        directed=kept.directed,
        entry=kept.entry.hex if kept.entry else None,
        recording=seen.current.recording if seen.current else None,
        index=seen.index,
        position_ms=seen.position_ms,
        playing=seen.playing,
        stream=kept.stream.hex if kept.stream else None,
        alone=settings.LISTENING.streams_at_once == 1,
        device=kept.device.gid if kept.device else None,
        you=device.gid if device else None,
        live=live,
        devices=[device_out(row, now=now) for row in rows],
        shuffle=kept.shuffle,
        repeat=kept.repeat,  # type: ignore[arg-type] # a text column that its operation guards
        length=seen.window.length,
        offset=seen.window.offset,
        entries=None if told == around else [_entry(row) for row in seen.window.entries],
        first=_entry(seen.first) if seen.first else None,
        last=_entry(seen.last) if seen.last else None,
        stops_in_ms=session.stops_in_ms(kept, now=now),
        stops_after=kept.stops_after.hex if kept.stops_after and kept.stops_after == kept.entry else None,
        territory=kept.territory,
        updated_at=kept.updated_at,
    )


# Live events


def _hearer(request: HttpRequest) -> tuple[Listener, Device] | None:
    """Who hears, on which device: a guest who never listened has nothing to hear."""
    caller = caller_of(request)
    listener = caller.listener() if caller.account else caller.known_listener()
    if listener is None:
        return None
    device = devices.present(
        listener=listener,
        gid=None,
        user_agent=request.headers.get("User-Agent", ""),
        territory=here(request),
        session=caller.session,
        now=timezone.now(),
    )
    return listener, device


async def _told(listener: Listener, device: Device) -> AsyncIterator[Event]:
    """The session whenever it changed, a beat when it did not, until the device is signed out or web stops."""
    told: SessionOut | None = None
    around: tuple[Any, ...] | None = None
    beats = 0
    with HUB.subscribed(session.topic(listener)) as reader, HUB.subscribed(_presence(device)):
        EAR.open()
        try:
            while not reader.ended:
                state = await sync_to_async(_state)(
                    listener, device, around, hears=beats % BEATS_A_PRESENCE == 0
                )
                if isinstance(state, Event):
                    yield state
                    return
                if told is None or _differ(told, state):
                    told, around = (
                        state,
                        (state.id, state.queue_version, UUID(state.entry) if state.entry else None),
                    )
                    yield Event("session", state.model_dump(mode="json"), id=str(state.version))
                if await reader.wait(seconds=BEAT_SECONDS):
                    continue
                beats += 1
                yield BEAT
        finally:
            if HUB.readers(_presence(device)) == 1:
                # Not awaited: whoever closes this stream may be in no position to wait.
                asyncio.get_running_loop().run_in_executor(None, _gone, device)


def _presence(device: Device) -> str:
    return f"device/{device.pk}"


def _differ(told: SessionOut, state: SessionOut) -> bool:
    """Whether there is something new: where the music is now is known from when it was told."""
    passing = {"position_ms", "stops_in_ms", "entries"}
    return told.model_dump(exclude=passing) != state.model_dump(exclude=passing)


def _state(
    listener: Listener, device: Device, around: tuple[Any, ...] | None, *, hears: bool
) -> SessionOut | Event:
    """The session for a device, or the last event for one that is signed out, or whose guest signed in.

    A connection lives for hours: none to the database does.
    """
    try:
        now = timezone.now()
        if hears:
            devices.heard(device=device, now=now)
        row = Device.objects.filter(pk=device.pk, signed_out_at=None).first()
        if row is None:
            return SIGNED_OUT
        return (
            session_out(session.get(listener), row, told=around) if row.listener_id == listener.pk else AGAIN
        )
    finally:
        close_old_connections()


def _gone(device: Device) -> None:
    try:
        devices.heard(device=device, now=None)
    finally:
        close_old_connections()


# Callers and shapes


def _known_device(caller: Caller, listener: Listener, request: HttpRequest) -> Device | None:
    return devices.remembered(listener, caller.session, request.headers.get("User-Agent", ""))


def _known(request: HttpRequest) -> Listener:
    listener = caller_of(request).known_listener()
    if listener is None:
        raise Problem("device_unknown")
    return listener


def _sign_out(request: HttpRequest, gid: UUID) -> list[Grant]:
    return sign_out.sign_out_device(listener=_known(request), gid=gid, now=timezone.now())


def _sign_out_others(request: HttpRequest) -> list[Grant]:
    listener = _known(request)
    spared = _known_device(caller_of(request), listener, request)
    return sign_out.sign_out_others(listener=listener, spared=spared, now=timezone.now())


async def _end(void: list[Grant]) -> None:
    await grant.tell_edges(grants=void, terms=settings.LISTENING)


def _entry(row: QueueEntry) -> EntryOut:
    return EntryOut(id=row.gid.hex, recording=row.recording)


@singledispatch
def _asked(given: object) -> Operation:
    raise TypeError(f"{given} is no operation")


@_asked.register
def _insert(given: shapes.InsertIn) -> Operation:
    return operations.Insert(given.recordings, given.seed, Anchor(given.after, given.before))


@_asked.register
def _remove(given: shapes.RemoveIn) -> Operation:
    return operations.Remove(given.entries)


@_asked.register
def _move(given: shapes.MoveIn) -> Operation:
    return operations.Move(given.entry, Anchor(given.after, given.before))


@_asked.register
def _clear(_given: shapes.ClearIn) -> Operation:
    return operations.Clear()


@_asked.register
def _shuffle(given: shapes.ShuffleIn) -> Operation:
    return operations.SetShuffle(given.on)


@_asked.register
def _repeat(given: shapes.RepeatIn) -> Operation:
    return operations.SetRepeat(given.repeat)


@_asked.register
def _stop(given: shapes.StopIn) -> Operation:
    return operations.SetStop(given.after_ms, given.entry)


@_asked.register
def _report(given: shapes.ReportIn) -> Operation:
    return operations.Report(given.stream, given.entry, given.position_ms, given.playing, given.heard)


@_asked.register
def _tell(given: shapes.TellIn) -> Operation:
    return operations.Tell(given.op)


@_asked.register
def _seek(given: shapes.SeekIn) -> Operation:
    return operations.Seek(given.position_ms)


@_asked.register
def _jump(given: shapes.JumpIn) -> Operation:
    return operations.Jump(given.entry)


@_asked.register
def _transfer(given: shapes.TransferIn) -> Operation:
    return operations.Transfer(given.device)
