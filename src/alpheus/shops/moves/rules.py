"""Whose word a move needs, and what becomes of it. Pure decisions."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Side(StrEnum):
    """Who has a say in a move."""

    ARTIST = "artist"
    """Whoever runs the artist."""
    FROM = "from"
    """The label that they are with."""
    TO = "to"
    """The label that they go to."""


class State(StrEnum):
    """Where a move stands."""

    ASKED = "asked"
    MOVED = "moved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to one."""

    AGREE = "agree"
    """A side says yes; others are still to be heard."""
    MOVE = "move"
    """The last side says yes."""
    DECLINE = "decline"
    WITHDRAW = "withdraw"


TABLE: Mapping[tuple[State, Event], State] = {
    (State.ASKED, Event.AGREE): State.ASKED,
    (State.ASKED, Event.MOVE): State.MOVED,
    (State.ASKED, Event.DECLINE): State.DECLINED,
    (State.ASKED, Event.WITHDRAW): State.WITHDRAWN,
}
"""What an event leads to; what does not stand here cannot happen."""


def after(state: State, event: Event) -> State | None:
    """Where an event leads from a state; None where it cannot happen."""
    return TABLE.get((state, event))


def sides(*, has_musician: bool, from_label: bool, to_label: bool) -> frozenset[Side]:
    """Whose word a move needs: that of who runs the artist, if anybody does, and of every label in it."""
    told = {Side.ARTIST: has_musician, Side.FROM: from_label, Side.TO: to_label}
    return frozenset(side for side, has_say in told.items() if has_say)


def awaited(needed: Collection[Side], agreed: Collection[Side]) -> frozenset[Side]:
    """Who has not said yes yet."""
    return frozenset(needed) - frozenset(agreed)


class Conflict(StrEnum):
    """Why a move cannot be done now."""

    GONE = "gone"
    """The artist is where they were no more: another move was quicker."""
    CLOSED = "closed"
    """A shop in it was closed meanwhile."""
    IN_AUDIT = "in_audit"
    """A release of theirs is being heard, or waits for its day."""
    NO_SHOP = "no_shop"
    """Who runs the artist is gone, or sells another artist in their own shop."""
