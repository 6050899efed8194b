"""Cursors: where in an ordered list a page ended, as one opaque word for a URL.

A cursor holds the last row's sort key (keyset pagination), so that a page at any depth costs the same and rows
that arrive meanwhile shift nothing. It names its list and order: a cursor of another list is refused.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from alpheus.values.errors import CursorInvalid

Key = str | int | datetime
Row = TypeVar("Row")

_MOMENT = "t"  # JSON has no moments: {"t": "2026-11-21T08:14:00+00:00"}
_LONGEST = 8192


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list and the cursor of the next; None at the end."""

    rows: Sequence[Row]
    next: str | None


def encode(ordering: str, keys: Sequence[Key]) -> str:
    """Write a cursor for the list and order named `ordering`."""
    body = [ordering, *({_MOMENT: key.isoformat()} if isinstance(key, datetime) else key for key in keys)]
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def ordering_of(cursor: str) -> str | None:
    """The list and order that a cursor says it belongs to; None where it cannot be read."""
    if len(cursor) > _LONGEST:
        return None
    try:
        return _body(cursor)[0]
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        return None


def decode(ordering: str, kinds: Sequence[type[Key]], cursor: str) -> tuple[Key, ...]:
    """Read a cursor of the list and order named `ordering`, whose keys have these types.

    Raises:
        CursorInvalid: it is not one of ours for this list.
    """
    if len(cursor) > _LONGEST:
        raise CursorInvalid("This cursor is too long to be ours. Begin again from the first page.")
    try:
        name, raw = _body(cursor)
        keys = tuple(_key(value) for value in raw)
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CursorInvalid("This cursor cannot be read. Begin again from the first page.") from error
    if (
        name != ordering
        or len(keys) != len(kinds)
        or any(type(k) is not t for k, t in zip(keys, kinds, strict=True))
    ):
        raise CursorInvalid("This cursor belongs to another list. Begin again from the first page.")
    return keys


def _body(cursor: str) -> tuple[str, list[object]]:
    body = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    name, *raw = body
    if not isinstance(name, str):
        raise TypeError(name)
    return name, raw


def _key(value: object) -> Key:
    if isinstance(value, dict):
        moment = datetime.fromisoformat(value[_MOMENT])
        if moment.tzinfo is None:
            raise CursorInvalid("A moment without a time zone is none of ours.")
        return moment
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    if isinstance(value, str) and value.isprintable():
        return value
    raise CursorInvalid("This cursor holds what we never put there.")
