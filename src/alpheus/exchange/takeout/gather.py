"""All that tables hold about an account, as plain values: read from the tables' own relations, so that none is missed.

What hangs on the account or its listener is told row by row under its table's name. Left out is only what would open
something to who reads it (passwords, keys, digests), what is sealed (a payee's details, which their page shows: a file of
them would lie open), and the export itself.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Field, ForeignKey, ManyToOneRel, Model

from alpheus.catalogue.models import Recording
from alpheus.exchange.takeout.models import Export
from alpheus.listening.models import Device, Grant, Listener, Play
from alpheus.parties.models import Account, Details
from alpheus.parties.rules import FIELDS
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind

SECRET = frozenset(
    {"password", "digest", "secret", "session_key", "web_session", "token", "token_secret", "key"}
)
SECRET_MODELS = frozenset({"mfa.authenticator"})
"""Their `data` holds keys; of them only kind and times are told."""
LEFT_OUT: tuple[type[Model], ...] = (Export, Listener)
"""Told elsewhere: the listener's own rows stand under its name."""

FLAT: tuple[type[Model], ...] = (Device, Grant, Play)
"""Nothing hangs on them that is not told already."""
ROW_KEY = "id"

Row = dict[str, Any]


def gather(*, account: Account) -> dict[str, list[Row]]:
    """Each table's rows that are this account's, by the table's name."""
    tables: dict[str, list[Row]] = {"account": [_row(account)]}
    _add_related(tables, account)
    listener = Listener.objects.filter(account=account).first()
    if listener is not None:
        tables["listener"] = [_row(listener)]
        _add_related(tables, listener)
    return tables


def titles(*, tables: Mapping[str, list[Row]]) -> dict[str, Row]:
    """What the recordings are called that rows name, by gid: a number says nothing to who takes it along."""
    named = [row["recording"] for rows in tables.values() for row in rows if row.get("recording")]
    numbers = {it for it in named if isinstance(it, int)}  # a queue names its recordings by gid already
    found = Recording.objects.filter(pk__in=numbers).select_related("credit")
    return {str(it.pk): {"gid": str(it.gid), "title": it.title, "by": str(it.credit)} for it in found}


def _add_related(tables: dict[str, list[Row]], whose: Model, *, deep: bool = True) -> None:
    """Add what hangs on a row; of what is found, also what hangs on that: a playlist's items are its owner's too."""
    for relation in whose._meta.related_objects:
        model = relation.related_model
        if not isinstance(relation, ManyToOneRel) or isinstance(model, str) or model in LEFT_OUT:
            continue
        told = tables.setdefault(model._meta.label_lower, [])
        seen = {row[ROW_KEY] for row in told}
        for row in model._base_manager.filter(**{relation.field.name: whose}).order_by("pk").iterator():
            if row.pk not in seen:
                told.append(_row(row))
            if deep and model not in FLAT and not _is_shared(row):
                _add_related(tables, row, deep=False)
        if not told:
            del tables[model._meta.label_lower]


def _is_shared(row: Model) -> bool:
    """Whether what hangs on a row is other people's as well: a label's members, whom it invited, what they handed in."""
    return isinstance(row, Shop) and row.kind == Kind.BRAND


def _row(row: Model) -> Row:
    hidden = SECRET | ({"data"} if row._meta.label_lower in SECRET_MODELS else set())
    if isinstance(row, Details):
        hidden |= FIELDS.keys()
    fields = [it for it in row._meta.concrete_fields if it.name not in hidden]
    return {ROW_KEY: row.pk} | {it.name: _value(row, it) for it in fields}


def _value(row: Model, field: "Field[Any, Any]") -> Any:
    value = getattr(row, field.attname if isinstance(field, ForeignKey) else field.name)
    return None if isinstance(value, bytes | memoryview) else value
