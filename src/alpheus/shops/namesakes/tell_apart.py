"""An operator tells two musicians of one name apart: the second becomes an artist of their own, and may open their shop."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.mail.letters import Kind as Letter
from alpheus.mail.post import post
from alpheus.parties.know_artist import another_of_the_name
from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.shops.namesakes.errors import DisambiguationRefused
from alpheus.shops.namesakes.models import ToldApart
from alpheus.shops.namesakes.queries import waiting_shop
from alpheus.values.text import line

LONGEST = 200


@transaction.atomic
def tell_apart(*, operator: Account, shop: UUID, disambiguation: str, link: str, now: datetime) -> Shop:
    """Write down another artist of the name that a shop waits for, with what tells them apart; its owner is told.

    Whose the name was stays who is meant by it alone. The shop's address is its owner's to choose, as ever.

    Args:
        operator: who does it.
        shop: the one that waits.
        disambiguation: a few words (MusicBrainz: disambiguation), which listeners read beside the name.
        link: the shop's page in the studio, for the letter.
        now: the time.

    Raises:
        NoNamesake: it does not wait because of its name.
        DisambiguationRefused: there are no words, or they are the other's.
    """
    Shop.objects.select_for_update(of=("self",)).filter(gid=shop).first()
    found = waiting_shop(shop)
    words = line(disambiguation, limit=LONGEST).strip()
    if not words or words.casefold() == found.artist.disambiguation.casefold():
        raise DisambiguationRefused
    row = found.shop
    row.artist = another_of_the_name(name=row.name, disambiguation=words)
    row.save(update_fields=["artist"])
    ToldApart.objects.create(
        shop=row.gid,
        artist=row.artist.gid,
        other=found.artist.gid,
        disambiguation=words,
        actor=operator.gid,
        at=now,
    )
    if row.owner is not None:
        values = {"shop": row.name, "words": words, "link": link}
        post(kind=Letter.TOLD_APART, to=row.owner.email, language=row.owner.locale, values=values, now=now)
    return row
