"""A listener's devices: one browser or app installation each."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any
from uuid import UUID

from alpheus.listening.errors import DeviceUnknown
from alpheus.listening.models import Device, Listener

SESSION_KEY = "device"
"""Where a web session keeps the gid of the device that it lives on."""
DEVICES_MAX = 50
"""A listener's devices beyond these are forgotten, those first that were longest silent."""


def present(
    *,
    listener: Listener,
    gid: UUID | None,
    user_agent: str,
    session: MutableMapping[str, Any] | None,
    now: datetime,
) -> Device:
    """The device that is speaking: as named, else the web session's, else the program's that holds a token.

    Args:
        listener: whose device it is.
        gid: the device as the player names it, if it does.
        user_agent: as the program names itself.
        session: the web session, or None for a program that came with a token.
        now: the time.

    Raises:
        DeviceUnknown: it was named and is not this listener's.
    """
    device = find(listener=listener, gid=gid) if gid else _remembered(listener, session, user_agent)
    if device is None:
        device = Device.objects.create(listener=listener, user_agent=user_agent[:500], seen_at=now)
        _forget_silent(listener)
    else:
        device.seen_at, device.user_agent = now, user_agent[:500]
        device.save(update_fields=["seen_at", "user_agent"])
    if session is not None and session.get(SESSION_KEY) != device.gid.hex:
        session[SESSION_KEY] = device.gid.hex  # only when it changes: a session that is set is written again
    return device


def find(*, listener: Listener, gid: UUID) -> Device:
    """A listener's device.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    device = Device.objects.filter(listener=listener, gid=gid).first()
    if device is None:
        raise DeviceUnknown("This device is not one of yours. Leave it out to have it recognised.")
    return device


def rename(*, listener: Listener, gid: UUID, name: str) -> Device:
    """Call a device by a name.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    device = find(listener=listener, gid=gid)
    device.name = name
    device.save(update_fields=["name"])
    return device


def forget(*, listener: Listener, gid: UUID) -> None:
    """Forget a device; its grants are for the caller to cancel first.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    find(listener=listener, gid=gid).delete()


def _remembered(
    listener: Listener, session: MutableMapping[str, Any] | None, user_agent: str
) -> Device | None:
    mine = Device.objects.filter(listener=listener)
    if session is None:
        return mine.filter(user_agent=user_agent[:500]).order_by("-seen_at").first()
    known = session.get(SESSION_KEY)
    return mine.filter(gid=UUID(known)).first() if isinstance(known, str) else None


def _forget_silent(listener: Listener) -> None:
    silent = Device.objects.filter(listener=listener).order_by("-seen_at").values("pk")[DEVICES_MAX:]
    Device.objects.filter(pk__in=[row["pk"] for row in silent]).delete()
