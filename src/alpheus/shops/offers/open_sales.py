"""The operator opens and closes sales: from then on listeners are led to where they pay, and who asked to be told is."""

from datetime import datetime

from django.db import transaction

from alpheus.shops.offers.models import Sales
from alpheus.shops.offers.queries import sales


@transaction.atomic
def open_sales(*, where: str, now: datetime) -> Sales:
    """Sell from now on, paid for at a page; open already, it is that page from now on."""
    close_sales(now=now)
    return Sales.objects.create(where=where, opened_at=now)


def close_sales(*, now: datetime) -> bool:
    """Sell no more. Returns False where nothing was sold."""
    row = sales()
    if row is None:
        return False
    return bool(Sales.objects.filter(pk=row.pk, closed_at=None).update(closed_at=now))
