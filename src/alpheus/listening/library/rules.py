"""Decisions about what is kept, from plain values: who may do what with a playlist, how much there may be."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

TITLE_MAX = 300
DESCRIPTION_MAX = 2000
KEY_MAX = 250
"""Bytes of a place's key; one that would be longer has all keys of its playlist written anew, shorter."""
ITEMS_MAX = 10_000
"""Tracks of a playlist."""
PLAYLISTS_MAX = 1_000
"""Playlists of one listener."""
EDITORS_MAX = 50
"""Editors of a playlist."""
INVITATION_LIFETIME = timedelta(days=14)
UNDO_WITHIN = timedelta(days=30)
"""How long a change can be undone; then cleaning may take what it left."""
KEPT_AGAIN_WITHIN = timedelta(hours=1)
"""What is let go and kept again within this time has its old place: it was a slip of the thumb."""


class Role(StrEnum):
    """What somebody is to a playlist."""

    OWNER = "owner"
    EDITOR = "editor"
    OTHER = "other"
    """Anybody else, signed in or not."""


class Action(StrEnum):
    """What can be done with a playlist."""

    SEE = "see"
    """By its address."""
    FIND = "find"
    """By searching."""
    EDIT = "edit"
    """Its tracks: add, remove, move; and undo one's own changes of them."""
    DESCRIBE = "describe"
    """Title, description, visibility."""
    SHARE = "share"
    """Invite editors and take them back."""
    DELETE = "delete"


_BY_ROLE: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action) - {Action.FIND},
    Role.EDITOR: frozenset({Action.SEE, Action.EDIT}),
    Role.OTHER: frozenset(),
}
_BY_VISIBILITY: dict[str, frozenset[Action]] = {
    "private": frozenset(),
    "unlisted": frozenset({Action.SEE}),
    "public": frozenset({Action.SEE, Action.FIND}),
}


def may(action: Action, *, role: Role, visibility: str) -> bool:
    """Tell whether somebody may do this: by what they are to the playlist, or because anybody may."""
    return action in _BY_ROLE[role] or action in _BY_VISIBILITY[visibility]


def seen_by_anybody(visibilities: Iterable[str]) -> list[str]:
    """Which visibilities show a playlist to whoever has its address."""
    return [it for it in visibilities if may(Action.SEE, role=Role.OTHER, visibility=it)]


def needs_account(*, visibility: str) -> bool:
    """Tell whether only an account may show a playlist so: what is published has somebody who answers for it."""
    return visibility == "public"


PERIODS: dict[str, int | None] = {"4w": 28, "6m": 182, "1y": 365, "ever": None}
"""Periods of what was heard most, in days."""


def since(period: str, *, now: datetime) -> datetime | None:
    """When a period begins: at the beginning of a day, so that a list and its next pages agree; None for ever."""
    days = PERIODS[period]
    if days is None:
        return None
    return (now - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
