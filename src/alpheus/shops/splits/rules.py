"""What a split may be, how it is answered, and from when it counts. Pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from alpheus.values.share import WHOLE, Share

PEOPLE_MAX = 20
"""In one split, its shop's owner among them."""


ASKED_A_DAY = 60
"""People whom one shop may ask in a day: their letters reach strangers."""


class State(StrEnum):
    """Where a split stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to one."""

    ALL_ACCEPTED = "all_accepted"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


TABLE: Mapping[tuple[State, Event], State] = {
    (State.PROPOSED, Event.ALL_ACCEPTED): State.AGREED,
    (State.PROPOSED, Event.DECLINE): State.DECLINED,
    (State.PROPOSED, Event.WITHDRAW): State.WITHDRAWN,
}
"""What an event leads to; what does not stand here cannot happen. What was agreed is changed by a new split alone."""


class Answer(StrEnum):
    """What somebody said to their share."""

    WAITING = ""
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Problem(StrEnum):
    """Why a split cannot be proposed."""

    NOBODY = "nobody"
    TOO_MANY = "too_many"
    TWICE = "twice"
    SUM = "sum"
    PAST = "past"
    NOTHING = "nothing"
    FLOOD = "flood"


@dataclass(frozen=True)
class Person:
    """Somebody who is to have a share; the shop's owner is the one without an address."""

    name: str
    email: str
    share: Share


def after(state: State, event: Event) -> State | None:
    """Where an event leads from a state; None where it cannot happen."""
    return TABLE.get((state, event))


def problem(people: Sequence[Person], *, recordings: int, from_date: date, today: date) -> Problem | None:
    """Why a split cannot be proposed; None where it can."""
    emails = [it.email.casefold() for it in people]
    if recordings == 0:
        return Problem.NOTHING
    if not any(emails):
        return Problem.NOBODY
    if len(people) > PEOPLE_MAX:
        return Problem.TOO_MANY
    if len(set(emails)) < len(emails):
        return Problem.TWICE
    if sum(it.share.parts for it in people) != WHOLE:
        return Problem.SUM
    return Problem.PAST if from_date < today else None


def state_by(answers: Sequence[Answer]) -> State:
    """Where a split that is proposed stands by what its people said: one who declines ends it."""
    if Answer.DECLINED in answers:
        return State.DECLINED
    return State.AGREED if all(it is Answer.ACCEPTED for it in answers) else State.PROPOSED


def counts_from(from_date: date, agreed_on: date) -> date:
    """From which day a split counts: as proposed, but never before everyone had accepted."""
    return max(from_date, agreed_on)
