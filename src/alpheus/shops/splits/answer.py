"""Somebody accepts their share of a split, or declines it; and what is forgotten of them with their account."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from alpheus.mail.letters import Kind as Letter
from alpheus.parties.models import Account
from alpheus.shops.rules import Kind
from alpheus.shops.splits import rules
from alpheus.shops.splits.errors import SplitSettled
from alpheus.shops.splits.models import Split, SplitPart
from alpheus.shops.splits.rules import Answer, State
from alpheus.shops.splits.tell import tell


@transaction.atomic
def answer(*, account: Account, part: SplitPart, accepts: bool, now: datetime) -> Split:
    """Say yes or no to a share, as the account that has it from then on. The same said twice is said once.

    The part is found by a letter's secret (`queries.part_by`) or by the account (`queries.part_of`).

    Raises:
        SplitSettled: it was answered otherwise, or by another account, or does not wait any more.
    """
    split = Split.objects.select_for_update(of=("self",)).select_related("shop__owner").get(pk=part.split_id)
    mine = SplitPart.objects.get(pk=part.pk)
    said = Answer.ACCEPTED if accepts else Answer.DECLINED
    if mine.answer == said and mine.account_id == account.pk:
        return split
    if split.state != State.PROPOSED or mine.answer != Answer.WAITING:
        raise SplitSettled
    mine.account, mine.answer, mine.answered_at = account, said.value, now
    mine.save(update_fields=["account", "answer", "answered_at"])
    _settle(split, mine, now)
    return split


def _settle(split: Split, last: SplitPart, now: datetime) -> None:
    """Agree the split with the last who accepts, end it with the first who declines."""
    state = rules.state_by([Answer(it.answer) for it in split.parts.all()])
    if state is State.PROPOSED:
        return
    split.state, split.settled_at = state.value, now
    if state is State.AGREED:
        split.counts_from = rules.counts_from(split.from_date, now.astimezone(UTC).date())
    split.save(update_fields=["state", "settled_at", "counts_from"])
    kind = Letter.SPLIT_AGREED if state is State.AGREED else Letter.SPLIT_DECLINED
    tell(split=split, kind=kind, who=split.parts.exclude(pk=last.pk), now=now, name=last.name)


@transaction.atomic
def forget(*, account: Account, addresses: Collection[str], now: datetime) -> None:
    """Take the name and the addresses of an account that is erased out of splits. The shares stay: income was divided by them.

    What its own shop proposed, or it was asked to and did not answer, waits no longer; what a label's did, does.
    """
    asked = Q(email__in=addresses) | Q(account=account)
    waiting = Split.objects.filter(state=State.PROPOSED)
    ends = waiting.filter(
        Q(shop__owner=account, shop__kind=Kind.INDEPENDENT)
        | Q(parts__in=SplitPart.objects.filter(asked, answer=Answer.WAITING))
    )
    Split.objects.filter(pk__in=ends.values("pk")).update(state=State.WITHDRAWN, settled_at=now)
    SplitPart.objects.filter(asked).update(name="", email="", digest="")
