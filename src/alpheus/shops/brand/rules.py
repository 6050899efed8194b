"""Which agreement holds on a day, what becomes of an invitation, and who may stop being an owner. Pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from alpheus.values.money import Money


@dataclass(frozen=True)
class Terms:
    """An agreement: for which time a price of tracks is fixed. A later one takes an earlier one's place from its first day on."""

    price: Money
    from_date: date
    """The first day, UTC."""
    until: date | None
    """The last day; none: until another is made."""


def in_force(agreements: Sequence[Terms], day: date) -> Terms | None:
    """Which of a shop's agreements, in the order in which they were made, holds on a day; None where prices are free."""
    begun = [it for it in agreements if it.from_date <= day]
    if not begun:
        return None
    last = begun[-1]
    return last if last.until is None or day <= last.until else None


class Problem(StrEnum):
    """Why an agreement cannot be that."""

    PRICE = "price"
    """It fixes more than nothing."""
    PAST = "past"
    """What was asked on days that are over stays as it was."""
    ENDS = "ends"
    """It does not end before it begins."""


def problem(terms: Terms, *, today: date) -> Problem | None:
    """Why an agreement cannot be made today; None where it can."""
    if terms.price.minor == 0:
        return Problem.PRICE
    if terms.from_date < today:
        return Problem.PAST
    return Problem.ENDS if terms.until is not None and terms.until < terms.from_date else None


class State(StrEnum):
    """Where an invitation stands."""

    WAITING = "waiting"
    EXPIRED = "expired"
    """Nobody answered in time."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to an invitation."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


TABLE: Mapping[tuple[State, Event], State] = {
    (State.WAITING, Event.ACCEPT): State.ACCEPTED,
    (State.WAITING, Event.DECLINE): State.DECLINED,
    (State.WAITING, Event.WITHDRAW): State.WITHDRAWN,
    # One that ran out is tidied away by whoever sent it; it cannot be answered any more.
    (State.EXPIRED, Event.WITHDRAW): State.WITHDRAWN,
}
"""What an event leads to; what does not stand here cannot happen."""

HOLDS: Final = timedelta(days=14)
"""How long an invitation can be answered."""
INVITED_A_DAY: Final = 50
"""From one shop: letters to strangers are no toy."""
MEMBERS_MAX: Final = 100


def standing(state: State, *, until: datetime, now: datetime) -> State:
    """Where an invitation stands now: nothing happens to one that runs out, it is so."""
    return State.EXPIRED if state is State.WAITING and now >= until else state


def after(state: State, event: Event) -> State | None:
    """Where an event leads from a state; None where it cannot happen."""
    return TABLE.get((state, event))


class Note(StrEnum):
    """What is written down of a brand shop's people: for good, and by whom."""

    FOUNDED = "founded"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ROLE = "role"
    REMOVED = "removed"
    LEFT = "left"
    HANDED_ON = "handed_on"
    UNROSTERED = "unrostered"
    """An artist left the roster."""
    ROSTERED = "rostered"
    """An artist was put on the roster."""
