"""Somebody chooses what a shop's page shows first: one of its releases, one track, or nothing."""

from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.shops.errors import NotStanding
from alpheus.shops.models import Piece, Shop
from alpheus.shops.rules import May
from alpheus.shops.seats import locked


@transaction.atomic
def feature(*, owner: Account, shop: UUID | None = None, thing: UUID | None) -> Shop:
    """Show a release or a track (by gid) first; None: nothing. It is gone from there while it does not stand in the shop.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
        NotStanding: no such thing stands there.
    """
    row = locked(owner, shop, May.PAGE)
    row.featured_release = row.featured_recording = None
    if thing is not None:
        _choose(row, thing)
    row.save(update_fields=["featured_release", "featured_recording"])
    return row


def _choose(row: Shop, thing: UUID) -> None:
    standing = Piece.objects.filter(shop=row, release__removed_at=None, recording__removed_at=None)
    of_release = standing.filter(release__gid=thing).select_related("release").first()
    of_track = standing.filter(recording__gid=thing).exclude(release=None).select_related("recording").first()
    if of_release is not None:
        row.featured_release = of_release.release
    elif of_track is not None:
        row.featured_recording = of_track.recording
    else:
        raise NotStanding
