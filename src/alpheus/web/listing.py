"""How a list's address says what is shown: sort, filter and place are its query, so that it can be shared.

What is usual is left out of an address; what is not known there counts as left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from alpheus.catalogue.lists import Order
from alpheus.catalogue.models import Recording
from alpheus.catalogue.queries import artists_of, release_of
from alpheus.database.collated import reader
from alpheus.parties.models import Artist
from alpheus.values.collation import INITIALS, begins
from alpheus.values.cursor import Page
from alpheus.values.errors import CursorInvalid
from alpheus.web.preparing import Readiness, readiness

WORDS_MAX, START_MAX = 200, 8
Row = TypeVar("Row")
Name = TypeVar("Name", bound=str)


@dataclass(frozen=True)
class Choice:
    """One way to sort or narrow a list, and where it leads."""

    label: Promise | str
    address: str
    chosen: bool


def asked_number(request: HttpRequest, name: str, *, digits: int) -> int:
    """Which whole number the address says, of so many digits at most; 0 where it says none."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= digits else 0


def asked(request: HttpRequest, name: str, options: Mapping[Name, Promise], *, usual: Name) -> Name:
    """Which of several options the address asks for."""
    given = request.GET.get(name)
    return next((option for option in options if option == given), usual)


def choices(
    request: HttpRequest, name: str, options: Mapping[Name, Promise], *, chosen: Name, usual: Name
) -> list[Choice]:
    """All options as links; each begins the list anew."""
    return [
        Choice(
            label, address(request, {name: "" if option == usual else option, "start": ""}), option == chosen
        )
        for option, label in options.items()
    ]


def gid_asked(request: HttpRequest, name: str) -> UUID | None:
    """A gid from the address.

    Raises:
        Http404: it is none: then nothing is at this address.
    """
    given = request.GET.get(name)
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError as error:
        raise Http404 from error


def address(request: HttpRequest, changes: Mapping[str, str], *, cursor: str = "") -> str:
    """This page's address with another query, from its first page or from a cursor on."""
    query = QueryDict(mutable=True)
    given = {**{name: request.GET[name] for name in request.GET}, **changes, "cursor": cursor}
    query.update({name: value for name, value in given.items() if value})
    return f"{request.path}?{query.urlencode()}" if query else request.path


def read(request: HttpRequest, ask: Callable[[str | None], Page[Row]]) -> Page[Row]:
    """Read the page that the address is at; a cursor that is none of this list's leads to its beginning."""
    try:
        return ask(request.GET.get("cursor") or None)
    except CursorInvalid:
        return ask(None)


def narrowed(request: HttpRequest, listed: Callable[..., Page[Row]]) -> Page[Row]:
    """Read the same of a list that the address may narrow to words and have begin elsewhere, as its reader orders it."""
    words, start = words_asked(request), start_asked(request)
    return read(request, lambda cursor: listed(cursor=cursor, reader=reader(), words=words, start=start))


def around(request: HttpRequest, page: Page[Row]) -> dict[str, str]:
    """Where the pages around this one are, as `parts/pager.html` wants them."""
    return {
        "next": address(request, {"start": ""}, cursor=page.next) if page.next else "",
        "first": address(request, {"start": ""})
        if request.GET.get("cursor") or request.GET.get("start")
        else "",
    }


def words_asked(request: HttpRequest) -> str:
    """The words that a list is narrowed to."""
    return request.GET.get("q", "").replace("\0", " ").strip()[:WORDS_MAX]


def start_asked(request: HttpRequest) -> str:
    """Where in a list somebody wants to begin: an initial, or a year."""
    return request.GET.get("start", "")[:START_MAX]


def finding(request: HttpRequest, page: Page[Row], order: Order | None = None) -> dict[str, object]:
    """How to find one's way in a list that is longer than a page, as `parts/finding.html` wants it.

    Args:
        request: its address says what is asked for already.
        page: what is shown.
        order: what the list goes by, if that has places to begin at.
    """
    words, start = words_asked(request), start_asked(request)
    if not (page.next or words or start or request.GET.get("cursor")):
        return {"words": words}
    kept = [(name, request.GET[name]) for name in request.GET if name not in {"q", "start", "cursor"}]
    whose = reader()
    initials = INITIALS[whose] if order and order.collated else ""
    if start and start not in initials and order and order.collated and begins(start, whose):
        initials = start + initials  # from an address that somebody with another language shared
    return {
        "words": words,
        "start": start,
        "finds": True,
        "kept": kept,
        "initials": [
            Choice(it.upper(), address(request, {"start": it}), chosen=it == start) for it in initials
        ],
        "by_year": bool(order and order.by_year),
    }


def artist_or_404(gid: UUID) -> Artist:
    """Read the artist whose list it is."""
    found = artists_of([gid])
    if not found:
        raise Http404
    return found[0]


def of_artist(artist: Artist, what: str) -> dict[str, object]:
    """A list that is one artist's: its heading names them and leads back to them."""
    return {
        "above": what,
        "heading": artist.name,
        "named": True,
        "language": artist.language,
        "back": reverse("web:artist", args=[artist.gid]),
    }


def places(rows: Sequence[Recording]) -> list[dict[str, object]]:
    """Each recording with its release and its place among those that can be heard."""
    place = 0
    shown: list[dict[str, object]] = []
    for row in rows:
        ready = readiness(row) is Readiness.READY
        shown.append({"recording": row, "release": release_of(row), "place": place if ready else None})
        place += ready
    return shown
