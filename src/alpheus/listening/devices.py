"""A listener's devices: one browser or app installation each."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alpheus.listening.errors import DeviceUnknown
from alpheus.listening.models import Device, Listener
from alpheus.listening.session import topic
from alpheus.live.publish import publish

SESSION_KEY = "device"
"""Where a web session keeps the gid of the device that it lives on."""
DEVICES_MAX = 50
"""A listener's devices beyond these are forgotten, those first that were longest silent."""
HEARS = timedelta(seconds=75)
"""A device with a live connection says so every half minute; one that missed two does not hear any more."""


def present(
    *,
    listener: Listener,
    gid: UUID | None,
    user_agent: str,
    session: MutableMapping[str, Any] | None,
    now: datetime,
    territory: str = "",
) -> Device:
    """The device that is speaking: as named, else the web session's, else the program's that holds a token.

    Args:
        listener: whose device it is.
        gid: the device as the player names it, if it does.
        user_agent: as the program names itself.
        session: the web session, or None for a program that came with a token.
        now: the time.
        territory: where it is, as far as that is known.

    Raises:
        DeviceUnknown: it was named and is not this listener's.
    """
    device = find(listener=listener, gid=gid) if gid else remembered(listener, session, user_agent)
    if device is None:
        device = Device(listener=listener)
    known = device.pk is not None
    device.seen_at, device.user_agent = now, user_agent[:500]
    device.territory = territory or device.territory
    device.web_session = getattr(session, "session_key", None) or device.web_session
    device.save(update_fields=["seen_at", "user_agent", "territory", "web_session"] if known else None)
    if not known:
        _forget_silent(listener)
    if session is not None and session.get(SESSION_KEY) != device.gid.hex:
        session[SESSION_KEY] = device.gid.hex  # only when it changes: a session that is set is written again
    return device


def find(*, listener: Listener, gid: UUID) -> Device:
    """A listener's device.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    device = Device.objects.filter(listener=listener, gid=gid, signed_out_at=None).first()
    if device is None:
        raise DeviceUnknown("This device is not one of yours. Leave it out to have it recognised.")
    return device


def remembered(
    listener: Listener, session: MutableMapping[str, Any] | None, user_agent: str
) -> Device | None:
    """The device that a web session lives on, or a program by its name, if it was here before."""
    mine = Device.objects.filter(listener=listener, signed_out_at=None)
    if session is None:
        return mine.filter(user_agent=user_agent[:500]).order_by("-seen_at").first()
    known = session.get(SESSION_KEY)
    return mine.filter(gid=UUID(known)).first() if isinstance(known, str) else None


def change(*, listener: Listener, gid: UUID, **changes: str | int | bool) -> Device:
    """Name a device, or set how it plays: its volume, quality and loudness.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    device = find(listener=listener, gid=gid)
    for name, value in changes.items():
        setattr(device, name, value)
    device.save(update_fields=list(changes))
    publish(topic(listener))
    return device


def ask_to_clean(*, listener: Listener, gid: UUID, now: datetime) -> Device:
    """Have a device empty all its stores of this site when it next comes; at once where it hears.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    device = find(listener=listener, gid=gid)
    device.clean_asked_at = now
    device.save(update_fields=["clean_asked_at"])
    publish(topic(listener))
    return device


def report(*, device: Device, stored_bytes: int, memory_ms: int, cleaned: bool, now: datetime) -> None:
    """Keep what a device measured that it holds, and that it has emptied itself."""
    device.stored_bytes, device.memory_ms, device.held_at = stored_bytes, memory_ms, now
    if cleaned:
        device.clean_asked_at = None
    device.save(update_fields=["stored_bytes", "memory_ms", "held_at", "clean_asked_at"])
    publish(topic(device.listener))


def hears(device: Device, *, now: datetime) -> bool:
    """Whether a device hears live events, so that it can be told what to do."""
    return device.live_at is not None and now - device.live_at < HEARS


def heard(*, device: Device, now: datetime | None) -> None:
    """Keep that a device hears, or with None that it does not any more; others are told when that is new."""
    before = Device.objects.filter(pk=device.pk).values_list("live_at", flat=True).first()
    Device.objects.filter(pk=device.pk).update(live_at=now)
    if (before is None) != (now is None) or (before and now and now - before >= HEARS):
        publish(topic(device.listener))


def _forget_silent(listener: Listener) -> None:
    silent = Device.objects.filter(listener=listener).order_by("-seen_at").values("pk")[DEVICES_MAX:]
    Device.objects.filter(pk__in=[row["pk"] for row in silent]).delete()
