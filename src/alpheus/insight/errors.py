"""What can go wrong in this room.

InsightError
└── SeedUnknown    there is nothing by that name to begin from
"""


class InsightError(Exception):
    """Something about what goes together cannot be told."""


class SeedUnknown(InsightError):
    """There is nothing by that name to begin from."""
