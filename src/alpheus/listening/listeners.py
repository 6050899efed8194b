"""Who is listening: an account's listener, or a guest known by their web session until they sign in.

The web session is any mapping that outlives the request (Django's session is one); who comes with a token
has none.
"""

from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from django.db import transaction

from alpheus.listening.library.join import join as join_libraries
from alpheus.listening.models import Device, Grant, Listener, Play, PlaybackSession
from alpheus.listening.session import topic
from alpheus.live.publish import publish
from alpheus.parties.models import Account

SESSION_KEY = "listener"
"""Where a web session keeps its guest's gid."""


def find(*, account: Account | None, session: MutableMapping[str, Any] | None) -> Listener | None:
    """The listener as far as they are known; nobody is made. A guest who signed in becomes the account's."""
    guest = _guest(session) if session is not None else None
    if account is None:
        return guest
    if guest is not None and session is not None:
        return _became(account, guest, session)
    return Listener.objects.filter(account=account).first()


def hides_explicit(listener: Listener) -> bool:
    """Tell whether a listener asked that explicit music is hidden from them; a guest cannot ask."""
    return listener.account is not None and listener.account.hides_explicit


def find_or_make(*, account: Account | None, session: MutableMapping[str, Any] | None) -> Listener:
    """The listener, made when they are new; a new guest is remembered in the session."""
    known = find(account=account, session=session)
    if known is not None:
        return known
    if account is not None:
        return Listener.objects.get_or_create(account=account)[0]
    guest = Listener.objects.create()
    if session is not None:
        session[SESSION_KEY] = guest.gid.hex
    return guest


def _guest(session: MutableMapping[str, Any]) -> Listener | None:
    gid = session.get(SESSION_KEY)
    if not isinstance(gid, str):
        return None
    return Listener.objects.filter(gid=UUID(gid), account=None, merged_into=None).first()


@transaction.atomic
def _became(account: Account, guest: Listener, session: MutableMapping[str, Any]) -> Listener:
    """Make a guest the account's listener: by name where it had none, else by joining what both have."""
    session.pop(SESSION_KEY, None)
    Account.objects.select_for_update().get(pk=account.pk)  # two tabs may come back signed in at once
    mine = Listener.objects.filter(account=account).first()
    guests = Listener.objects.filter(pk=guest.pk, account=None, merged_into=None)
    if not guests.select_for_update().exists():  # the other tab was first
        return mine or Listener.objects.create(account=account)
    if mine is None:
        guest.account = account
        guest.save(update_fields=["account"])
        return guest
    _join(guest, mine)
    return mine


def _join(guest: Listener, mine: Listener) -> None:
    """Move all of a guest's to an account's listener; of two playback sessions the later one stays."""
    for rows in (Device.objects, Grant.objects, Play.objects):
        rows.filter(listener=guest).update(listener=mine)
    join_libraries(guest=guest, mine=mine)
    theirs = PlaybackSession.objects.filter(listener=guest).first()
    older = PlaybackSession.objects.filter(listener=mine).first()
    if theirs and (older is None or older.updated_at < theirs.updated_at):
        PlaybackSession.objects.filter(listener=mine).delete()
        theirs.listener = mine
        theirs.save(update_fields=["listener"])
    elif theirs:
        theirs.delete()
    guest.merged_into = mine
    guest.save(update_fields=["merged_into"])
    for listener in (guest, mine):
        publish(topic(listener))
