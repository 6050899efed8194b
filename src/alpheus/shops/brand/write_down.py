"""Write down what was done about a brand shop's people. Other verbs call this, with the shop locked."""

from datetime import datetime
from uuid import UUID

from alpheus.database.numbers import next_number
from alpheus.parties.models import Account
from alpheus.shops.brand.models import HouseNote
from alpheus.shops.brand.rules import Note
from alpheus.shops.models import Shop
from alpheus.shops.rules import Role


def write_down(
    *,
    shop: Shop,
    event: Note,
    actor: Account,
    now: datetime,
    whom: UUID | None = None,
    role: Role | None = None,
) -> HouseNote:
    """Add to a shop's history who did what to whom."""
    return HouseNote.objects.create(
        shop=shop,
        number=next_number(HouseNote.objects.filter(shop=shop)),
        event=event.value,
        actor=actor.gid,
        whom=whom,
        role=role.value if role else "",
        at=now,
    )
