"""Whose a submission is: of who began it, or of everybody who brings out releases in the shop that it is handed in for."""

from uuid import UUID

from django.db.models import Q

from alpheus.parties.models import Account
from alpheus.shops.brand.models import Rostered
from alpheus.shops.models import Shop
from alpheus.shops.queries import shop_of
from alpheus.shops.rules import Kind, May, roles_that
from alpheus.shops.seats import seat_for, works_in
from alpheus.submissions.errors import ArtistMoved, ShopMissing
from alpheus.submissions.models import Submission


def may_handle(account: Account, row: Submission) -> bool:
    """Whether an account sees a submission in its studio, and changes it."""
    if row.shop is None:
        return row.account_id == account.pk
    return works_in(account, row.shop, May.RELEASES)


def handled_by(account: Account) -> Q:
    """The same as a condition on submissions."""
    joined = account.memberships.filter(role__in=roles_that(May.RELEASES)).values("shop")
    return Q(shop=None, account=account) | Q(shop__in=joined)


def belonging_to(account: Account) -> Q:
    """Submissions that an account has any part in (`seats.people_of`): it audits none of them."""
    listed = Rostered.objects.filter(musician=account, until=None).values("shop")
    owned = Shop.objects.filter(owner=account).values("pk")
    joined = account.memberships.values("shop")
    return Q(account=account) | Q(shop__in=joined) | Q(shop__in=listed) | Q(shop__in=owned)


def payee_of(row: Submission) -> Account | None:
    """Who is paid for what is handed in: of a brand shop its owner, whoever of its people handed it in."""
    return row.account if row.shop is None else row.shop.owner


def paid_to(account: Account) -> Q:
    """The same as a condition on submissions."""
    return Q(shop=None, account=account) | Q(shop__owner=account)


def of_shop(account: Account, shop: Shop | None) -> Q:
    """What is handed in for a brand shop; of none or an independent's, what the account handed in for itself."""
    return Q(shop=shop) if shop is not None and shop.kind == Kind.BRAND else Q(shop=None, account=account)


def shop_of_submission(row: Submission) -> Shop | None:
    """Where a submission stands once it is accepted; None for an application of who has no shop yet."""
    return row.shop if row.shop is not None else shop_of(row.account)


def refuse_who_moved(shop: Shop) -> None:
    """See to it that an independent's artist is on no label.

    Raises:
        ArtistMoved: their releases come out there.
    """
    if shop.artist is not None and Rostered.objects.filter(artist=shop.artist, until=None).exists():
        raise ArtistMoved("Releases of an artist who is on a label come out there.")


def shop_for_releases(account: Account, shop: UUID | None) -> Shop:
    """A shop for which an account hands releases in.

    Raises:
        ShopMissing: it works in none.
        NotYours, RoleRefused: as `seats.seat_for`, where one is named or several are there.
        ArtistMoved: it is an independent's whose artist is on a label now.
    """
    if shop is None and shop_of(account) is None and not account.memberships.exists():
        raise ShopMissing("Releases stand in a shop. Yours is founded when an application is accepted.")
    found = seat_for(account, shop, May.RELEASES).shop
    refuse_who_moved(found)
    return found
