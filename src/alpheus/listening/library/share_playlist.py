"""Share a playlist with others to edit: a link that accounts accept, and taking it back."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.listening.library import changing, queries
from alpheus.listening.library.errors import AccountNeeded, InvitationOver, TooMuch
from alpheus.listening.library.models import Playlist, PlaylistEditor, PlaylistInvitation
from alpheus.listening.library.rules import EDITORS_MAX, INVITATION_LIFETIME, Action, Role
from alpheus.listening.models import Listener
from alpheus.values.secret import digest


@dataclass(frozen=True)
class Invited:
    """A new invitation: the only time that its secret is seen."""

    invitation: PlaylistInvitation
    secret: str


@transaction.atomic
def invite(*, listener: Listener, gid: UUID, now: datetime) -> Invited:
    """Make a link that lets whoever has it edit a playlist; an older one ends.

    Raises:
        PlaylistUnknown, NotYours: as `changing.begin`.
        AccountNeeded: a guest cannot share.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.SHARE)
    if listener.account_id is None:
        raise AccountNeeded("Sign in to share a playlist.")
    _revoke(playlist, now=now)
    secret = secrets.token_urlsafe(24)
    invitation = PlaylistInvitation.objects.create(
        playlist=playlist, digest=digest(secret), made_at=now, expires_at=now + INVITATION_LIFETIME
    )
    return Invited(invitation, secret)


@transaction.atomic
def revoke_invitation(*, listener: Listener, gid: UUID, now: datetime) -> None:
    """End a playlist's link; who accepted it stays an editor.

    Raises:
        PlaylistUnknown, NotYours: as `changing.begin`.
    """
    _revoke(changing.begin(listener=listener, gid=gid, action=Action.SHARE), now=now)


def invited_to(secret: str, *, now: datetime) -> Playlist:
    """The playlist that a link invites to.

    Raises:
        InvitationOver: the link was revoked, has expired, or never was.
    """
    held = PlaylistInvitation.objects.filter(digest=digest(secret), revoked_at=None, expires_at__gt=now)
    found = held.filter(playlist__deleted_at=None).select_related("playlist__owner__account").first()
    if found is None:
        raise InvitationOver("This invitation does not hold any more. Ask for a new one.")
    return found.playlist


@transaction.atomic
def accept(*, listener: Listener, secret: str, now: datetime) -> Playlist:
    """Become an editor by a link; the owner and who is one already stay what they are.

    Raises:
        InvitationOver: the link does not hold.
        AccountNeeded: a guest cannot edit another's playlist.
        TooMuch: the playlist has as many editors as it may.
    """
    found = invited_to(secret, now=now)
    if listener.account_id is None:
        raise AccountNeeded("Sign in to edit this playlist.")
    playlist = Playlist.objects.select_for_update().get(pk=found.pk)
    if queries.role_of(playlist, listener) is not Role.OTHER:
        return playlist
    if playlist.editors.count() >= EDITORS_MAX:
        raise TooMuch(f"This playlist has {EDITORS_MAX} editors, which is as many as there may be.")
    PlaylistEditor.objects.create(playlist=playlist, listener=listener, since=now)
    return playlist


@transaction.atomic
def remove_editor(*, listener: Listener, gid: UUID, editor: UUID) -> bool:
    """Take an editor (by their listener's gid) back, or leave a playlist oneself. Returns False when there was none.

    Raises:
        PlaylistUnknown, NotYours: as `changing.begin`.
    """
    leaves = editor == listener.gid
    action = Action.EDIT if leaves else Action.SHARE
    playlist = changing.begin(listener=listener, gid=gid, action=action)
    return bool(playlist.editors.filter(listener__gid=editor).delete()[0])


def _revoke(playlist: Playlist, *, now: datetime) -> None:
    playlist.invitations.filter(revoked_at=None).update(revoked_at=now)
