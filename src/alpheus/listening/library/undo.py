"""Undo a change of a playlist. Everybody undoes their own, the latest first; it holds over reloads and devices."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.listening.library import changing, queries
from alpheus.listening.library.describe_playlist import Whole, put
from alpheus.listening.library.errors import NothingToUndo
from alpheus.listening.library.models import Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.library.rules import Action
from alpheus.listening.models import Listener

_Kind = PlaylistRevision.Kind
_NEEDED = {_Kind.DESCRIBE: Action.DESCRIBE, _Kind.DELETE: Action.DELETE}


@transaction.atomic
def undo(*, listener: Listener, gid: UUID, now: datetime, version: int | None = None) -> PlaylistRevision:
    """Undo the listener's latest change of a playlist, or the one that made `version`.

    What others changed meanwhile stays: tracks come back to where they stood among those that are there now.

    Raises:
        PlaylistUnknown, NotYours: as `changing.begin`.
        NothingToUndo: there is nothing of theirs to undo, or the description was changed since.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.SEE, deleted=True)
    revision = queries.undoable(playlist, listener, now=now, version=version)
    if revision is None:
        raise NothingToUndo("There is no change of yours that could be undone.")
    kind = _Kind(revision.kind)
    changing.begin(listener=listener, gid=gid, action=_NEEDED.get(kind, Action.EDIT), deleted=True)
    _UNDOING[kind](playlist, revision, now)
    revision.undone_at = now
    revision.save(update_fields=["undone_at"])
    changing.touch(playlist, now=now)
    changing.recount(playlist)
    return revision


def _take_out_again(_playlist: Playlist, revision: PlaylistRevision, now: datetime) -> None:
    PlaylistItem.objects.filter(added_in=revision, removed_at=None).update(
        removed_at=now, removed_in=revision
    )


def _put_back(_playlist: Playlist, revision: PlaylistRevision, _now: datetime) -> None:
    PlaylistItem.objects.filter(removed_in=revision).update(removed_at=None, removed_in=None)


def _move_back(playlist: Playlist, revision: PlaylistRevision, _now: datetime) -> None:
    item = revision.item
    if item is None:
        raise NothingToUndo("What was moved is not there any more.")
    others = PlaylistItem.objects.filter(playlist=playlist).exclude(pk=item.pk)
    taken = others.filter(position=revision.position).first()  # somebody moved into the gap meanwhile
    key = revision.position
    if taken is not None:
        key = changing.places(playlist, after=taken, count=1, but=item)[0]
    PlaylistItem.objects.filter(pk=item.pk).update(position=key)


def _describe_as_before(playlist: Playlist, revision: PlaylistRevision, _now: datetime) -> None:
    later = playlist.revisions.filter(kind=_Kind.DESCRIBE, version__gt=revision.version, undone_at=None)
    if later.exists():
        raise NothingToUndo("It was described anew since. Undo that first, or write it as it was.")
    put(playlist, Whole(revision.title, revision.description, revision.visibility))


def _bring_back(playlist: Playlist, _revision: PlaylistRevision, _now: datetime) -> None:
    playlist.deleted_at = None
    playlist.save(update_fields=["deleted_at"])
    changing.tell_search(playlist)


_UNDOING = {
    _Kind.ADD: _take_out_again,
    _Kind.REMOVE: _put_back,
    _Kind.MOVE: _move_back,
    _Kind.DESCRIBE: _describe_as_before,
    _Kind.DELETE: _bring_back,
}
