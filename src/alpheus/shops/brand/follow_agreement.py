"""Tracks of a label's shop cost what its agreement says from its first day on, and prices' history tells it."""

from datetime import UTC, datetime, time

from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.shops.brand.queries import agreement_on
from alpheus.shops.models import Shop
from alpheus.shops.offers import queries
from alpheus.shops.offers.models import Offer
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.offers.set_prices import price
from alpheus.shops.rules import Kind as ShopKind


@transaction.atomic
def follow_agreement(*, shop: Shop, now: datetime) -> int:
    """Ask for a shop's tracks what its agreement of the day says. Returns for how many that is another price.

    When an agreement is over, prices stay as they are until the label sets others.
    """
    agreement = agreement_on(shop, now.astimezone(UTC).date())
    if agreement is None:
        return 0
    fixed = Asked(Kind.FIXED, agreement.terms.price)
    begun = datetime.combine(agreement.from_date, time.min, UTC)
    Shop.objects.select_for_update(of=("self",)).get(pk=shop.pk)
    changed = 0
    for track in _tracks(shop):
        row = Offer.objects.filter(shop=shop, recording=track).first()
        last = row.prices.order_by("-number").first() if row else None
        if row is None or last is None or queries.asked_in(last) == fixed:
            continue  # what is not offered yet is, at this price, when it is published
        # From the agreement's first moment on, however late this runs; never before what was asked last.
        changed += price(shop=shop, thing=track, asked=fixed, now=max(begun, agreement.made_at, last.since))
    return changed


def follow_agreements(*, now: datetime) -> int:
    """The same of all labels' shops, each in a transaction of its own."""
    return sum(follow_agreement(shop=it, now=now) for it in Shop.objects.filter(kind=ShopKind.BRAND))


def _tracks(shop: Shop) -> list[Recording]:
    return [it.recording for it in shop.pieces.select_related("recording")]
