"""An account's sign-in sessions: which browsers are signed in, on which listening device, and how to end one.

allauth notes each sign-in; the web session of it names the device that plays there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from alpheus.listening import devices, sign_out
from alpheus.listening.errors import SignInUnknown
from alpheus.listening.models import Device
from alpheus.listening.terms import Terms
from alpheus.parties.models import Account


@dataclass(frozen=True)
class SignIn:
    """One browser that is signed in."""

    id: int
    began_at: datetime
    address: str
    user_agent: str
    device: Device | None
    """What plays there; None where nothing was heard yet."""
    current: bool


def of(*, account: Account, session_key: str | None) -> list[SignIn]:
    """An account's sign-ins that hold, this browser's first, then the latest."""
    rows = sorted(_holding(account), key=lambda row: (row.session_key != session_key, -row.pk))
    known = {row.pk: _device_gid(_web_session(row)) for row in rows}
    mine = Device.objects.filter(listener__account=account, gid__in=[gid for gid in known.values() if gid])
    by_gid: dict[UUID | None, Device] = {device.gid: device for device in mine}
    return [
        SignIn(
            row.pk,
            row.created_at,
            row.ip,
            row.user_agent,
            by_gid.get(known[row.pk]),
            row.session_key == session_key,
        )
        for row in rows
    ]


def end(*, account: Account, sign_in: int, terms: Terms, now: datetime) -> None:
    """Sign one browser out: what it plays ends at its next report to the edge.

    Raises:
        SignInUnknown: it is not this account's, or over already.
    """
    row = UserSession.objects.filter(user=account, pk=sign_in).first()
    if row is None:
        raise SignInUnknown("This session is over already, or is not yours.")
    _end([row], terms=terms, now=now)


def end_all(*, account: Account, but: str | None, terms: Terms, now: datetime) -> int:
    """Sign every browser out, but the one whose web session has this key. Returns how many that were."""
    rows = list(UserSession.objects.filter(user=account).exclude(session_key=but or ""))
    return _end(rows, terms=terms, now=now)


def end_on_device(*, account: Account, device: UUID, terms: Terms, now: datetime) -> int:
    """Sign out every browser that plays as a device. Returns how many that were."""
    rows = [row for row in _holding(account) if _device_gid(_web_session(row)) == device]
    return _end(rows, terms=terms, now=now)


def _holding(account: Account) -> list[UserSession]:
    return list(UserSession.objects.purge_and_list(account))


def _end(rows: Iterable[UserSession], *, terms: Terms, now: datetime) -> int:
    ended = 0
    for row in rows:
        sign_out.sign_out(session=_web_session(row), terms=terms, now=now)
        row.end()
        ended += 1
    return ended


def _web_session(row: UserSession) -> SessionBase:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store(row.session_key)


def _device_gid(session: SessionBase) -> UUID | None:
    known = session.get(devices.SESSION_KEY)
    return UUID(known) if isinstance(known, str) else None
