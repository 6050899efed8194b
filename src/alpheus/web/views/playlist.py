"""A playlist: its tracks in windows, its owner's forms, its file, its invitation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alpheus.catalogue.models import Release
from alpheus.catalogue.queries import release_of
from alpheus.exchange.playlists.export_playlist import MEDIA_TYPES, Format, export_playlist
from alpheus.listening.errors import ListeningError
from alpheus.listening.library import queries, share_playlist
from alpheus.listening.library.delete_playlist import delete_playlist
from alpheus.listening.library.describe_playlist import Description, describe_playlist
from alpheus.listening.library.errors import InvitationOver, NotYours, PlaylistUnknown
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.queries import Listed
from alpheus.listening.library.rules import Action, Role, may
from alpheus.listening.library.undo import undo
from alpheus.locker.queries import note_owned
from alpheus.values.cursor import Page
from alpheus.values.errors import CursorInvalid
from alpheus.web import listing
from alpheus.web.preparing import Readiness, readiness
from alpheus.web.refusals import sentence
from alpheus.web.views.library import account_or_none, cards, listener_made, listener_of

WINDOW = 100
ROWS_MAX = 2_000
"""Rows that are shown at once to who comes back; further on they come as one reads, as they did before."""
"""Tracks of one page: enough to fill any screen, few enough for 50 ms."""

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Row:
    """A track as its row shows it."""

    listed: Listed
    release: Release | None
    can_be_heard: bool
    place: int


def refusing(view: View) -> View:
    """Answer as if nothing were there to who may not see it, 403 to who may not do this."""

    @wraps(view)
    def refused(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (PlaylistUnknown, CursorInvalid) as error:
            raise Http404 from error
        except NotYours as error:
            raise PermissionDenied from error

    return refused


def posted(view: View) -> View:
    """Lead to the playlist who comes to a form's address otherwise: a reload of what it answered."""

    @wraps(view)
    def sent(request: HttpRequest, gid: UUID, **kwargs: object) -> HttpResponse:
        return view(request, gid, **kwargs) if request.method == "POST" else redirect("web:playlist", gid=gid)

    return sent


@require_safe
@refusing
def page(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a playlist, a window of its tracks at a time."""
    return _page(request, gid)


@posted
@refusing
def describe(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Change title, description and visibility."""
    given = request.POST
    described = Description(given.get("title"), given.get("description"), given.get("visibility"))
    try:
        describe_playlist(listener=listener_made(request), gid=gid, described=described, now=timezone.now())
    except (NotYours, PlaylistUnknown):
        raise
    except ValueError as error:
        raise Http404 from error
    except ListeningError as error:
        return _page(request, gid, refused=sentence(error))
    return redirect("web:playlist", gid=gid)


@posted
@refusing
def delete(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Delete a playlist; the list that follows can bring it back."""
    delete_playlist(listener=listener_made(request), gid=gid, now=timezone.now())
    return redirect("web:library-playlists")


@posted
@refusing
def undo_change(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Undo the listener's last change."""
    try:
        undo(listener=listener_made(request), gid=gid, now=timezone.now())
    except (NotYours, PlaylistUnknown):
        raise
    except ListeningError as error:
        return _page(request, gid, refused=sentence(error))
    return redirect("web:playlist", gid=gid)


@posted
@refusing
def invite(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Make an invitation link, shown on the page that answers; or end it."""
    listener, now = listener_made(request), timezone.now()
    if request.POST.get("end"):
        share_playlist.revoke_invitation(listener=listener, gid=gid, now=now)
        return redirect("web:playlist", gid=gid)
    try:
        invited = share_playlist.invite(listener=listener, gid=gid, now=now)
    except (NotYours, PlaylistUnknown):
        raise
    except ListeningError as error:
        return _page(request, gid, refused=sentence(error))
    link = request.build_absolute_uri(reverse("web:invitation", args=[invited.secret]))
    return _page(request, gid, link=link)


@posted
@refusing
def remove_editor(request: HttpRequest, gid: UUID, editor: UUID) -> HttpResponse:
    """Take an editor back, or leave."""
    listener = listener_made(request)
    share_playlist.remove_editor(listener=listener, gid=gid, editor=editor)
    if editor == listener.gid:
        return redirect("web:library-playlists")
    return redirect("web:playlist", gid=gid)


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what a link invites to, and accept it (POST)."""
    now = timezone.now()
    try:
        playlist = share_playlist.invited_to(secret, now=now)
        if request.method == "POST" and request.user.is_authenticated:
            share_playlist.accept(listener=listener_made(request), secret=secret, now=now)
            return redirect("web:playlist", gid=playlist.gid)
    except InvitationOver as error:
        return render(request, "web/library/invitation.html", {"refused": sentence(error)}, status=410)
    except ListeningError as error:
        return render(request, "web/library/invitation.html", {"refused": sentence(error)}, status=422)
    return render(
        request,
        "web/library/invitation.html",
        {"card": cards([playlist], None)[0], "here": request.get_full_path()},
    )


@require_safe
@refusing
def file(request: HttpRequest, gid: UUID, form: Format) -> HttpResponse:
    """Give a playlist as a file."""
    playlist = queries.playlist_seen_by(listener_of(request), gid)
    text = export_playlist(
        playlist,
        form=form,
        address=lambda it: request.build_absolute_uri(reverse("web:recording", args=[it])),
    )
    name = quote(f"{playlist.title[:80]}.{form}", safe="")
    return HttpResponse(
        text,
        content_type=f"{MEDIA_TYPES[form]}; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename=\"playlist.{form}\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


def _page(request: HttpRequest, gid: UUID, *, refused: Any = "", link: str = "") -> HttpResponse:
    listener = listener_of(request)
    playlist = queries.playlist_seen_by(listener, gid)
    role = queries.role_of(playlist, listener)
    window = _window(request, playlist)
    note_owned(account_or_none(request), [it.recording for it in window.rows if it.recording])
    rows, queue = _rows(window.rows)
    may_now = {it: may(it, role=role, visibility=playlist.visibility) for it in Action}
    context = {
        "playlist": playlist,
        "card": cards([playlist], listener)[0],
        "rows": rows,
        "queue": queue if len(window.rows) == playlist.tracks else None,
        "next": window.next,
        "shown_then": window.rows[-1].number + WINDOW if window.rows else 0,
        "is_public": playlist.visibility == Playlist.Visibility.PUBLIC,
        "can_keep": role is Role.OTHER,
        "can_edit": may_now[Action.EDIT],
        "can_describe": may_now[Action.DESCRIBE],
        "can_share": may_now[Action.SHARE] and request.user.is_authenticated,
        "editors": queries.editors_of(playlist) if may_now[Action.EDIT] else [],
        "me": listener,
        "undoable": queries.undoable(playlist, listener, now=timezone.now()) if listener else None,
        "visibilities": Playlist.Visibility.choices,
        "refused": refused,
        "link": link,
    }
    return render(request, "web/library/playlist.html", context, status=422 if refused else 200)


def _window(request: HttpRequest, playlist: Playlist) -> Page[Listed]:
    """What of a playlist is shown: a window from a cursor on; or from the beginning as many as somebody had seen.

    A window that came while somebody read on is noted in the address, so that "back" finds the page as long as it was.
    """
    cursor = request.GET.get("cursor") or None
    page = queries.items(playlist, cursor=cursor, size=WINDOW)
    wanted = 0 if cursor else min(listing.asked_number(request, "rows", digits=5), ROWS_MAX)
    while page.next and len(page.rows) < wanted:
        following = queries.items(playlist, cursor=page.next, size=WINDOW)
        page = Page([*page.rows, *following.rows], following.next)
    return page


def _rows(listed: Any) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    queue: list[str] = []
    for it in listed:
        recording = it.recording
        heard = (
            recording is not None and recording.removed_at is None and readiness(recording) is Readiness.READY
        )
        rows.append(Row(it, release_of(recording) if recording else None, heard, len(queue)))
        if heard:
            queue.append(str(recording.gid))
    return rows, queue
