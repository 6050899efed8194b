"""What of many listeners may be told. Pure decisions."""

from typing import Final

COHORT_MIN: Final = 10
"""Fewer listeners than this are not told of, not even by an order: they could be found out."""


def told(listeners: int) -> int:
    """How many listeners are told of: all, or none where they are few."""
    return listeners if listeners >= COHORT_MIN else 0
