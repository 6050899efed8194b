"""Where a listener is and where entries stand, decided without a database. Pure."""

from datetime import datetime, timedelta
from uuid import UUID

GAP = 1 << 20
"""Between neighbours' ranks: twenty entries find room at one place by halving before others must move up."""
UNHEARD = timedelta(seconds=20)
"""A device that plays says where it is every fifteen seconds; further than this beyond its last word is a guess."""
SILENT = timedelta(seconds=45)
"""A device that was silent for so long does not play any more: it sleeps, or has lost its network."""
RESTART_MS = 3_000
"""'Previous' within these first moments goes back one piece; later, to the start of this one."""
_SEED_DIGITS = 24


def entry_gids(seed: str, count: int) -> list[UUID]:
    """The names of entries that were made together: 24 hexadecimal digits, drawn once, and eight that count.

    Raises:
        ValueError: the seed is not of 24 hexadecimal digits.
    """
    if len(seed) != _SEED_DIGITS:
        raise ValueError("a seed has 24 hexadecimal digits")
    return [UUID(hex=f"{seed}{number:08x}") for number in range(count)]


def is_playing(*, playing: bool, positioned_at: datetime, now: datetime) -> bool:
    """Whether what is said to play still does, as far as can be known."""
    return playing and now - positioned_at < SILENT


def position_now_ms(*, position_ms: int, positioned_at: datetime, playing: bool, now: datetime) -> int:
    """Where the music is now, given where it was: it went on by itself, but no further than anybody vouches for."""
    if not playing:
        return position_ms
    passed = min(max(now - positioned_at, timedelta()), UNHEARD)
    return position_ms + passed // timedelta(milliseconds=1)


def ranks_between(before: int | None, after: int | None, count: int) -> list[int] | None:
    """Ranks for so many entries between two neighbours; None when there is no room, and what follows must move up.

    Args:
        before: the rank of the entry that they follow; None at the start.
        after: the rank of the entry that they precede; None at the end.
        count: how many.
    """
    if after is None:
        first = GAP if before is None else before + GAP
        return [first + number * GAP for number in range(count)]
    if before is None:
        return [after - (count - number) * GAP for number in range(count)]
    step = (after - before) // (count + 1)
    return [before + (number + 1) * step for number in range(count)] if step else None
