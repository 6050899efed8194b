"""Devices: what this one holds, measured in the page; what the others are, and ending them; language, theme, account."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alpheus.listening import devices, grant, listeners, queries, sign_out
from alpheus.listening.errors import DeviceUnknown, EdgeUnavailable
from alpheus.listening.kinds import in_words, kind_of
from alpheus.listening.models import Device, Grant, Listener
from alpheus.parties.models import Account


@dataclass(frozen=True)
class Shown:
    """A device as the page shows it."""

    row: Device
    kind: str
    phone: bool
    here: bool
    hears: bool
    seconds: int | None
    """Of music in its memory, as it measured."""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what this device holds, and the others. This one's figures are the page's own script's."""
    return render(request, "web/device.html", {"devices": _shown(request)})


@require_POST
def clean(_request: HttpRequest) -> HttpResponse:
    """Have the browser empty its own cache of this site, pictures and pages, which no script can reach.

    Browsers do so on https and on localhost; elsewhere they pass the header over.
    """
    return HttpResponse(status=204, headers={"Clear-Site-Data": '"cache"', "Cache-Control": "no-store"})


View = Callable[..., HttpResponse]


def _of_mine(view: Callable[[HttpRequest, Listener, UUID], None]) -> View:
    """Do something with one of the caller's own devices, and show the page again."""

    @wraps(view)
    def done(request: HttpRequest, gid: UUID) -> HttpResponse:
        listener = _listener(request)
        if listener is None:
            raise Http404
        try:
            view(request, listener, gid)
        except DeviceUnknown as error:
            raise Http404 from error
        return redirect("web:device")

    return require_POST(done)


@_of_mine
def rename(request: HttpRequest, listener: Listener, gid: UUID) -> None:
    """Call a device by a name."""
    name = request.POST.get("name", "").replace("\0", "").strip()[:120]
    devices.change(listener=listener, gid=gid, name=name)


@_of_mine
def clean_other(_request: HttpRequest, listener: Listener, gid: UUID) -> None:
    """Have a device empty itself when it next comes."""
    devices.ask_to_clean(listener=listener, gid=gid, now=timezone.now())


@_of_mine
def end(_request: HttpRequest, listener: Listener, gid: UUID) -> None:
    """Sign a device out."""
    _tell(sign_out.sign_out_device(listener=listener, gid=gid, now=timezone.now()))


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out all devices but this one."""
    listener = _listener(request)
    if listener is not None:
        here = devices.remembered(listener, request.session, "")
        _tell(sign_out.sign_out_others(listener=listener, spared=here, now=timezone.now()))
    return redirect("web:device")


def _tell(void: list[Grant]) -> None:
    """An edge that does not answer is no reason to leave a device signed in: its grants end within minutes."""
    try:
        async_to_sync(grant.tell_edges)(grants=void, terms=settings.LISTENING)
    except EdgeUnavailable:
        return


def _listener(request: HttpRequest) -> Listener | None:
    account = request.user if isinstance(request.user, Account) else None
    return listeners.find(account=account, session=request.session)


def _shown(request: HttpRequest) -> list[Shown]:
    listener = _listener(request)
    if listener is None:
        return []
    here, now = devices.remembered(listener, request.session, ""), timezone.now()
    return [
        Shown(
            row=row,
            kind=in_words(row.user_agent),
            phone=kind_of(row.user_agent).phone,
            here=row == here,
            hears=devices.hears(row, now=now),
            seconds=None if row.memory_ms is None else round(row.memory_ms / 1000),
        )
        for row in queries.devices_of(listener)
    ]
