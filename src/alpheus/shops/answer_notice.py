"""Decide a notice, and tell the shop: its owner hears why at once. Nobody decides about their own shop."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.rights.models import Early, Notice
from alpheus.rights.notice import decide
from alpheus.rights.rules import Decision, Standing
from alpheus.shops.errors import OwnShop
from alpheus.shops.models import Shop
from alpheus.shops.rules import State
from alpheus.shops.seats import has_part_in
from alpheus.shops.take_in import publish_if_free

LETTERS: Mapping[Decision, Kind] = {
    Decision.SUSPEND: Kind.RELEASE_SUSPENDED,
    Decision.DISMISS: Kind.RELEASE_RESTORED,
}


@transaction.atomic
def answer_notice(
    *,
    staff: Account,
    gid: UUID,
    decision: Decision,
    reason: str,
    link: str,
    now: datetime,
    to_appear_in: Shop | None = None,
) -> Notice:
    """Suspend or dismiss; raises as `rights.notice.decide` does.

    Args:
        staff: who decides.
        gid: the notice's.
        decision: what they decide.
        reason: why, for both sides.
        link: the shop's page about it, for the letter.
        now: the time.
        to_appear_in: where a release is to appear that stands nowhere yet; whoever hands in knows (submissions.answer_notice).

    Raises:
        OwnShop: it is about a shop of who decides: theirs, where they work, or on whose roster they are.
    """
    shop = _shop_of(gid) or to_appear_in
    if shop is not None and has_part_in(staff, shop):
        raise OwnShop
    before = Notice.objects.values_list("standing", flat=True).filter(gid=gid).first()
    row = decide(staff=staff, gid=gid, decision=decision, reason=reason, link=link, now=now)
    if shop is None:
        return row
    if decision is Decision.DISMISS:
        _settle(shop, row, now)
    # Of a claim that came to nothing before anything was done, the shop need not hear.
    if shop.owner is not None and (decision is Decision.SUSPEND or before == Standing.SUSPENDED):
        values = {"title": row.title, "reason": row.decisions.latest("number").reason, "link": link}
        post(kind=LETTERS[decision], to=shop.owner.email, language=shop.owner.locale, values=values, now=now)
    return row


def _shop_of(gid: UUID) -> Shop | None:
    rows = Shop.objects.select_related("owner")
    early = Early.objects.filter(release__notices__gid=gid).values("shop")  # it has no place there yet
    return rows.filter(pieces__release__notices__gid=gid).first() or rows.filter(gid__in=early).first()


def _settle(shop: Shop, row: Notice, now: datetime) -> None:
    """What a shop that is open now has of it stands there again; of one that is closed nothing does."""
    pieces = list(shop.pieces.select_related("shop", "release", "recording").filter(release=row.release))
    if shop.state != State.OPEN:
        remove_recordings(recordings=[it.recording for it in pieces], now=now)
        return
    for piece in pieces:
        publish_if_free(piece=piece, now=now)
