"""The library: what is kept, playlists, history, what was heard most. Every list is an address of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from babel.dates import format_date, format_time
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import release_of
from alpheus.database.collated import reader
from alpheus.exchange.playlists.import_playlist import import_playlist
from alpheus.exchange.playlists.lines import FILE_BYTES_MAX
from alpheus.listening import listeners
from alpheus.listening.errors import ListeningError
from alpheus.listening.library import queries
from alpheus.listening.library.create_playlist import create_playlist
from alpheus.listening.library.describe_playlist import Description
from alpheus.listening.library.hide_history import hide_history, show_again
from alpheus.listening.library.keep import Kind
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.rules import PERIODS, since
from alpheus.listening.models import Listener
from alpheus.locker.queries import Mine, locker_of, note_owned
from alpheus.parties.models import Account
from alpheus.shops.offers.queries import wishes_of
from alpheus.values.cursor import Page
from alpheus.web.clocks import local_time
from alpheus.web.listing import around, read
from alpheus.web.preparing import Readiness, readiness
from alpheus.web.refusals import sentence
from alpheus.web.templatetags.words import locale

SIZE = 50
SHELF = 6
LOCKER = 20
"""Releases and tracks of a locker on one page."""
FEW = 5
WORDS_MAX = 200

TABS: dict[str, Promise] = {
    "library": _("Everything"),
    "library-recordings": _("Tracks"),
    "library-releases": _("Releases"),
    "library-artists": _("Artists"),
    "library-locker": _("Yours for ever"),
    "library-playlists": _("Playlists"),
    "library-history": _("History"),
    "library-most": _("Heard most"),
}
SORTS: dict[str, Promise] = {"newest": _("Kept last"), "name": _("By title"), "artist": _("By artist")}
PLAYLIST_SORTS: dict[str, Promise] = {"changed": _("Changed last"), "title": _("By title")}
PERIOD_NAMES: dict[str, Promise] = {
    "4w": _("4 weeks"),
    "6m": _("6 months"),
    "1y": _("A year"),
    "ever": _("Ever"),
}


@dataclass(frozen=True)
class Row:
    """A recording as the library's rows show it, and its place among those that can be heard."""

    recording: Recording
    release: Release | None
    place: int | None
    note: str = ""
    plays: int = 0


@dataclass
class Day:
    """A day of a history, in the listener's time zone."""

    label: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """A playlist with its mosaic."""

    playlist: Playlist
    covers: list[Any]
    is_mine: bool


def account_or_none(request: HttpRequest) -> Account | None:
    """Whose page it is; None for a guest."""
    return request.user if isinstance(request.user, Account) else None


def listener_of(request: HttpRequest) -> Listener | None:
    """Who looks, if they were ever here."""
    return listeners.find(account=account_or_none(request), session=request.session)


def listener_made(request: HttpRequest) -> Listener:
    """Who acts; a guest is given a cookie to be known by."""
    return listeners.find_or_make(account=account_or_none(request), session=request.session)


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Show a little of all that is kept."""
    listener = listener_of(request)
    queue: list[str] = []
    context: dict[str, Any] = {"queue": queue}
    if listener is not None:
        kept = queries.kept(listener, Kind.RECORDING, size=FEW).rows
        context |= {
            "rows": _rows(request, (it.thing for it in kept), queue),
            "releases": [it.thing for it in queries.kept(listener, Kind.RELEASE, size=SHELF).rows],
            "artists": [it.thing for it in queries.kept(listener, Kind.ARTIST, size=SHELF).rows],
            "cards": cards(queries.playlists_of(listener, size=FEW, with_kept=True).rows, listener),
            "heard": bool(queries.history(listener, size=1).rows),
            "count": queries.kept_count(listener, Kind.RECORDING)
            + queries.kept_count(listener, Kind.RELEASE),
        }
    return _page(request, "library", "web/library/everything.html", context)


@require_safe
def recordings(request: HttpRequest) -> HttpResponse:
    """List the recordings that are kept."""
    page, asked = _kept(request, Kind.RECORDING)
    queue: list[str] = []
    rows = _rows(request, (it.thing for it in page.rows), queue)
    context = {"rows": rows, "queue": queue, **around(request, page), **asked}
    return _page(request, "library-recordings", "web/library/recordings.html", context)


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """List the releases that are kept."""
    page, asked = _kept(request, Kind.RELEASE)
    context = {"releases": [it.thing for it in page.rows], **around(request, page), **asked}
    return _page(request, "library-releases", "web/library/releases.html", context)


@require_safe
def locker(request: HttpRequest) -> HttpResponse:
    """Show what is the listener's for ever, and what they wait to buy."""
    account = account_or_none(request)
    page: Page[Mine] = Page([], None)
    if account is not None:
        page = read(request, lambda cursor: locker_of(account, cursor=cursor, size=LOCKER))
    queue: list[str] = []
    context = {
        "mine": [(it, [_row(row, queue, owned=True) for row in it.recordings]) for it in page.rows],
        "queue": queue,
        "wishes": wishes_of(account) if account and not request.GET.get("cursor") else [],
        **around(request, page),
    }
    return _page(request, "library-locker", "web/library/locker.html", context)


@require_safe
def artists(request: HttpRequest) -> HttpResponse:
    """List the artists who are kept."""
    page, asked = _kept(request, Kind.ARTIST)
    asked["sorts"] = [it for it in asked["sorts"] if it[0] != "artist"]
    context = {"artists": [it.thing for it in page.rows], **around(request, page), **asked}
    return _page(request, "library-artists", "web/library/artists.html", context)


def playlists(request: HttpRequest) -> HttpResponse:
    """List the listener's playlists, and make a new one (POST)."""
    if request.method == "POST":
        return _make(request)
    return _playlists(request)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """List what was heard, by day."""
    listener = listener_of(request)
    page: Page[queries.Heard] = Page([], None)
    if listener is not None:
        page = read(request, lambda cursor: queries.history(listener, cursor=cursor, size=SIZE))
    queue: list[str] = []
    note_owned(account_or_none(request), [it.recording for it in page.rows])
    hidden, cleared_at = queries.hidden_plays(listener) if listener else (0, None)
    context = {
        "days": _days(request, page.rows, queue),
        "queue": queue,
        **around(request, page),
        "hidden": hidden,
        "cleared_at": cleared_at,
    }
    return _page(request, "library-history", "web/library/history.html", context)


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Clear the history from view, or show again what was cleared last."""
    listener = listener_of(request)
    if listener is not None and request.POST.get("show"):
        show_again(listener=listener)
    elif listener is not None:
        hide_history(listener=listener, now=timezone.now())
    return redirect("web:library-history")


@require_safe
def most(request: HttpRequest) -> HttpResponse:
    """List what was heard most in a period."""
    listener = listener_of(request)
    asked = request.GET.get("period", "")
    period = asked if asked in PERIODS else "4w"
    page: Page[queries.Counted] = Page([], None)
    if listener is not None:
        begun = since(period, now=timezone.now())
        page = read(
            request, lambda cursor: queries.most_played(listener, since=begun, cursor=cursor, size=SIZE)
        )
    queue: list[str] = []
    note_owned(account_or_none(request), [it.recording for it in page.rows])
    rows = [_row(it.recording, queue, plays=it.plays) for it in page.rows]
    context = {
        "rows": rows,
        "queue": queue,
        **around(request, page),
        "period": period,
        "periods": list(PERIOD_NAMES.items()),
    }
    return _page(request, "library-most", "web/library/most.html", context)


def bring_in(request: HttpRequest) -> HttpResponse:
    """Import a playlist from a file, and say what of it is not here."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        file = request.FILES.get("file")
        data = file.read(FILE_BYTES_MAX + 1) if file else b""
        try:
            context["done"] = import_playlist(
                listener=listener_made(request),
                data=data,
                title=request.POST.get("title", ""),
                otherwise=PurePath(file.name or "").stem if file else "",
                now=timezone.now(),
            )
        except ListeningError as error:
            context["refused"] = sentence(error)
    status = 422 if "refused" in context else 200
    return _page(request, "library-playlists", "web/library/import.html", context, status=status)


def cards(rows: Iterable[Playlist], listener: Listener | None) -> list[Card]:
    """Playlists with their mosaics."""
    shown = list(rows)
    covers = queries.covers_of(shown)
    return [Card(it, covers[it.pk], bool(listener and it.owner_id == listener.pk)) for it in shown]


def _playlists(request: HttpRequest, *, refused: Promise | str = "") -> HttpResponse:
    listener = listener_of(request)
    asked = request.GET.get("sort", "")
    sort = "title" if asked == "title" else "changed"
    words = request.GET.get("q", "")[:WORDS_MAX]
    page: Page[Playlist] = Page([], None)
    deleted: list[Playlist] = []
    if listener is not None:
        page = read(
            request,
            lambda cursor: queries.playlists_of(
                listener,
                sort="title" if sort == "title" else "changed",
                words=words,
                cursor=cursor,
                size=SIZE,
                reader=reader(),
                with_kept=True,
            ),
        )
        deleted = queries.deleted_playlists(listener, now=timezone.now())
    context = {
        "cards": cards(page.rows, listener),
        **around(request, page),
        "sort": sort,
        "sorts": list(PLAYLIST_SORTS.items()),
        "words": words,
        "deleted": deleted,
        "refused": refused,
    }
    status = 422 if refused else 200
    return _page(request, "library-playlists", "web/library/playlists.html", context, status=status)


def _make(request: HttpRequest) -> HttpResponse:
    try:
        made = create_playlist(
            listener=listener_made(request),
            described=Description(request.POST.get("title", "")),
            now=timezone.now(),
        )
    except ListeningError as error:
        return _playlists(request, refused=sentence(error))
    return redirect("web:playlist", gid=made.gid)


def _page(
    request: HttpRequest, tab: str, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, template, {"tab": tab, "tabs": list(TABS.items()), **context}, status=status)


def _kept(request: HttpRequest, kind: Kind) -> tuple[Page[queries.Kept], dict[str, Any]]:
    listener = listener_of(request)
    asked = request.GET.get("sort", "")
    sort: queries.Sort = "name" if asked == "name" else "artist" if asked == "artist" else "newest"
    words = request.GET.get("q", "")[:WORDS_MAX]
    page: Page[queries.Kept] = Page([], None)
    if listener is not None:
        page = read(
            request,
            lambda cursor: queries.kept(
                listener, kind, sort=sort, words=words, cursor=cursor, size=SIZE, reader=reader()
            ),
        )
    return page, {"sort": sort, "sorts": list(SORTS.items()), "words": words}


def _rows(request: HttpRequest, found: Iterable[object], queue: list[str]) -> list[Row]:
    recordings = [it for it in found if isinstance(it, Recording)]
    note_owned(account_or_none(request), recordings)
    return [_row(it, queue) for it in recordings]


def _row(
    recording: Recording, queue: list[str], *, note: str = "", plays: int = 0, owned: bool = False
) -> Row:
    place = None
    if (owned or recording.removed_at is None) and readiness(recording) is Readiness.READY:
        place = len(queue)
        queue.append(str(recording.gid))
    return Row(recording, release_of(recording), place, note, plays)


def _days(request: HttpRequest, heard: Iterable[queries.Heard], queue: list[str]) -> list[Day]:
    days: dict[date, Day] = {}
    today = local_time(request, timezone.now()).date()
    for it in heard:
        at = local_time(request, it.play.started_at)
        day = days.setdefault(at.date(), Day(_day_name(at, today)))
        day.rows.append(_row(it.recording, queue, note=_clock(at)))
    return list(days.values())


def _day_name(at: datetime, today: date) -> str:
    gone = (today - at.date()).days
    if gone == 0:
        return str(_("Today"))
    if gone == 1:
        return str(_("Yesterday"))
    return format_date(at.date(), "full", locale=locale())


def _clock(at: datetime) -> str:
    return format_time(at, "short", locale=locale())
