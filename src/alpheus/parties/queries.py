"""Reads of staff roles, of artists by name, and of names by gid."""

from collections.abc import Iterable
from uuid import UUID

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Account, Artist, ArtistAlias, StaffRole


def known_names(names: Iterable[str]) -> set[str]:
    """Tell which of these names are artists' names or aliases already."""
    keys = {artist_key(name): name for name in names}
    found = set(Artist.objects.filter(key__in=keys).values_list("key", flat=True))
    found |= set(ArtistAlias.objects.filter(key__in=keys).values_list("key", flat=True))
    return {keys[key] for key in found}


def has_role(account: Account | None, role: StaffRole.Role) -> bool:
    """Whether an account has a staff role."""
    return account is not None and account.roles.filter(role=role).exists()


def names_of(accounts: Iterable[UUID]) -> dict[UUID, str]:
    """What accounts are called, by their gids; those that are erased are not there."""
    return {it.gid: str(it) for it in Account.objects.filter(gid__in=set(accounts))}
