"""Reads of labels' shops, named by what they return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from alpheus.parties.models import Artist
from alpheus.parties.queries import names_of
from alpheus.shops.brand import rules
from alpheus.shops.brand.models import Agreement, HouseNote, Invitation, Member, Rostered
from alpheus.shops.brand.rules import State
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind
from alpheus.values.money import Money


@dataclass(frozen=True)
class Noted:
    """A line of a shop's history as pages show it."""

    note: HouseNote
    by: str
    """The name of who did it; empty once their account is erased."""
    whom: str
    """Of whom it is about, or their address while they are only invited; empty likewise."""


@dataclass(frozen=True)
class Made:
    """An agreement, and who made it."""

    agreement: Agreement
    by: str


def labels_shops() -> list[Shop]:
    """All brand shops, the latest founded first."""
    rows = Shop.objects.filter(kind=Kind.BRAND).select_related("label", "owner")
    return list(rows.order_by("-founded_at", "-pk"))


def labels_shop(gid: UUID) -> Shop:
    """A brand shop, open or not.

    Raises:
        ShopUnknown: there is none.
    """
    row = Shop.objects.filter(kind=Kind.BRAND, gid=gid).select_related("label", "owner").first()
    if row is None:
        raise ShopUnknown
    return row


def agreements_of(shop: Shop) -> list[Made]:
    """A shop's agreements with who made them, in that order."""
    rows = list(Agreement.objects.filter(shop=shop))
    names = names_of(it.made_by for it in rows)
    return [Made(it, names.get(it.made_by, "")) for it in rows]


def agreement_on(shop: Shop, day: date) -> Agreement | None:
    """Which agreement fixes what a shop's tracks cost on a day; None where nothing does, as in every independent's."""
    if shop.kind != Kind.BRAND:
        return None
    rows = list(Agreement.objects.filter(shop=shop))
    found = rules.in_force([it.terms for it in rows], day)
    return next((it for it in reversed(rows) if it.terms == found), None) if found else None


def fixed_price(shop: Shop, *, now: datetime) -> Money | None:
    """What each of a shop's tracks costs today by its agreement; None where nothing fixes that."""
    agreement = agreement_on(shop, now.astimezone(UTC).date())
    return agreement.terms.price if agreement else None


def members_of(shop: Shop) -> list[Member]:
    """Who belongs to a shop, the longest first."""
    return list(Member.objects.filter(shop=shop).select_related("account"))


def invitations_of(shop: Shop, *, now: datetime) -> Sequence[tuple[Invitation, State]]:
    """Invitations that are not answered, with where they stand now: they wait, or ran out."""
    rows = Invitation.objects.filter(shop=shop, state=State.WAITING)
    return [(it, rules.standing(State(it.state), until=it.until, now=now)) for it in rows]


def roster_of(shop: Shop) -> list[Rostered]:
    """Whose music a label brings out now, by name."""
    rows = Rostered.objects.filter(shop=shop, until=None).select_related("artist", "musician")
    return list(rows.order_by("artist__sort_name", "pk"))


def rostered_keys(shop: Shop) -> set[str]:
    """The names, folded, of whom a label brings out now."""
    return set(Rostered.objects.filter(shop=shop, until=None).values_list("artist__key", flat=True))


def rostered_under(shop: Shop, key: str) -> Rostered | None:
    """An artist's place on a shop's roster, by the name folded; of several the first as they are listed."""
    rows = Rostered.objects.filter(shop=shop, artist__key=key, until=None).select_related("artist")
    return rows.order_by("artist__sort_name", "pk").first()


def rostered(shop: Shop, artist: UUID) -> Rostered | None:
    """An artist's place on a shop's roster; None where they are not on it now."""
    rows = Rostered.objects.filter(shop=shop, artist__gid=artist, until=None).select_related("artist")
    return rows.first()


def history_of(shop: Shop) -> list[Noted]:
    """What was done about a shop's people, the latest first."""
    rows = list(HouseNote.objects.filter(shop=shop).order_by("-number"))
    about = {it.whom for it in rows if it.whom} | {it.actor for it in rows}
    named = names_of(about)
    artists = Artist.objects.filter(gid__in=about)
    named |= {it.gid: it.name for it in artists}
    asked = dict(Invitation.objects.filter(gid__in=about).values_list("gid", "email"))
    return [
        Noted(
            it, named.get(it.actor, ""), named.get(it.whom, "") or asked.get(it.whom, "") if it.whom else ""
        )
        for it in rows
    ]
