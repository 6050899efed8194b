"""How a shop goes from founded to open, and what its address may be. Pure decisions."""

import re
from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a shop stands."""

    FOUNDED = "founded"
    OPEN = "open"
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to one."""

    OPEN = "open"
    CLOSE = "close"


TABLE: Mapping[tuple[State, Event], State] = {
    (State.FOUNDED, Event.OPEN): State.OPEN,
    (State.OPEN, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.OPEN): State.OPEN,
}
"""What an event leads to; what does not stand here cannot happen."""


def after(state: State, event: Event) -> State | None:
    """Where an event leads from a state; None where it cannot happen."""
    return TABLE.get((state, event))


class Lacking(StrEnum):
    """What keeps a shop from opening."""

    PIECE = "piece"
    DETAILS = "details"
    HANDLE = "handle"


def lacking(*, pieces: int, has_details: bool, has_handle: bool) -> tuple[Lacking, ...]:
    """What is left to do before a shop opens, in the order in which it is done."""
    there = {Lacking.PIECE: pieces > 0, Lacking.DETAILS: has_details, Lacking.HANDLE: has_handle}
    return tuple(it for it, is_there in there.items() if not is_there)


class HandleProblem(StrEnum):
    """Why a handle cannot be a shop's address."""

    FORM = "form"
    RESERVED = "reserved"


HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9]|[-_.](?=[a-z0-9])){1,29}")
"""Letters and digits that every keyboard has; a dash, a dot or a line between them."""
RESERVED = frozenset(
    """
    about account accountant admin alpheus api audit auditor help label labels legal mail moderator music
    null office official operator owner payment payments root shop shops staff studio support system
    """.split()  # noqa: SIM905 - one text, since quoted words read worse
)
"""Words that would make a shop look like the house itself."""


def fit_handle(text: str) -> str:
    """A handle as it is kept, of what was typed."""
    return text.strip().removeprefix("@").lower()


def handle_problem(handle: str) -> HandleProblem | None:
    """Why a handle that `fit_handle` made cannot be an address; None where it can."""
    if not HANDLE.fullmatch(handle):
        return HandleProblem.FORM
    return HandleProblem.RESERVED if handle in RESERVED else None
