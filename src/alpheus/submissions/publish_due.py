"""Publish releases that were accepted, at their minute: safe to run twice, to be killed anywhere, and by several workers."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.models import Recording, Release
from alpheus.rights.available import set_availability
from alpheus.rights.early import close_early
from alpheus.rights.rules import Where
from alpheus.shops.errors import NotSoldHere
from alpheus.shops.models import Shop
from alpheus.shops.offers.ask_first import ask_first
from alpheus.shops.offers.rules import Asked
from alpheus.shops.publish_release import publish_release
from alpheus.shops.rules import State as ShopState
from alpheus.submissions import queries
from alpheus.submissions.access import shop_of_submission
from alpheus.submissions.bulk.rules import asked_in
from alpheus.submissions.errors import ShopMissing
from alpheus.submissions.facts import release_facts, songs
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import State
from alpheus.submissions.step import locked

log = logging.getLogger("alpheus.submissions")


def publish_due(*, now: datetime) -> int:
    """Publish what is due, each in a transaction of its own: one that fails keeps no other. Returns how many appeared."""
    return sum(_publish_one(gid, now) for gid in queries.to_publish(now=now))


def _publish_one(gid: UUID, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return publish_if_due(locked(gid), now=now)
    except Exception:
        log.exception("release_not_published", extra={"submission": gid.hex})
        return False


def publish_if_due(row: Submission, *, now: datetime) -> bool:
    """Publish a locked submission if it is accepted, its time has come and its shop is open. Returns whether it was.

    Where another shop sells under its artist's name it waits, and the studio says so.
    """
    shop = shop_of_submission(row)
    if row.state != State.ACCEPTED or row.published_at is not None or (row.due_at and row.due_at > now):
        return False
    if shop is None or shop.state != ShopState.OPEN or queries.is_superseded(row):
        return False
    try:
        with transaction.atomic():
            publish(row, now=now)
    except NotSoldHere:
        return False
    return True


def publish(row: Submission, *, now: datetime) -> Release:
    """Publish a submission as it stands, whatever its state: a preview is this, taken back.

    Raises:
        NameTaken: another shop sells under the artist's name.
        ShopMissing: the account has no shop.
    """
    shop = shop_of_submission(row)
    if shop is None:
        raise ShopMissing("Releases stand in a shop. Yours is founded when an application is accepted.")
    is_first = row.published_at is None  # afterwards prices are set under Prices
    if is_first:  # before it stands, since what is suggested for the release follows from its tracks'
        ask_first(shop=shop, prices=_track_prices(row), now=now)
    release = put_up(row, shop, now=now)
    close_early(release=release)
    asked = asked_in(row.price) if is_first and row.price else None
    if asked is not None:
        ask_first(shop=shop, prices={release: asked}, now=now)
    row.release, row.early, row.published_at = release, None, row.published_at or now
    row.save(update_fields=["release", "early", "published_at"])
    return release


def put_up(row: Submission, shop: Shop, *, now: datetime, offered: bool = True) -> Release:
    """Write a submission down as a release of a shop, with where it is offered; raises as `publish_release` does.

    What was heard early keeps its address, and is as new as anything that appears now.
    """
    if row.early is not None:
        row.early.created_at = now
    release = publish_release(
        shop=shop,
        facts=release_facts(row, now=now),
        songs=songs(row),
        cover=row.cover,
        release=row.release or row.early,
        now=now,
        offered=offered,
    )
    set_availability(release=release, where=Where(row.where), territories=row.territories.split())
    return release


def _track_prices(row: Submission) -> dict[Release | Recording, Asked]:
    """What its sheet asks for its tracks; each names its currency."""
    tracks = row.tracks.exclude(price="").select_related("recording")
    asked = ((it.recording, asked_in(it.price)) for it in tracks)
    return {recording: it for recording, it in asked if recording is not None and it is not None}
