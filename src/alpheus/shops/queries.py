"""Reads of this room, named by what they return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from alpheus.catalogue import queries as catalogue
from alpheus.catalogue.lists import Order
from alpheus.catalogue.models import Cover, Genre, Recording, Release
from alpheus.catalogue.shown import is_recording_shown, is_release_shown
from alpheus.parties.models import Account
from alpheus.rights.early import early_of_shop
from alpheus.rights.models import Early
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Piece, Shop
from alpheus.shops.rules import Kind, State, like_handle
from alpheus.values.cursor import Page

Sort = Literal["new", "loved"]
ORDERS: Final[Mapping[Sort, Order]] = {
    "new": Order("shops", "opened_at", datetime, descending=True),
    "loved": Order("shops-loved", "loved", int, descending=True),
}


@dataclass(frozen=True)
class Filter:
    """What a list of shops is narrowed to; empty fields narrow nothing."""

    genre: str = ""
    """A genre's slug: of something that stands there."""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    kind: str = ""
    """rules.Kind: labels' shops, or independents'."""

    def narrow(self, shops: QuerySet[Shop]) -> QuerySet[Shop]:
        """Narrow a list of shops."""
        if self.genre:
            shown = is_release_shown("release")
            pieces = Piece.objects.filter(shown, shop=OuterRef("pk"), release__removed_at=None)
            shops = shops.filter(Exists(pieces.filter(release__genres__slug=self.genre)))
        if self.kind:
            shops = shops.filter(kind=self.kind)
        return shops.filter(country=self.country) if self.country else shops


NOTHING: Final = Filter()
TRACKS_OFFERED: Final = 300
"""Tracks that a list to choose from may hold; of larger shops it holds releases, and a program names tracks by their gid."""


@dataclass(frozen=True)
class Soon:
    """A release that is to appear, of which previews are heard."""

    release: Release
    early: Early


PAYEES_SHOWN: Final = 200
LIKES_AT_ONCE: Final = 100
"""Addresses that are looked up at once."""


@dataclass(frozen=True)
class Featured:
    """What a shop's page shows first."""

    release: Release
    """It, or what the track is on."""
    track: Recording | None
    """None where it is the release."""
    recordings: Sequence[Recording]
    """What sounds when it is played, in order."""

    @property
    def gid(self) -> UUID:
        """Of the track, or else the release."""
        return self.track.gid if self.track is not None else self.release.gid


def free_like(handle: str) -> str:
    """An address like one that is taken, which no shop has at this moment."""
    likes = like_handle(handle)
    while True:
        some = list(islice(likes, LIKES_AT_ONCE))
        taken = set(Shop.objects.filter(handle__in=some).values_list("handle", flat=True))
        free = next((it for it in some if it not in taken), None)
        if free is not None:
            return free


def shop_at(handle: str) -> Shop:
    """The open shop at an address.

    Raises:
        ShopUnknown: there is none.
    """
    row = (
        Shop.objects.select_related("artist", "label", "owner", "header")
        .filter(handle=handle.lower(), state=State.OPEN)
        .first()
    )
    if row is None:
        raise ShopUnknown
    return row


def shop_of(account: Account) -> Shop | None:
    """The independent shop that an account runs; None while nothing of theirs was accepted."""
    return Shop.objects.select_related("artist", "owner").filter(owner=account, kind=Kind.INDEPENDENT).first()


def shop_of_label(label: UUID) -> Shop | None:
    """The open shop of a label."""
    return Shop.objects.select_related("header").filter(label__gid=label, state=State.OPEN).first()


def shop_of_artist(artist: UUID) -> Shop | None:
    """The open shop of an artist's own."""
    return Shop.objects.filter(artist__gid=artist, state=State.OPEN).first()


def label_of_artist(artist: UUID) -> Shop | None:
    """The open shop of the label whose roster an artist is on."""
    return Shop.objects.filter(roster__artist__gid=artist, roster__until=None, state=State.OPEN).first()


def pieces_of(shop: Shop) -> list[Piece]:
    """What was accepted for a shop, in its order; of a release with several tracks the first."""
    rows = shop.pieces.select_related("recording", "release").order_by("position", "pk")
    first: dict[tuple[str, int], Piece] = {}
    for it in rows:
        first.setdefault(("release", it.release_id) if it.release_id else ("piece", it.pk), it)
    return list(first.values())


def every_piece_of(shop: Shop) -> list[Piece]:
    """The same with all tracks of releases that have several."""
    return list(shop.pieces.select_related("recording", "release").order_by("position", "pk"))


def releases_of(shop: Shop) -> list[Release]:
    """What stands in a shop, in its order, as cards: for those who work there, wherever it is offered."""
    return _cards(_standing(shop))


def releases_shown_in(shop: Shop) -> list[Release]:
    """What of it its reader is shown."""
    return _cards(_standing(shop).filter(is_release_shown("release")))


def soon_shown_in(shop: Shop, *, now: datetime) -> list[Soon]:
    """What of a shop is heard early and its reader is shown, what appears first first."""
    rows = {it.release.gid: it for it in early_of_shop(shop.gid, now=now)}
    cards = catalogue.releases_of(list(rows), removed=True)
    return [Soon(it, rows[it.gid]) for it in cards if it.is_shown]  # type: ignore[attr-defined] # `releases_of` notes it


def recordings_shown_in(shop: Shop) -> list[Recording]:
    """What sounds in a shop for its reader, in its order, with all that a player needs."""
    shown = _standing(shop).filter(is_recording_shown("recording"))
    return catalogue.recordings_of(list(shown.values_list("recording__gid", flat=True)))


def _cards(standing: QuerySet[Piece]) -> list[Release]:
    return catalogue.releases_of(list(dict.fromkeys(standing.values_list("release__gid", flat=True))))


def featured_of(shop: Shop) -> Featured | None:
    """What a shop's page shows first; None where nothing is chosen, or it stands there no more."""
    if shop.featured_recording_id is not None:
        piece = _standing(shop).filter(recording=shop.featured_recording_id).select_related("release").first()
    elif shop.featured_release_id is not None:
        piece = _standing(shop).filter(release=shop.featured_release_id).select_related("release").first()
    else:
        return None
    if piece is None or piece.release is None:
        return None
    (release,) = catalogue.releases_of([piece.release.gid])
    of_track = shop.featured_recording_id is not None
    heard = _standing(shop).filter(recording=piece.recording_id) if of_track else _standing(shop).filter(release=release)  # fmt: skip
    recordings = catalogue.recordings_of(list(heard.values_list("recording__gid", flat=True)))
    return Featured(release, recordings[0] if of_track else None, recordings)


def featured_shown_in(shop: Shop) -> Featured | None:
    """The same for who reads it; None too where it is not offered to them."""
    found = featured_of(shop)
    return found if found is not None and found.release.is_shown else None  # type: ignore[attr-defined] # `releases_of` notes it


def featurable(shop: Shop) -> list[tuple[Release, list[Recording]]]:
    """What a shop's page could show first: each release that stands there, with its tracks where there are not too many."""
    standing = list(_standing(shop).exclude(release=None).select_related("release", "recording"))
    found: dict[Release, list[Recording]] = {}
    for it in standing:
        if it.release is not None:
            tracks = found.setdefault(it.release, [])
            if len(standing) <= TRACKS_OFFERED:
                tracks.append(it.recording)
    return list(found.items())


def _standing(shop: Shop) -> QuerySet[Piece]:
    rows = shop.pieces.filter(release__removed_at=None, recording__removed_at=None)
    return rows.order_by("position", "pk")


def open_shops(
    *, sort: Sort = "new", only: Filter = NOTHING, cursor: str | None = None, size: int
) -> Page[Shop]:
    """Open shops, the newest first or those that most listeners love.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = only.narrow(Shop.objects.select_related("artist").filter(state=State.OPEN))
    return ORDERS[sort].page(rows, cursor=cursor, size=size)


def found_shops(gids: Sequence[UUID]) -> list[Shop]:
    """Open shops in the order asked."""
    if not gids:
        return []
    rows = Shop.objects.select_related("artist").filter(gid__in=set(gids), state=State.OPEN)
    found = {it.gid: it for it in rows}
    return [found[gid] for gid in gids if gid in found]


def genres_of_shops(*, limit: int) -> list[Genre]:
    """Genres of what stands in open shops, by name."""
    standing = Piece.objects.filter(
        is_release_shown("release"), shop__state=State.OPEN, release__removed_at=None
    )
    # Whether there is any, never how many: the first that is found answers.
    return list(
        Genre.objects.filter(Exists(standing.filter(release__genres=OuterRef("pk")))).order_by("name")[:limit]
    )


def countries_of_shops() -> list[str]:
    """Where open shops are, as ISO 3166-1 alpha-2 codes."""
    return sorted(Shop.objects.filter(state=State.OPEN).values_list("country", flat=True).distinct())


@dataclass(frozen=True)
class Payee:
    """A shop, and since when who is paid for it has given the details that stand; never what they are."""

    shop: Shop
    details_changed_at: datetime | None

    @property
    def owner_id(self) -> int | None:
        """Primary key of the account that is paid."""
        return self.shop.owner_id


def payees_of_shops() -> list[Payee]:
    """The latest shops, for accountants."""
    rows = Shop.objects.select_related("owner__details").order_by("-founded_at", "-pk")
    return [Payee(it, _changed_at(it)) for it in rows[:PAYEES_SHOWN]]


def _changed_at(shop: Shop) -> datetime | None:
    given = getattr(shop.owner, "details", None)
    return given.changed_at if given is not None else None


def headers_kept() -> QuerySet[Cover, int]:
    """Keys of rows of artwork that are shops' header pictures, open or not."""
    named = Shop.objects.filter(header__isnull=False)
    return Cover.objects.filter(pk__in=named.values("header_id")).values_list("pk", flat=True)
