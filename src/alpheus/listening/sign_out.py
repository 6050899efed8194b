"""A listener signs out on a device: what it was granted ends at its next report to the edge."""

import logging
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync

from alpheus.listening import devices, grant
from alpheus.listening.errors import EdgeUnavailable
from alpheus.listening.models import Device
from alpheus.listening.terms import Terms

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
    try:
        async_to_sync(grant.tell_edges)(grants=void, terms=terms)
    except EdgeUnavailable:
        log.warning("edge_not_told", extra={"grants": len(void)})
    return len(void)
