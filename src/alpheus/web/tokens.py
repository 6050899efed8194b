"""Tokens of the API as pages see them. They are the API's own, a face beside this one: the settings say where they are."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alpheus.parties.models import Account, StaffRole

SCOPES: dict[str, Promise] = {
    "read": _("See and search what anybody sees"),
    "listen": _("Play music, and keep your library, playlists and queue"),
    "account": _("Change your account and its settings, and see and revoke tokens"),
    "studio": _("Work in your studio: hand in releases, set prices, invite people"),
    "office": _("Do what your staff roles allow, all but reading payees' details"),
    "payees": _("Read payees' details; each sight is written down, and they see it"),
}
"""What a token may do, in plain words, by the API's scopes."""
USUAL = ("read", "listen")
"""What is ticked beforehand."""
STAFFS: dict[str, frozenset[str]] = {
    "office": frozenset(StaffRole.Role.values),
    "payees": frozenset({StaffRole.Role.ACCOUNTANT}),
}
"""Offered to staff of these roles alone: to others it would open nothing."""
DAYS = (30, 90, 365)


class Issued(Protocol):
    """A new token: the only time that its secret is seen."""

    secret: str


class Tokens(Protocol):
    """What the API does with tokens (alpheus.api.token)."""

    def issue(
        self, *, account: Account, name: str, scopes: Iterable[str], days: int, now: datetime
    ) -> Issued:
        """Make one."""

    def live(self, account: Account, *, now: datetime) -> QuerySet[Model]:
        """Those that hold, the newest first."""

    def revoke(self, *, account: Account, pk: int, now: datetime) -> bool:
        """End one; False where there is none."""


def tokens() -> Tokens:
    """The API's."""
    return cast("Tokens", import_module(settings.API_TOKENS))


def scopes_for(account: Account) -> dict[str, Promise]:
    """What this account's tokens may be allowed to do."""
    roles = set(StaffRole.objects.filter(account=account).values_list("role", flat=True))
    return {name: told for name, told in SCOPES.items() if name not in STAFFS or STAFFS[name] & roles}
