"""Durations in whole milliseconds, and how people read them."""

from typing import NewType

DurationMs = NewType("DurationMs", int)

_MINUS = "−"  # a true minus sign


def clock(ms: int) -> str:
    """Write a duration as a clock does: 3:42, 1:02:09, −2:23; rounded to the nearest second."""
    seconds = (abs(ms) + 500) // 1000
    sign = _MINUS if ms < 0 and seconds else ""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{sign}{hours}:{minute:02}:{second:02}" if hours else f"{sign}{minute}:{second:02}"


def hours_and_minutes(ms: int) -> tuple[int, int]:
    """Split a sum of time into hours and minutes, rounded to the minute, at least one when not zero."""
    minutes = max((ms + 30_000) // 60_000, 1 if ms > 0 else 0)
    return divmod(minutes, 60)


def total(ms: int) -> str:
    """Write a sum of time: 2 h 51 min, 48 min, 3 h."""
    hours, minutes = hours_and_minutes(ms)
    parts = ([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes or not hours else [])
    return " ".join(parts)


def iso(ms: int) -> str:
    """Write a duration for machines (ISO 8601, the datetime attribute of <time>): PT3M42S."""
    return f"PT{ms // 60_000}M{ms % 60_000 / 1000:g}S"
