"""How a shop goes from founded to open, what its address may be, and who may do what in it. Pure decisions."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import count


class Kind(StrEnum):
    """Whose a shop is."""

    INDEPENDENT = "independent"
    """A musician's own."""
    BRAND = "brand"
    """A label's, for the artists on its roster."""


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


def lacking(
    *,
    pieces: int,
    has_details: bool,
    has_handle: bool,
    kind: Kind = Kind.INDEPENDENT,
    was_filled: bool = False,
) -> tuple[Lacking, ...]:
    """What is left to do before a shop opens, in the order in which it is done.

    A label's may open empty, and so may one in which something stood once and moved along with its artist: else what is
    accepted for it next, which appears in an open shop, never could.
    """
    there = {Lacking.PIECE: pieces > 0, Lacking.DETAILS: has_details, Lacking.HANDLE: has_handle}
    if kind is Kind.BRAND or was_filled:
        del there[Lacking.PIECE]
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


HANDLE_MAX = 30
"""Letters that `HANDLE` lets an address have."""


def like_handle(handle: str) -> Iterator[str]:
    """Addresses to take in place of one that is taken, the likest first; without end."""
    for number in count(2):
        suffix = f"-{number}"
        yield handle[: HANDLE_MAX - len(suffix)].rstrip("-_.") + suffix


class Role(StrEnum):
    """What somebody is in a shop. Whose independent shop it is, is its owner."""

    OWNER = "owner"
    MANAGER = "manager"
    EDITOR = "editor"
    BOOKKEEPER = "bookkeeper"


class May(StrEnum):
    """What can be done behind a shop's counter."""

    SEE = "see"
    """Its page in the studio, and who its members are."""
    PAGE = "page"
    """What it says of itself, its colour, its order."""
    RELEASES = "releases"
    """Hand releases in, change and preview them."""
    ROSTER = "roster"
    """Whose music it brings out."""
    SEE_PRICES = "see_prices"
    PRICES = "prices"
    SEE_SPLITS = "see_splits"
    SPLITS = "splits"
    AUDIENCE = "audience"
    MEMBERS = "members"
    """Invite and remove whoever is no owner, and change what they are."""
    OPEN = "open"
    """Choose its address and open it."""
    CLOSE = "close"
    OWNERS = "owners"
    """Make owners, and unmake them."""


_READS: frozenset[May] = frozenset({May.SEE, May.SEE_PRICES, May.SEE_SPLITS, May.AUDIENCE})

ROLES: Mapping[Role, frozenset[May]] = {
    Role.OWNER: frozenset(May),
    Role.MANAGER: frozenset(May) - {May.CLOSE, May.OWNERS},
    Role.EDITOR: frozenset({May.SEE, May.PAGE, May.RELEASES}),
    Role.BOOKKEEPER: _READS,
}
"""What each role may do."""


def may(role: Role, what: May) -> bool:
    """Whether a role may do something."""
    return what in ROLES[role]


def roles_that(what: May) -> list[str]:
    """Which roles may do something, as they are kept."""
    return [role.value for role, allowed in ROLES.items() if what in allowed]


def needed_for(role: Role) -> May:
    """What somebody must be allowed to do, to give or take a role."""
    return May.OWNERS if role is Role.OWNER else May.MEMBERS
