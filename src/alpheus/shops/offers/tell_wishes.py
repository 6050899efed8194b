"""Write to who asked for it that something can be bought now: one letter for all that they asked for, once."""

from datetime import datetime

from django.db import transaction

from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.offers import queries
from alpheus.shops.offers.models import Wish

AT_ONCE = 500
"""Letters of one run: the next comes seconds later."""
NAMED_MAX = 20
"""Titles that a letter names."""


def tell_wishes(*, now: datetime) -> int:
    """Write the letters that are due while sales are open. Returns how many; a run that is killed leaves each account told once or not at all."""
    if queries.sales() is None:
        return 0
    waiting = Wish.objects.filter(told_at=None, offer__in=queries.for_sale())
    accounts = list(waiting.order_by("account").values_list("account", flat=True).distinct()[:AT_ONCE])
    return sum(_tell(number, now) for number in accounts)


@transaction.atomic
def _tell(number: int, now: datetime) -> int:
    account = Account.objects.select_for_update().filter(pk=number).first()
    if account is None:
        return 0  # they left a moment ago
    due = Wish.objects.filter(account=account, told_at=None, offer__in=queries.for_sale())
    rows = list(due.select_related("offer__release", "offer__recording").order_by("since", "pk"))
    if not rows:
        return 0  # they gave it up a moment ago
    Wish.objects.filter(pk__in=[it.pk for it in rows]).update(told_at=now)
    things = [it.offer.release or it.offer.recording for it in rows]
    titles = list(dict.fromkeys(it.title for it in things if it))[:NAMED_MAX]
    values = {"titles": "\n".join(titles), "link": rows[0].link}
    post(kind=Kind.ON_SALE, to=account.email, language=account.locale, values=values, now=now)
    return 1
