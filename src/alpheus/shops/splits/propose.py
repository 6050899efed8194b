"""A shop proposes how the income of recordings is shared, and takes that back while it waits."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.shops.rules import May
from alpheus.shops.seats import locked, works_in
from alpheus.shops.splits import rules
from alpheus.shops.splits.errors import SplitPending, SplitRefused, SplitSettled, SplitUnknown
from alpheus.shops.splits.models import Split, SplitPart
from alpheus.shops.splits.rules import Answer, Event, Person, Problem, State
from alpheus.shops.splits.tell import tell, titles_of
from alpheus.values.money import in_digits
from alpheus.values.secret import digest

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Links:
    """Where things are seen, for letters."""

    splits: str
    """The page of all splits."""
    answer: Callable[[str], str]
    """The page on which the holder of a secret answers."""


@transaction.atomic
def propose(
    *,
    owner: Account,
    shop: UUID | None = None,
    recordings: Sequence[UUID],
    people: Sequence[Person],
    from_date: date,
    links: Links,
    now: datetime,
) -> Split:
    """Ask everybody in a split to accept it; whoever proposes it has accepted their own share.

    Args:
        owner: who proposes it.
        shop: which of theirs; none: the first in which they work.
        recordings: gids of pieces of it.
        people: who is to have which share; the shop's own is the one without an address, if it has one.
        from_date: from which day, UTC.
        links: for the letters.
        now: the time.

    Raises:
        NotYours, RoleRefused: the account works in no shop, or may not.
        SplitRefused: it cannot be; nothing is kept.
        SplitPending: a recording waits for answers to another one.
    """
    row = locked(owner, shop, May.SPLITS)
    holder = row.owner or owner
    found = _of_shop(row, recordings)
    today = now.astimezone(UTC).date()
    problem = rules.problem(people, recordings=len(found), from_date=from_date, today=today)
    if problem is not None:
        raise SplitRefused(problem)
    if any(it.email.casefold() == holder.email.casefold() for it in people):
        raise SplitRefused(Problem.TWICE)
    if Split.objects.filter(recordings__in=found, state=State.PROPOSED).exists():
        raise SplitPending
    asked = SplitPart.objects.filter(split__shop=row, split__proposed_at__gt=now - DAY, is_owner=False)
    if asked.count() + len(people) > rules.ASKED_A_DAY:
        raise SplitRefused(Problem.FLOOD)
    split = Split.objects.create(
        shop=row, shop_name=row.name, from_date=from_date, link=links.splits, proposed_at=now
    )
    split.recordings.set(found)
    for position, person in enumerate(people):
        _ask(split, position, person, owner=holder, links=links, now=now)
    return split


@transaction.atomic
def withdraw(*, owner: Account, shop: UUID | None = None, gid: UUID, now: datetime) -> Split:
    """Take a proposal back; the links of its letters hold no more.

    Raises:
        SplitUnknown: there is none of a shop in which they may do that.
        SplitSettled: it does not wait any more.
    """
    split = Split.objects.select_for_update(of=("self",)).select_related("shop").filter(gid=gid).first()
    if split is None or split.shop is None or (shop is not None and split.shop.gid != shop):
        raise SplitUnknown
    if not works_in(owner, split.shop, May.SPLITS):
        raise SplitUnknown
    state = rules.after(State(split.state), Event.WITHDRAW)
    if state is None:
        raise SplitSettled
    split.state, split.settled_at = state.value, now
    split.save(update_fields=["state", "settled_at"])
    tell(split=split, kind=Kind.SPLIT_WITHDRAWN, who=split.parts.filter(is_owner=False), now=now)
    return split


def _of_shop(shop: Shop, gids: Sequence[UUID]) -> list[Recording]:
    """The pieces that are meant.

    Raises:
        SplitRefused: one is not the shop's.
    """
    found = Recording.objects.filter(piece__shop=shop, gid__in=set(gids))
    if len(found) != len(set(gids)):
        raise SplitRefused(Problem.NOTHING)
    return list(found)


def _ask(split: Split, position: int, person: Person, *, owner: Account, links: Links, now: datetime) -> None:
    is_owner = not person.email
    secret = "" if is_owner else secrets.token_urlsafe(24)
    SplitPart.objects.create(
        split=split,
        position=position,
        account=owner if is_owner else None,
        is_owner=is_owner,
        name=person.name,
        email=person.email,
        parts=person.share.parts,
        answer=Answer.ACCEPTED if is_owner else Answer.WAITING,
        answered_at=now if is_owner else None,
        digest="" if is_owner else digest(secret),
    )
    if is_owner:
        return
    known = Account.objects.filter(email__iexact=person.email).first()
    post(
        kind=Kind.SPLIT_PROPOSED,
        to=person.email,
        language=known.locale if known else owner.locale,
        values={
            "shop": split.shop_name,
            "titles": titles_of(split),
            "share": f"{in_digits(person.share.percent)}%",
            "link": links.answer(secret),
        },
        now=now,
    )
