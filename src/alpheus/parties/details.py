"""A payee's details: given by their owner, seen by them and by accountants, each sight of them written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from alpheus.parties import traces
from alpheus.parties.errors import DetailsRefused, DetailsUnknown, MayNotSee
from alpheus.parties.models import Account, Details, DetailsTrace, DetailsView, StaffRole
from alpheus.parties.queries import has_role
from alpheus.parties.rules import FIELDS, fit, problems
from alpheus.parties.sealing import is_sealed_by, seal, unseal
from alpheus.values.text import lines

SEEN_SHOWN = 50


@dataclass(frozen=True)
class Opened:
    """Details as their owner gave them."""

    account: Account
    fields: Mapping[str, str]
    """By the names of rules.FIELDS."""
    changed_at: datetime


@transaction.atomic
def give(*, account: Account, fields: Mapping[str, str], now: datetime) -> Details:
    """Keep an account's details, in the place of those before.

    Raises:
        DetailsRefused: they are not whole or not right; then those before stay.
    """
    given = fit({name: lines(fields.get(name, ""), limit=most) for name, most in FIELDS.items()})
    wrong = problems(given)
    if wrong:
        raise DetailsRefused(wrong)
    sealed = {name: seal(text, about=_about(account, name), keys=_keys()) for name, text in given.items()}
    row, _ = Details.objects.update_or_create(account=account, defaults=sealed | {"changed_at": now})
    _trace(row, given, _keys()[0])
    return row


def _trace(row: Details, fields: Mapping[str, str], key: bytes) -> None:
    """Write its digests anew, under one key."""
    row.traces.all().delete()
    DetailsTrace.objects.bulk_create(
        DetailsTrace(details=row, kind=kind.value, digest=digest, key=traces.name_of(key))
        for kind, digest in traces.digests(fields, key=key).items()
    )


def same_as(account: Account) -> dict[traces.Kind, set[int]]:
    """Other accounts (by primary key) that gave the same; nobody sees what that is, and it is no sight of the details."""
    row = Details.objects.select_related("account").filter(account=account).first()
    if row is None:
        return {}
    found: dict[traces.Kind, set[int]] = {}
    others = DetailsTrace.objects.exclude(details=row)
    for kind, wanted in traces.all_digests(_opened(row).fields, keys=_keys()).items():
        same = others.filter(kind=kind.value, digest__in=wanted)
        found[kind] = set(same.values_list("details__account_id", flat=True))
    return {kind: accounts for kind, accounts in found.items() if accounts}


def alike(accounts: Iterable[int], others: QuerySet[Account]) -> dict[int, set[traces.Kind]]:
    """Which of some accounts (by primary key) gave what one of others gave too. Digests are compared and nothing is opened.

    While keys are rotated, what is under the older one is not found until it is made anew.
    """
    wanted = set(accounts)
    theirs = DetailsTrace.objects.filter(details__account__in=others, digest=OuterRef("digest"))
    same = DetailsTrace.objects.filter(
        Exists(theirs.filter(kind=OuterRef("kind")).exclude(details=OuterRef("details"))),
        details__account__in=wanted,
    )
    found: dict[int, set[traces.Kind]] = {}
    for account, kind in same.values_list("details__account_id", "kind"):
        found.setdefault(account, set()).add(traces.Kind(kind))
    return found


def own(account: Account) -> Opened:
    """An account's own details.

    Raises:
        DetailsUnknown: it has given none.
    """
    row = Details.objects.select_related("account").filter(account=account).first()
    if row is None:
        raise DetailsUnknown
    return _opened(row)


def are_given(account: Account) -> bool:
    """Whether an account has given its details: what is not whole is never kept."""
    return Details.objects.filter(account=account).exists()


@transaction.atomic
def see(*, of: UUID, viewer: Account, now: datetime) -> Opened:
    """Show an account's details to an accountant, and write down that they saw them.

    Args:
        of: the account's gid.
        viewer: who asks.
        now: the time.

    Raises:
        MayNotSee: they are no accountant.
        DetailsUnknown: there are none.
    """
    if not is_accountant(viewer):
        raise MayNotSee
    row = Details.objects.select_related("account").filter(account__gid=of).first()
    if row is None:
        raise DetailsUnknown
    DetailsView.objects.create(account=row.account, viewer=viewer, at=now)
    return _opened(row)


def is_accountant(account: Account | None) -> bool:
    """Whether an account closes months and pays out."""
    return has_role(account, StaffRole.Role.ACCOUNTANT)


def seen(account: Account) -> list[DetailsView]:
    """Who saw an account's details, the latest first."""
    return list(account.details_views.select_related("viewer").order_by("-at", "-pk")[:SEEN_SHOWN])


@transaction.atomic
def seal_anew(*, keys: Sequence[bytes]) -> int:
    """Seal under the newest key what is sealed under older ones, and make digests anew under it. Returns how many payees' details changed."""
    changed = 0
    for row in Details.objects.select_for_update(of=("self",)).select_related("account"):
        old = [
            name for name in FIELDS if getattr(row, name) and not is_sealed_by(getattr(row, name), keys[0])
        ]
        for name in old:
            about = _about(row.account, name)
            setattr(
                row, name, seal(unseal(getattr(row, name), about=about, keys=keys), about=about, keys=keys)
            )
        if old:
            row.save(update_fields=old)
            changed += 1
        if (
            row.traces.filter(key=traces.name_of(keys[0])).count() != row.traces.count()
            or not row.traces.exists()
        ):
            fields = {
                name: unseal(getattr(row, name), about=_about(row.account, name), keys=keys)
                for name in FIELDS
            }
            _trace(row, fields, keys[0])
    return changed


def _opened(row: Details) -> Opened:
    keys = _keys()
    return Opened(
        row.account,
        {name: unseal(getattr(row, name), about=_about(row.account, name), keys=keys) for name in FIELDS},
        row.changed_at,
    )


def _about(account: Account, name: str) -> str:
    return f"{name} of {account.gid.hex}"


def _keys() -> Sequence[bytes]:
    """The installation's, the newest first: read each time, since they are rotated while it runs."""
    keys: Sequence[bytes] = settings.DETAILS_KEYS()
    return keys
