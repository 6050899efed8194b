"""Somebody accepts an invitation to a brand shop, or declines it, by the link of the letter."""

from datetime import datetime

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.shops.brand import rules
from alpheus.shops.brand.errors import InvitationElsewhere, InvitationOver, InvitationUnknown
from alpheus.shops.brand.models import Invitation, Member
from alpheus.shops.brand.rules import Event, Note, State
from alpheus.shops.brand.write_down import write_down
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind, Role
from alpheus.values.secret import digest


def invitation_by(secret: str) -> Invitation:
    """The invitation that a link is about.

    Raises:
        InvitationUnknown: the link does not hold.
    """
    rows = Invitation.objects.select_related("shop__label", "by", "account")
    row = rows.filter(digest=digest(secret)).first() if secret else None
    if row is None:
        raise InvitationUnknown
    return row


@transaction.atomic
def answer(*, account: Account, secret: str, accepts: bool, now: datetime) -> Invitation:
    """Join the shop, or say no. The same said twice by the same account is said once.

    Raises:
        InvitationUnknown: the link does not hold.
        InvitationElsewhere: it was sent to another address than the account's.
        InvitationOver: it was answered otherwise, withdrawn, or ran out.
    """
    shop = Shop.objects.select_for_update(of=("self",)).get(pk=invitation_by(secret).shop_id)
    row = invitation_by(secret)
    event = Event.ACCEPT if accepts else Event.DECLINE
    if row.account_id == account.pk and row.state == rules.TABLE[State.WAITING, event]:
        return row
    if row.email.casefold() != account.email.casefold():
        raise InvitationElsewhere
    before = rules.standing(State(row.state), until=row.until, now=now)
    state = rules.after(before, event)
    if state is None:
        raise InvitationOver(before)
    row.state, row.account, row.settled_at = state.value, account, now
    row.save(update_fields=["state", "account", "settled_at"])
    note = Note.ACCEPTED if accepts else Note.DECLINED
    write_down(shop=shop, event=note, actor=account, whom=row.gid, role=Role(row.role), now=now)
    if accepts:
        _join(shop, account, Role(row.role), now)
    return row


def _join(shop: Shop, account: Account, role: Role, now: datetime) -> None:
    """Who is a member meanwhile by another address keeps what they are, or becomes an owner."""
    member, made = Member.objects.get_or_create(
        shop=shop, account=account, defaults={"role": role.value, "since": now}
    )
    if not made and role is Role.OWNER:
        member.role = role.value
        member.save(update_fields=["role"])
    if role is Role.OWNER and shop.owner_id is None:
        Shop.objects.filter(pk=shop.pk, kind=Kind.BRAND).update(owner=account)
