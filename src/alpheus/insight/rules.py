"""Decisions of this room, from plain values: how close two recordings are, and which a radio plays in which order."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["seed", "listeners", "artist", "credit", "genre", "era"]

LISTENERS_LEAST = 3
"""Fewer who heard two recordings together say nothing yet, and might be told who they are."""
ENOUGH = 12
"""So many recordings must be known by their listeners before a radio goes by listeners first."""
BY_LISTENERS = 0.7
"""The share of a radio that goes by listeners where enough is known; tags bring what nobody found yet."""
ARTIST_SHARE = 0.2
"""The most of a radio that one artist fills, as long as there are others."""

WEIGHTS: dict[Kind, float] = {"artist": 1.0, "credit": 0.9, "genre": 0.8, "era": 0.15}
"""How much each tag that is shared speaks for a recording."""


@dataclass(frozen=True)
class Reason:
    """Why something was chosen: what it shares, and with what or whom."""

    kind: Kind
    name: str = ""
    detail: str = ""
    """A role, where a person is shared."""


@dataclass(frozen=True)
class Candidate:
    """A recording that may be played, whose it is, and what speaks for it."""

    recording: int
    credit: int
    reason: Reason
    weight: float


def closeness(listeners: int, plays_of_other: int) -> float:
    """Tell how close two recordings are: by their common listeners, less so for what everybody hears anyway."""
    return listeners / math.sqrt(max(plays_of_other, listeners, 1))


def merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Make one of each recording: what speaks for it adds up, the strongest is said."""
    best: dict[int, Candidate] = {}
    total: dict[int, float] = {}
    for each in candidates:
        total[each.recording] = total.get(each.recording, 0.0) + each.weight
        if each.recording not in best or best[each.recording].weight < each.weight:
            best[each.recording] = each
    return [
        Candidate(each.recording, each.credit, each.reason, total[each.recording]) for each in best.values()
    ]


def arrange(
    heard: Sequence[Candidate], tagged: Sequence[Candidate], *, size: int, draw: Callable[[], float]
) -> list[Candidate]:
    """Choose and order what a radio plays, from what listeners heard together and from what shares tags.

    Likelier by weight, never twice, no artist twice running nor for more than a fifth as long as there are others.
    `draw` gives numbers from 0 up to 1.
    """
    known = _drawn(heard, draw) if len(heard) >= ENOUGH else []
    first = known[: round(size * BY_LISTENERS)]
    taken = {each.recording for each in first}
    rest = _drawn(merged([*heard, *tagged]), draw)
    others = [each for each in rest if each.recording not in taken]
    chosen = _limited([*first, *others], size)
    return _spread(_drawn(chosen, draw))


def _drawn(candidates: Sequence[Candidate], draw: Callable[[], float]) -> list[Candidate]:
    """Put into an order in which the heavier tend to come first (Efraimidis and Spirakis, 2006)."""
    keyed = [(math.log(max(draw(), 1e-12)) / max(each.weight, 1e-6), each) for each in candidates]
    return [each for _, each in sorted(keyed, key=lambda pair: -pair[0])]


def _limited(candidates: Sequence[Candidate], size: int) -> list[Candidate]:
    """Take the first so many, at most a fifth by one artist; more of them only where nobody else is left."""
    most = max(2, round(size * ARTIST_SHARE))
    counts: Counter[int] = Counter()
    within: list[Candidate] = []
    beyond: list[Candidate] = []
    for each in candidates:
        counts[each.credit] += 1
        (within if counts[each.credit] <= most else beyond).append(each)
    return [*within, *beyond][:size]


def _spread(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the order, but let nobody follow themselves where another can come between."""
    waiting = list(candidates)
    spread: list[Candidate] = []
    while waiting:
        before = spread[-1].credit if spread else None
        place = next((n for n, each in enumerate(waiting) if each.credit != before), 0)
        spread.append(waiting.pop(place))
    return spread


COHORT_LEAST = 10
"""Fewer people than this are nobody's audience but persons: how many they are is not told to whom they hear."""


def cohort(people: int) -> int | None:
    """A number of people as it may be told; None for some, but fewer than a cohort."""
    return people if people == 0 or people >= COHORT_LEAST else None


@dataclass(frozen=True)
class Spread:
    """People by group, as it may be told."""

    told: tuple[tuple[str, int], ...]
    """Groups of at least a cohort, the largest first."""
    others: int | None
    """How many are in none of these; None where they are fewer than a cohort."""


def spread(people: Mapping[str, int]) -> Spread:
    """Tell how people spread over groups without telling of a few.

    What is told of the groups and of all together must not say by subtraction what is hidden: where those left out are
    fewer than a cohort, the smallest groups that could be told are left out with them.
    """
    left = sorted(
        ((name, count) for name, count in people.items() if count > 0), key=lambda it: (-it[1], it[0])
    )
    others = 0
    while left and (left[-1][1] < COHORT_LEAST or 0 < others < COHORT_LEAST):
        others += left.pop()[1]
    return Spread(tuple(left), cohort(others))
