"""Invite somebody to a brand shop by letter, and withdraw that. Whoever has the letter's link answers with it."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.brand import rules
from alpheus.shops.brand.errors import (
    AddressRefused,
    InvitationOver,
    InvitationUnknown,
    InvitedTooMany,
    MemberAlready,
)
from alpheus.shops.brand.models import Invitation, Member
from alpheus.shops.brand.models import Role as RoleName
from alpheus.shops.brand.rules import Event, Note, State
from alpheus.shops.brand.write_down import write_down
from alpheus.shops.errors import RoleRefused
from alpheus.shops.models import Shop
from alpheus.shops.rules import May, Role, needed_for
from alpheus.shops.seats import locked, works_in
from alpheus.values.secret import digest
from alpheus.values.text import line

DAY = timedelta(days=1)


@transaction.atomic
def invite(
    *,
    by: Account,
    shop: UUID | None = None,
    email: str,
    role: Role,
    answer: Callable[[str], str],
    now: datetime,
) -> Invitation:
    """Ask somebody to join; who was asked and did not answer is asked anew, and the first link holds no more.

    Args:
        by: who asks.
        shop: which of their shops.
        email: whom.
        role: what they are to be.
        answer: the page on which the holder of a secret answers.
        now: the time.

    Raises:
        NotYours: who asks belongs to no such shop.
        RoleRefused: they may not give this role.
        AddressRefused: this is no address.
        MemberAlready: they belong to it.
        InvitedTooMany: many were asked today.
    """
    found = locked(by, shop, needed_for(role))
    return ask(shop=found, by=by, email=email, role=role, answer=answer, now=now)


def ask(
    *, shop: Shop, by: Account, email: str, role: Role, answer: Callable[[str], str], now: datetime
) -> Invitation:
    """The same for a locked shop, by somebody who may."""
    to = address_of(email)
    if Member.objects.filter(shop=shop, account__email__iexact=to).exists():
        raise MemberAlready
    asked_today = Invitation.objects.filter(shop=shop, made_at__gt=now - DAY).count()
    if asked_today >= rules.INVITED_A_DAY or shop.members.count() >= rules.MEMBERS_MAX:
        raise InvitedTooMany
    for before in Invitation.objects.filter(shop=shop, email=to, state=State.WAITING):
        _withdraw(before, by, now)
    secret = secrets.token_urlsafe(24)
    made = Invitation.objects.create(
        shop=shop,
        email=to,
        role=role.value,
        digest=digest(secret),
        by=by,
        made_at=now,
        until=now + rules.HOLDS,
    )
    write_down(shop=shop, event=Note.INVITED, actor=by, whom=made.gid, role=role, now=now)
    known = Account.objects.filter(email__iexact=to).first()
    post(
        kind=Kind.SHOP_INVITATION,
        to=to,
        language=known.locale if known else by.locale,
        values={
            "shop": shop.name,
            "role": RoleName(role.value).label,
            "until": made.until.date(),
            "link": answer(secret),
        },
        now=now,
    )
    return made


@transaction.atomic
def withdraw(*, by: Account, shop: UUID | None = None, invitation: UUID, now: datetime) -> Invitation:
    """Take an invitation back; its link holds no more.

    Raises:
        NotYours, RoleRefused: as `invite`.
        InvitationUnknown: the shop has none such.
        InvitationOver: it was answered.
    """
    found = locked(by, shop, May.MEMBERS)
    row = Invitation.objects.filter(shop=found, gid=invitation).first()
    if row is None:
        raise InvitationUnknown
    if not works_in(by, found, needed_for(Role(row.role))):
        raise RoleRefused
    return _withdraw(row, by, now)


def _withdraw(row: Invitation, by: Account, now: datetime) -> Invitation:
    before = rules.standing(State(row.state), until=row.until, now=now)
    state = rules.after(before, Event.WITHDRAW)
    if state is None:
        raise InvitationOver(before)
    row.state, row.settled_at = state.value, now
    row.save(update_fields=["state", "settled_at"])
    write_down(shop=row.shop, event=Note.WITHDRAWN, actor=by, whom=row.gid, role=Role(row.role), now=now)
    return row


def address_of(text: str) -> str:
    """An address as it is kept: somebody is asked there.

    Raises:
        AddressRefused: it is none.
    """
    to = line(text, limit=320).strip().lower()
    try:
        validate_email(to)
    except ValidationError as error:
        raise AddressRefused from error
    return to
