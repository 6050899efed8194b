"""In which shops somebody works, and what they may do there: the one place that says so, for pages, API and verbs alike."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from alpheus.parties.models import Account
from alpheus.shops.brand.models import Member
from alpheus.shops.errors import NotYours, RoleRefused
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind, May, Role, may


@dataclass(frozen=True)
class Seat:
    """Somebody's place in a shop."""

    shop: Shop
    role: Role

    def may(self, what: May) -> bool:
        """Whether they may do something there."""
        return may(self.role, what)


def seats_of(account: Account) -> list[Seat]:
    """Where an account works: in its own shop, then in those that it joined, the longest first."""
    shops = Shop.objects.select_related("artist", "label", "owner")
    own = [Seat(it, Role.OWNER) for it in shops.filter(owner=account, kind=Kind.INDEPENDENT)]
    joined = Member.objects.filter(account=account).select_related("shop__label", "shop__owner")
    return [*own, *(Seat(it.shop, Role(it.role)) for it in joined)]


def seat_of(account: Account, shop: UUID | None = None) -> Seat | None:
    """Where an account works: in this shop, or in the first of `seats_of` where none is named. None where it does not."""
    return next((it for it in seats_of(account) if shop is None or it.shop.gid == shop), None)


def seat_for(account: Account, shop: UUID | None, what: May) -> Seat:
    """The same, for something that they may do there.

    Raises:
        NotYours: they do not work there, or nowhere.
        RoleRefused: they do, and may not.
    """
    seat = seat_of(account, shop)
    if seat is None:
        raise NotYours
    if not seat.may(what):
        raise RoleRefused
    return seat


def locked(account: Account, shop: UUID | None, what: May) -> Shop:
    """The shop of `seat_for`, which nobody else changes until this transaction ends; raises as that does."""
    found = seat_for(account, shop, what).shop
    Shop.objects.select_for_update(of=("self",)).get(pk=found.pk)
    # Read again: who lost their seat while this waited for its turn does nothing any more.
    return seat_for(account, found.gid, what).shop


def role_in(account: Account, shop: Shop) -> Role | None:
    """What an account is in a shop; None where it has no part in it."""
    if shop.kind == Kind.INDEPENDENT:
        return Role.OWNER if shop.owner_id == account.pk else None
    row = Member.objects.filter(shop=shop, account=account).first()
    return Role(row.role) if row is not None else None


def works_in(account: Account, shop: Shop, what: May) -> bool:
    """Whether an account may do something in a shop."""
    role = role_in(account, shop)
    return role is not None and may(role, what)


def belongs_to(account: Account, shop: Shop) -> bool:
    """Whether an account works in a shop, in whatever role."""
    return role_in(account, shop) is not None


def has_part_in(account: Account, shop: Shop) -> bool:
    """Whether an account is one of a shop's own people: then it audits nothing of it and decides nothing about it."""
    return people_of(shop).filter(pk=account.pk).exists()


def people_of(shop: Shop) -> QuerySet[Account]:
    """A shop's own people: who owns it, who works in it, and the musicians on its roster now."""
    return Account.objects.filter(
        Q(pk=shop.owner_id)
        | Q(pk__in=shop.members.values("account"))
        | Q(pk__in=shop.roster.filter(until=None).values("musician"))
    )
