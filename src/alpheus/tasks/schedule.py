"""Work that is due again and again: `@every(seconds=5)` on a plain function.

A due time is a row, so that several workers share one schedule and a restart neither forgets nor doubles it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alpheus.tasks.models import DueTime


@dataclass(frozen=True)
class Schedule:
    """A function and how often it is due."""

    name: str
    seconds: float
    run: Callable[[], object]


_schedules: dict[str, Schedule] = {}


def every(*, seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function that a worker calls every so many seconds, counted from start to start."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        name = f"{function.__module__}.{function.__qualname__}"
        _schedules[name] = Schedule(name=name, seconds=seconds, run=function)
        return function

    return register


def registered() -> tuple[Schedule, ...]:
    """All schedules, by name."""
    return tuple(_schedules[name] for name in sorted(_schedules))


def claim(schedule: Schedule, *, now: datetime) -> bool:
    """Take a schedule's turn if it is due: exactly one of several workers gets it.

    A turn that was missed while nothing ran is taken once, not once for every time it was missed.
    """
    row, made = DueTime.objects.get_or_create(name=schedule.name, defaults={"due_at": now})
    if not made and row.due_at > now:
        return False
    later = now + timedelta(seconds=schedule.seconds)
    return DueTime.objects.filter(name=schedule.name, due_at=row.due_at).update(due_at=later) == 1
