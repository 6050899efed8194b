"""Letters about a split to those in it, in their language."""

from collections.abc import Iterable
from datetime import datetime

from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.splits.models import Split, SplitPart

NAMED_MAX = 10
"""Titles that a letter names."""


def titles_of(split: Split) -> str:
    """What a split is about, a title a line."""
    return "\n".join(split.recordings.order_by("pk").values_list("title", flat=True)[:NAMED_MAX])


def tell(*, split: Split, kind: Kind, who: Iterable[SplitPart], now: datetime, name: str = "") -> None:
    """Write to some of a split's people what became of it.

    Args:
        split: which.
        kind: of letter.
        who: their parts.
        now: the time.
        name: of whoever did it, where the letter says so.
    """
    for part in who:
        reader = part.account or Account.objects.filter(email__iexact=part.email or None).first()
        to = reader.email if reader else part.email
        if not to:
            continue  # their account was erased
        values = {"shop": split.shop_name, "titles": titles_of(split), "name": name, "link": split.link}
        language = (
            reader.locale if reader else split.shop.owner.locale if split.shop and split.shop.owner else ""
        )
        post(kind=kind, to=to, language=language, values=values, now=now)
