"""Reads of splits, named by what they return."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from alpheus.catalogue.models import Recording
from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.shops.splits.errors import SplitUnknown
from alpheus.shops.splits.models import Split, SplitPart
from alpheus.shops.splits.rules import Answer, State
from alpheus.values.secret import digest


def splits_of(shop: Shop) -> list[Split]:
    """All splits of a shop with their parts and recordings, the latest first; those too that moved here with releases.

    Of a split whose recordings moved its shares stay as they are: they are about the recordings. What waits for answers is
    taken back by whoever proposed it.
    """
    moved = Split.objects.filter(recordings__piece__shop=shop).values("pk")
    living = Q(pk__in=moved, state__in=[State.PROPOSED, State.AGREED])
    return list(_whole(Split.objects.filter(Q(shop=shop) | living)))


def split_on(recording: Recording, day: date) -> Split | None:
    """The split that counts for a recording on a day; None where all of it is its shop's."""
    agreed = Split.objects.filter(recordings=recording, state=State.AGREED, counts_from__lte=day)
    return agreed.order_by("-counts_from", "-settled_at", "-pk").first()


def parts_with(account: Account) -> list[SplitPart]:
    """What others share with an account, or ask it to: by its account, or by its address while that is not answered."""
    asked = Q(answer=Answer.WAITING, split__state=State.PROPOSED, email__iexact=account.email)
    rows = SplitPart.objects.filter(Q(account=account) | asked, is_owner=False)
    rows = rows.select_related("split").prefetch_related("split__recordings", "split__parts")
    return list(rows.order_by("-split__proposed_at", "-pk"))


def part_by(secret: str) -> SplitPart:
    """The part that a link is about.

    Raises:
        SplitUnknown: the link does not hold.
    """
    row = _parts().filter(digest=digest(secret)).first() if secret else None
    if row is None or row.split.state == State.WITHDRAWN:
        raise SplitUnknown
    return row


def part_of(account: Account, gid: UUID) -> SplitPart:
    """An account's own part of a split.

    Raises:
        SplitUnknown: it has none.
    """
    row = next((it for it in parts_with(account) if it.split.gid == gid), None)
    if row is None:
        raise SplitUnknown
    return row


def _whole(rows: QuerySet[Split]) -> QuerySet[Split]:
    return rows.prefetch_related("parts__account", "recordings")


def _parts() -> QuerySet[SplitPart]:
    rows = SplitPart.objects.select_related("split", "account")
    return rows.prefetch_related("split__recordings", "split__parts")
