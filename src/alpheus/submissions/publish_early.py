"""Pre-listening: have previews of accepted releases heard before their minute, and end that where it may not be.

Safe to run twice, to be killed anywhere, and by several workers: each release is settled in a transaction of its own by what
it and its shop say at that moment, whatever was done about it before.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.rights.early import LATE, end_of_release, end_without_namer, open_early
from alpheus.rights.models import Early, Suspension
from alpheus.shops.errors import NotSoldHere
from alpheus.shops.models import Shop
from alpheus.shops.rules import State as ShopState
from alpheus.submissions import queries, rules
from alpheus.submissions.access import shop_of_submission
from alpheus.submissions.models import Submission
from alpheus.submissions.publish_due import put_up
from alpheus.submissions.rules import Kind, Prelisten, State
from alpheus.submissions.step import locked

log = logging.getLogger("alpheus.submissions")


def publish_early(*, now: datetime) -> int:
    """Settle all whose pre-listening is to begin or has begun. Returns of how many that changed anything."""
    end_without_namer(named=queries.releases_early(), now=now)
    return sum(_settle_one(gid, now) for gid in queries.to_settle_early(now=now))


def _settle_one(gid: UUID, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return settle_early(locked(gid), now=now)
    except Exception:
        log.exception("early_not_settled", extra={"submission": gid.hex})
        return False


def settle_early(row: Submission, *, now: datetime, anew: bool = False) -> bool:
    """Let previews of a locked submission be heard, or heard no more, as it stands. Returns whether that changed anything.

    Args:
        row: locked.
        now: the time.
        anew: whether it is written down again though it is heard already: something about it changed.
    """
    opened = Early.objects.filter(release=row.early).first() if row.early is not None else None
    shop = shop_of_submission(row)
    if shop is None or not _may_be_heard(row, shop, opened, now):
        return row.early is not None and end_of_release(row.early, now=now) > 0
    if opened is not None and not anew and (opened.until, opened.zone) == (row.due_at, row.zone):
        return False
    if row.due_at is None or row.due_at <= now:
        return False  # it is about to appear
    try:
        with transaction.atomic():
            if not _stays_open(shop):
                return False
            row.early = put_up(row, shop, now=now, offered=False)
            open_early(release=row.early, shop=shop.gid, until=row.due_at, zone=row.zone, now=now)
            row.save(update_fields=["early"])
    except NotSoldHere:  # another shop sells under its artist's name
        row.refresh_from_db(fields=["early"])
        return row.early is not None and end_of_release(row.early, now=now) > 0
    return True


def _stays_open(shop: Shop) -> bool:
    """Whether a shop is open until this transaction ends: who closes it waits, and then ends what began here."""
    found = Shop.objects.select_for_update(of=("self",)).filter(pk=shop.pk).first()
    return found is not None and found.state == ShopState.OPEN


def _may_be_heard(row: Submission, shop: Shop, opened: Early | None, now: datetime) -> bool:
    """Whether it waits for its minute, and listeners may hear previews until then."""
    waits = row.kind == Kind.RELEASE and row.state == State.ACCEPTED and row.published_at is None
    if not waits or row.release_id is not None or shop.state != ShopState.OPEN:
        return False
    if Suspension.objects.filter(recording__submitted__submission=row).exists():
        return False
    if row.tracks.filter(recording__isnull=False, recording__removed_at=None).exists():
        return False  # heard early is what is removed: it takes out nothing that stands somewhere
    if opened is not None and row.due_at == opened.until and row.due_at <= now < row.due_at + LATE:
        return row.prelisten != Prelisten.NEVER
    return rules.is_heard_early(Prelisten(row.prelisten), since=row.prelisten_at, due=row.due_at, now=now)
