"""A listener signs out on a device, or has another one signed out: what it was granted ends at its next report."""

import logging
from collections.abc import MutableMapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction

from alpheus.listening import devices, grant
from alpheus.listening.errors import EdgeUnavailable
from alpheus.listening.models import Device, Grant, Listener
from alpheus.listening.session import topic
from alpheus.listening.terms import Terms
from alpheus.live.publish import publish

log = logging.getLogger("alpheus.listening")


def sign_out(*, session: MutableMapping[str, Any], terms: Terms, now: datetime) -> int:
    """End what the device of a web session may hear. Returns how many grants that were.

    An edge that does not answer is no reason to stay signed in: its grants end within minutes by themselves.
    """
    known = session.get(devices.SESSION_KEY)
    device = Device.objects.filter(gid=UUID(known)).first() if isinstance(known, str) else None
    return silence(device=device, terms=terms, now=now) if device else 0


def silence(*, device: Device, terms: Terms, now: datetime) -> int:
    """End what a device may hear. Returns how many grants that were; edges are told as `sign_out` says."""
    void = grant.cancel_device(device=device, now=now)
    device.delete()
    publish(topic(device.listener))
    try:
        async_to_sync(grant.tell_edges)(grants=void, terms=terms)
    except EdgeUnavailable:
        log.warning("edge_not_told", extra={"grants": len(void)})
    return len(void)


@transaction.atomic
def sign_out_others(*, listener: Listener, spared: Device | None, now: datetime) -> list[Grant]:
    """Sign out all of a listener's devices but one. Returns what their edges are to be told."""
    others = Device.objects.filter(listener=listener, signed_out_at=None)
    return _end(listener, list(others.exclude(pk=spared.pk) if spared else others), now)


@transaction.atomic
def sign_out_device(*, listener: Listener, gid: UUID, now: datetime) -> list[Grant]:
    """Sign a device out: its web session is ended in the database. Returns what its edges are to be told.

    A browser is remembered until it comes once more and is told to empty itself (`was_signed_out`). A program that
    holds a token keeps that; tokens are revoked by themselves.

    Raises:
        DeviceUnknown: it is not this listener's.
    """
    return _end(listener, [devices.find(listener=listener, gid=gid)], now)


def was_signed_out(*, web_session: str) -> bool:
    """Whether the device that once lived on a web session was signed out from elsewhere. True this once."""
    if not web_session:
        return False
    return bool(Device.objects.filter(web_session=web_session).exclude(signed_out_at=None).delete()[0])


def _end(listener: Listener, ended: Sequence[Device], now: datetime) -> list[Grant]:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    void: list[Grant] = []
    for device in ended:
        void += grant.cancel_device(device=device, now=now)
        if device.web_session:
            store(session_key=device.web_session).delete()
            device.signed_out_at, device.live_at = now, None
            device.save(update_fields=["signed_out_at", "live_at"])
        else:
            device.delete()
    if ended:
        publish(topic(listener))
    return void
