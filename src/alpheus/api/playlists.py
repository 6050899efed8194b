"""Playlists: made, changed, shared, undone, imported and exported."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status
from ninja.decorators import decorate_view

from alpheus.api import represent, represent_playlists
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.fresh import revalidated
from alpheus.api.library_shapes import (
    AddedOut,
    AddIn,
    ChangedOut,
    ExportIn,
    ImportedOut,
    ImportIn,
    InvitationOut,
    ItemOut,
    ItemPage,
    MissingOut,
    MoveIn,
    NewPlaylistIn,
    PlaylistDetailOut,
    PlaylistIn,
    PlaylistPage,
    PlaylistsIn,
    QueueIn,
    QueueOut,
    RemoveIn,
    UndoableOut,
    UndoIn,
)
from alpheus.api.limits import LISTEN
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.shapes import PageIn
from alpheus.api.token import Scope
from alpheus.database.collated import reader
from alpheus.exchange.playlists.export_playlist import MEDIA_TYPES, export_playlist
from alpheus.exchange.playlists.import_playlist import Imported, import_playlist
from alpheus.listening.library import queries, share_playlist
from alpheus.listening.library.add_to_playlist import add_to_playlist
from alpheus.listening.library.create_playlist import create_playlist
from alpheus.listening.library.delete_playlist import delete_playlist
from alpheus.listening.library.describe_playlist import Description, describe_playlist
from alpheus.listening.library.errors import PlaylistUnknown
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.move_in_playlist import last_item, move_in_playlist
from alpheus.listening.library.queries import Listed
from alpheus.listening.library.remove_from_playlist import remove_from_playlist
from alpheus.listening.library.rules import Role
from alpheus.listening.library.undo import undo
from alpheus.listening.models import Listener
from alpheus.locker.queries import note_owned

router = Router(tags=["playlists"])

LISTENS = Admitted(scope=Scope.LISTEN, policy=LISTEN)
MEMBER = Admitted(scope=Scope.LISTEN, policy=LISTEN, member=True)
_ETAG = re.compile(r'(?:W/)?"v(\d{1,18})(?:\.[0-9a-f]{32})?"')
"""Its first part names a version, not bytes: a compressed answer carries it in its weak form (RFC 9110 §8.8.1)."""


@router.get("/playlists", response=PlaylistPage, auth=LISTENS, operation_id="list_playlists")
@decorate_view(revalidated)
def list_playlists(request: HttpRequest, given: Query[PlaylistsIn]) -> PlaylistPage:
    """The caller's playlists, and those shared with them to edit."""
    listener = caller_of(request).known_listener()
    if listener is None:
        return PlaylistPage(items=[], next=None)
    page = queries.playlists_of(
        listener, sort=given.sort, words=given.q, cursor=given.cursor, size=given.limit, reader=reader()
    )
    return PlaylistPage(items=represent_playlists.playlists(page.rows, listener), next=page.next)


@router.post("/playlists", response={201: PlaylistDetailOut}, auth=LISTENS, operation_id="create_playlist")
@once
def post_playlist(request: HttpRequest, given: NewPlaylistIn) -> Status[PlaylistDetailOut]:
    """Make a playlist, with tracks or without. Takes an Idempotency-Key."""
    listener, now = caller_of(request).listener(), timezone.now()
    described = Description(given.title, given.description, given.visibility)
    playlist = create_playlist(listener=listener, described=described, now=now)
    if given.recordings:
        add_to_playlist(listener=listener, gid=playlist.gid, recordings=given.recordings, now=now)
    return Status(201, _detail(queries.playlist_seen_by(listener, playlist.gid), listener))


@router.post("/playlists/import", response={201: ImportedOut}, auth=LISTENS, operation_id="import_playlist")
@once
def post_import(request: HttpRequest, given: ImportIn) -> Status[ImportedOut]:
    """Make a private playlist of an M3U8 or XSPF; what is not here stays as missing lines. Takes an Idempotency-Key."""
    done = import_playlist(
        listener=caller_of(request).listener(),
        data=given.text.encode(),
        title=given.title,
        now=timezone.now(),
    )
    return Status(201, _imported(done))


@router.get(
    "/playlists/{gid:playlist}", response=PlaylistDetailOut, auth=LISTENS, operation_id="get_playlist"
)
@decorate_view(revalidated)
def get_playlist(request: HttpRequest, response: HttpResponse, playlist: UUID) -> PlaylistDetailOut:
    """One playlist. Its ETag begins with its version: send it back as If-Match with a change, to be told of others'."""
    listener = caller_of(request).known_listener()
    row = queries.playlist_seen_by(listener, playlist)
    response.headers["ETag"] = f'"v{row.version}"'
    return _detail(row, listener)


@router.patch(
    "/playlists/{gid:playlist}", response=PlaylistDetailOut, auth=LISTENS, operation_id="describe_playlist"
)
@once
def patch_playlist(request: HttpRequest, playlist: UUID, given: PlaylistIn) -> PlaylistDetailOut:
    """Change title, description or visibility. Takes an Idempotency-Key and If-Match."""
    listener = _known(request)
    described = Description(given.title, given.description, given.visibility)
    describe_playlist(
        listener=listener, gid=playlist, described=described, now=timezone.now(), seen=_seen(request)
    )
    return _detail(queries.playlist_seen_by(listener, playlist), listener)


@router.delete("/playlists/{gid:playlist}", response=ChangedOut, auth=LISTENS, operation_id="delete_playlist")
@once
def delete(request: HttpRequest, playlist: UUID) -> ChangedOut:
    """Delete a playlist; for thirty days it can be undone. Takes an Idempotency-Key and If-Match."""
    revision = delete_playlist(
        listener=_known(request), gid=playlist, now=timezone.now(), seen=_seen(request)
    )
    return ChangedOut(version=revision.version)


@router.get(
    "/playlists/{gid:playlist}/items", response=ItemPage, auth=LISTENS, operation_id="list_playlist_items"
)
@decorate_view(revalidated)
def list_items(request: HttpRequest, playlist: UUID, given: Query[PageIn]) -> ItemPage:
    """A playlist's tracks in order, in windows."""
    row = queries.playlist_seen_by(caller_of(request).known_listener(), playlist)
    page = queries.items(row, cursor=given.cursor, size=given.limit)
    note_owned(caller_of(request).account, [it.recording for it in page.rows if it.recording])
    return ItemPage(items=[_item(it) for it in page.rows], next=page.next)


@router.post(
    "/playlists/{gid:playlist}/items", response={201: AddedOut}, auth=LISTENS, operation_id="add_to_playlist"
)
@once
def post_items(request: HttpRequest, playlist: UUID, given: AddIn) -> Status[AddedOut]:
    """Add recordings at the end or after a track. Takes an Idempotency-Key and If-Match."""
    done = add_to_playlist(
        listener=_known(request),
        gid=playlist,
        recordings=given.recordings,
        after=given.after,
        now=timezone.now(),
        seen=_seen(request),
    )
    return Status(
        201,
        AddedOut(items=[it.gid for it in done.items], left_out=done.left_out, version=done.playlist.version),
    )


@router.post(
    "/playlists/{gid:playlist}/items/remove",
    response=ChangedOut,
    auth=LISTENS,
    operation_id="remove_from_playlist",
)
@once
def remove_items(request: HttpRequest, playlist: UUID, given: RemoveIn) -> ChangedOut:
    """Take tracks out; those that somebody else took out first are passed over. Takes an Idempotency-Key and If-Match."""
    row, _ = remove_from_playlist(
        listener=_known(request), gid=playlist, items=given.items, now=timezone.now(), seen=_seen(request)
    )
    return ChangedOut(version=row.version)


@router.post(
    "/playlists/{gid:playlist}/items/{gid:item}/move",
    response=ChangedOut,
    auth=LISTENS,
    operation_id="move_in_playlist",
)
@once
def move_item(request: HttpRequest, playlist: UUID, item: UUID, given: MoveIn) -> ChangedOut:
    """Move a track so that it follows another, is the first (null) or the last (`end`). Takes an Idempotency-Key and If-Match."""
    listener = _known(request)
    after = given.after
    if after == "end":
        last = last_item(queries.playlist_seen_by(listener, playlist))
        after = last.gid if last else None
    row = move_in_playlist(
        listener=listener,
        gid=playlist,
        item=item,
        after=after if isinstance(after, UUID) else None,
        now=timezone.now(),
        seen=_seen(request),
    )
    return ChangedOut(version=row.version)


@router.post(
    "/playlists/{gid:playlist}/undo", response=UndoableOut, auth=LISTENS, operation_id="undo_playlist_change"
)
@once
def undo_change(request: HttpRequest, playlist: UUID, given: UndoIn) -> UndoableOut:
    """Undo the caller's last change of a playlist, or the one that made a version; also a deletion. Takes an Idempotency-Key."""
    revision = undo(listener=_known(request), gid=playlist, now=timezone.now(), version=given.version)
    return UndoableOut(version=revision.version, kind=revision.kind, items=revision.items)  # type: ignore[arg-type] # a text column of these values


@router.get(
    "/playlists/{gid:playlist}/queue", response=QueueOut, auth=LISTENS, operation_id="get_playlist_queue"
)
def get_queue(request: HttpRequest, playlist: UUID, given: Query[QueueIn]) -> QueueOut:
    """What of a playlist can be heard, in order, from a track on: up to 5,000 for POST /play."""
    row = queries.playlist_seen_by(caller_of(request).known_listener(), playlist)
    found = queries.items_by_gid(row, [given.since]) if given.since else []
    return QueueOut(queue=queries.queue_of(row, since=found[0] if found else None))


@router.get(
    "/playlists/{gid:playlist}/export", response={200: str}, auth=LISTENS, operation_id="export_playlist"
)
def get_export(request: HttpRequest, playlist: UUID, given: Query[ExportIn]) -> HttpResponse:
    """A playlist as an M3U8 or XSPF file, missing lines included."""
    row = queries.playlist_seen_by(caller_of(request).known_listener(), playlist)
    text = export_playlist(
        row,
        form=given.form,
        address=lambda gid: request.build_absolute_uri(reverse("web:recording", args=[gid])),
    )
    return HttpResponse(
        text,
        content_type=f"{MEDIA_TYPES[given.form]}; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


@router.post(
    "/playlists/{gid:playlist}/invitation",
    response={201: InvitationOut},
    auth=MEMBER,
    operation_id="invite_editors",
)
@once
def post_invitation(request: HttpRequest, playlist: UUID) -> Status[InvitationOut]:
    """Make a link that lets whoever has it edit, for 14 days; an older one ends. Takes an Idempotency-Key."""
    invited = share_playlist.invite(listener=_known(request), gid=playlist, now=timezone.now())
    url = request.build_absolute_uri(reverse("web:invitation", args=[invited.secret]))
    return Status(
        201, InvitationOut(secret=invited.secret, url=url, expires_at=invited.invitation.expires_at)
    )


@router.delete(
    "/playlists/{gid:playlist}/invitation", response={204: None}, auth=MEMBER, operation_id="end_invitation"
)
def delete_invitation(request: HttpRequest, playlist: UUID) -> Status[None]:
    """End a playlist's link; who accepted it stays."""
    share_playlist.revoke_invitation(listener=_known(request), gid=playlist, now=timezone.now())
    return Status(204, None)


@router.post(
    "/invitations/{secret}", response=PlaylistDetailOut, auth=MEMBER, operation_id="accept_invitation"
)
@once
def accept_invitation(request: HttpRequest, secret: str) -> PlaylistDetailOut:
    """Become an editor of the playlist that a link invites to. Takes an Idempotency-Key."""
    listener = caller_of(request).listener()
    row = share_playlist.accept(listener=listener, secret=secret, now=timezone.now())
    return _detail(queries.playlist_seen_by(listener, row.gid), listener)


@router.delete(
    "/playlists/{gid:playlist}/editors/{gid:editor}",
    response={204: None},
    auth=MEMBER,
    operation_id="remove_editor",
)
def delete_editor(request: HttpRequest, playlist: UUID, editor: UUID) -> Status[None]:
    """Take an editor back, or leave a playlist oneself."""
    if not share_playlist.remove_editor(listener=_known(request), gid=playlist, editor=editor):
        raise Problem("not_found")
    return Status(204, None)


def _known(request: HttpRequest) -> Listener:
    """The caller, who must have been here before: nobody else can have a playlist."""
    listener = caller_of(request).known_listener()
    if listener is None:
        raise PlaylistUnknown(
            "There is no such playlist. It may have been deleted, or is not shared with you."
        )
    return listener


def _seen(request: HttpRequest) -> int | None:
    """The version that the caller says they saw."""
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    found = _ETAG.fullmatch(given)
    return int(found[1]) if found else -1  # what is none of ours matches nothing (RFC 9110 §13.1.1)


def _detail(row: Playlist, listener: Listener | None) -> PlaylistDetailOut:
    is_ours = queries.role_of(row, listener) is not Role.OTHER
    last = queries.undoable(row, listener, now=timezone.now()) if listener else None
    return PlaylistDetailOut(
        **represent_playlists.playlists([row], listener)[0].model_dump(),
        editors=[represent_playlists.person(it) for it in queries.editors_of(row)] if is_ours else [],
        undoable=UndoableOut(version=last.version, kind=last.kind, items=last.items) if last else None,  # type: ignore[arg-type] # the same
    )


def _item(listed: Listed) -> ItemOut:
    item = listed.item
    return ItemOut(
        gid=item.gid,
        number=listed.number,
        recording=represent.recording(listed.recording) if listed.recording else None,
        missing=None if listed.recording else MissingOut.from_orm(item),
        added_at=item.added_at,
    )


def _imported(done: Imported) -> ImportedOut:
    missing = [MissingOut.from_orm(it) for it in done.missing]
    return ImportedOut(playlist=done.playlist.gid, found=done.found, missing=missing)
