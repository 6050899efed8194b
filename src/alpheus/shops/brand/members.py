"""Members of a brand shop: their roles, their leaving, and the ownership handed on. There is always an owner.

Who is concerned and did not do it themselves is told by letter.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.mail.compose import Value
from alpheus.mail.letters import Kind as LetterKind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.brand.errors import LastOwner, MemberUnknown
from alpheus.shops.brand.models import Invitation, Member
from alpheus.shops.brand.models import Role as RoleName
from alpheus.shops.brand.rules import Note
from alpheus.shops.brand.write_down import write_down
from alpheus.shops.errors import RoleRefused
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind, May, Role, needed_for
from alpheus.shops.seats import locked, works_in


@transaction.atomic
def change_role(
    *, by: Account, shop: UUID | None = None, member: UUID, role: Role, link: str, now: datetime
) -> Member:
    """Give a member another role; the same changes nothing.

    Args:
        by: who gives it.
        shop: which of their shops.
        member: who gets it.
        role: which.
        link: the page of the shop's members, for the letter.
        now: the time.

    Raises:
        NotYours: who asks belongs to no such shop.
        RoleRefused: they may not take the one or give the other.
        MemberUnknown: there is no such member.
        LastOwner: nobody else owns the shop.
    """
    found, row = _member(by, shop, member)
    if not works_in(by, found, needed_for(role)):
        raise RoleRefused
    if row.role == role:
        return row
    _leave_an_owner(found, row)
    row.role = role.value
    row.save(update_fields=["role"])
    _name_owner(found)
    write_down(shop=found, event=Note.ROLE, actor=by, whom=row.account.gid, role=role, now=now)
    if row.account_id != by.pk:
        _tell(LetterKind.ROLE_CHANGED, row.account, found, name=str(by), role=role, link=link, now=now)
    return row


@transaction.atomic
def remove(*, by: Account, shop: UUID | None = None, member: UUID, now: datetime) -> None:
    """Remove a member; raises as `change_role` does."""
    found, row = _member(by, shop, member)
    _go(found, row, by=by, event=Note.REMOVED, now=now)
    if row.account_id != by.pk:
        _tell(LetterKind.MEMBER_REMOVED, row.account, found, name=str(by), now=now)


@transaction.atomic
def leave(*, account: Account, shop: UUID, now: datetime) -> None:
    """Leave a shop.

    Raises:
        NotYours: the account belongs to no such shop.
        MemberUnknown: it is their own, which has no members.
        LastOwner: nobody else owns it.
    """
    found = locked(account, shop, May.SEE)
    row = Member.objects.select_related("account").filter(shop=found, account=account).first()
    if row is None:
        raise MemberUnknown
    _go(found, row, by=account, event=Note.LEFT, now=now)


@transaction.atomic
def hand_on(
    *, by: Account, shop: UUID | None = None, member: UUID, link: str, account_link: str, now: datetime
) -> Member:
    """Make a member an owner in one's own place: they are paid and written to from now on, and one manages the shop.

    Args:
        by: who hands it on.
        shop: which of their shops.
        member: to whom.
        link: the shop's page in the studio, for their letter.
        account_link: the page of who hands it on about their account, for theirs.
        now: the time.

    Raises:
        NotYours: who asks belongs to no such shop.
        RoleRefused: they do not own it.
        MemberUnknown: there is no such member, or it is they themselves.
    """
    found = locked(by, shop, May.OWNERS)
    rows = Member.objects.select_related("account").filter(shop=found).exclude(account=by)
    row = rows.filter(gid=member).first()
    if row is None:
        raise MemberUnknown
    row.role = Role.OWNER.value
    row.save(update_fields=["role"])
    Member.objects.filter(shop=found, account=by).update(role=Role.MANAGER.value)
    Shop.objects.filter(pk=found.pk).update(owner=row.account)
    write_down(shop=found, event=Note.HANDED_ON, actor=by, whom=row.account.gid, role=Role.OWNER, now=now)
    _tell(LetterKind.SHOP_HANDED_TO, row.account, found, name=str(by), link=link, now=now)
    _tell(LetterKind.SHOP_HANDED_ON, by, found, name=str(row.account), link=account_link, now=now)
    return row


@transaction.atomic
def forget(*, account: Account, addresses: Collection[str]) -> None:
    """Take an account that is erased out of brand shops. One that is left without an owner waits for an operator to name one."""
    Invitation.objects.filter(email__in=addresses).update(email="")
    Invitation.objects.filter(account=account).update(email="")
    shops = list(
        Shop.objects.filter(members__account=account) | Shop.objects.filter(owner=account, kind=Kind.BRAND)
    )
    Member.objects.filter(account=account).delete()
    for shop in shops:
        if shop.kind == Kind.BRAND:
            _name_owner(shop)


def _member(by: Account, shop: UUID | None, member: UUID) -> tuple[Shop, Member]:
    """A member whom somebody may manage, with the shop locked."""
    found = locked(by, shop, May.MEMBERS)
    row = Member.objects.select_related("account").filter(shop=found, gid=member).first()
    if row is None:
        raise MemberUnknown
    if not works_in(by, found, needed_for(Role(row.role))):
        raise RoleRefused
    return found, row


def _go(shop: Shop, row: Member, *, by: Account, event: Note, now: datetime) -> None:
    _leave_an_owner(shop, row)
    whom, role = row.account.gid, Role(row.role)
    row.delete()
    _name_owner(shop)
    write_down(shop=shop, event=event, actor=by, whom=whom, role=role, now=now)


def _tell(
    kind: LetterKind, reader: Account, shop: Shop, *, name: str, now: datetime, role: Role | None = None,
    link: str = "",
) -> None:  # fmt: skip
    values: dict[str, Value] = {"shop": shop.name, "name": name, "link": link}
    if role is not None:
        values["role"] = RoleName(role.value).label
    post(kind=kind, to=reader.email, language=reader.locale, values=values, now=now)


def _leave_an_owner(shop: Shop, row: Member) -> None:
    others = Member.objects.filter(shop=shop, role=Role.OWNER).exclude(pk=row.pk)
    if row.role == Role.OWNER and not others.exists():
        raise LastOwner


def _name_owner(shop: Shop) -> None:
    """See to it that who is paid and written to is an owner: who has been one the longest, where it has to be another."""
    owners = Member.objects.filter(shop=shop, role=Role.OWNER)
    if shop.owner_id is not None and owners.filter(account=shop.owner_id).exists():
        return
    first = owners.order_by("since", "pk").first()
    Shop.objects.filter(pk=shop.pk).update(owner=first.account if first else None)
