"""Reads of this room, named by what they return."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from alpheus.catalogue import queries as catalogue
from alpheus.catalogue.lists import Order
from alpheus.catalogue.models import Asset, Recording, Track
from alpheus.locker.models import Owned
from alpheus.parties.models import Account
from alpheus.rights.models import Suspension
from alpheus.shops.models import Piece
from alpheus.values.cursor import Page

NEWEST: Final = Order("owned", "since", datetime, descending=True)


@dataclass(frozen=True)
class Mine:
    """A release or track of a locker, with what of it can be heard, in its order."""

    owned: Owned
    recordings: list[Recording]


def heard_by(account: Account | None, gids: Iterable[UUID]) -> set[UUID]:
    """Which of these recordings an account owns and hears whole for ever: those too that a shop took down since.

    Not what a notice suspends, nor what an audit took out of its shop: it may have been nobody's to give.
    """
    if account is None:
        return set()
    own = Q(Exists(Owned.objects.filter(account=account, recording=OuterRef("pk")))) | Q(
        Exists(Owned.objects.filter(account=account, release__media__tracks__recording=OuterRef("pk")))
    )
    return set(_open().filter(own, gid__in=list(gids)).values_list("gid", flat=True))


def note_owned(account: Account | None, recordings: Sequence[Recording]) -> None:
    """Note of recordings, as the catalogue's queries read them, that what an account owns `is_shown` to it wherever it is.

    What is owned was bought for ever.
    """
    away = [it.gid for it in recordings if not it.is_shown]  # type: ignore[attr-defined] # `with_sound` notes it
    own = heard_by(account, away) if away else set()
    for it in recordings:
        it.is_shown = it.is_shown or it.gid in own  # type: ignore[attr-defined]


def owned_among(account: Account, things: Iterable[UUID]) -> set[UUID]:
    """Which of these releases and recordings an account owns as such."""
    wanted = list(things)
    rows = Owned.objects.filter(Q(release__gid__in=wanted) | Q(recording__gid__in=wanted), account=account)
    return {gid for pair in rows.values_list("release__gid", "recording__gid") for gid in pair if gid}


def locker_of(account: Account, *, cursor: str | None = None, size: int) -> Page[Mine]:
    """What an account owns, the latest first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = Owned.objects.filter(account=account).select_related(
        "release__cover", "release__credit", "recording"
    )
    page = NEWEST.page(rows, cursor=cursor, size=size)
    return Page([Mine(it, _recordings(it)) for it in page.rows], page.next)


def owned_count(account: Account) -> int:
    """How many things an account owns."""
    return Owned.objects.filter(account=account).count()


def assets_owned() -> QuerySet[Asset, int]:
    """Keys of rows of assets of all that anybody owns."""
    tracks = Track.objects.filter(medium__release__owned__isnull=False)
    mine = Recording.objects.filter(Q(owned__isnull=False) | Q(pk__in=tracks.values("recording")))
    return Asset.objects.filter(pk__in=mine.values("asset")).values_list("pk", flat=True)


def _recordings(row: Owned) -> list[Recording]:
    if row.recording is not None:
        gids = [row.recording.gid]
    else:
        tracks = Track.objects.filter(medium__release=row.release).order_by("medium__position", "position")
        gids = list(tracks.values_list("recording__gid", flat=True))
    opened = set(_open().filter(gid__in=gids).values_list("gid", flat=True))
    recordings = catalogue.recordings_of([gid for gid in gids if gid in opened])
    for it in recordings:
        it.is_shown = True  # type: ignore[attr-defined] # what is owned is heard wherever its owner is
    return recordings


def _open() -> QuerySet[Recording]:
    """Recordings that who owns them hears: offered, or taken down by the shop that gave them."""
    of_a_shop = Exists(Piece.objects.filter(recording=OuterRef("pk")))
    suspended = Exists(Suspension.objects.filter(recording=OuterRef("pk")))
    return Recording.objects.filter(Q(removed_at=None) | (Q(of_a_shop) & ~Q(suspended)))
