"""Somebody gives a shop the picture above its name."""

from uuid import UUID

from django.db import transaction

from alpheus.catalogue.artwork import HEADER
from alpheus.catalogue.errors import CoverRefused
from alpheus.catalogue.keep_cover import keep_cover
from alpheus.parties.models import Account
from alpheus.shops.errors import HeaderUnfit
from alpheus.shops.models import Shop
from alpheus.shops.rules import May
from alpheus.shops.seats import locked, seat_for
from alpheus.storage.blobs import Blobs


def set_header(*, owner: Account, shop: UUID | None = None, image: bytes | None, blobs: Blobs) -> Shop:
    """Give a shop a header picture, made of an image file's bytes; of none the one it has is taken away.

    Raises:
        NotYours, RoleRefused: the account works in none, or may not.
        HeaderUnfit: the image cannot be one; nothing was changed.
    """
    gid = seat_for(owner, shop, May.PAGE).shop.gid  # before an image of whoever asks is decoded
    try:
        header = keep_cover(image, blobs=blobs, shape=HEADER) if image is not None else None
    except CoverRefused as error:
        raise HeaderUnfit(str(error)) from error
    with transaction.atomic():
        row = locked(owner, gid, May.PAGE)
        row.header = header
        row.save(update_fields=["header"])
    return row
