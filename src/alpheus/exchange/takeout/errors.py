"""What can go wrong with exported data.

TakeoutError
└── ExportUnknown     no such export of this account's, or its time is over
"""


class TakeoutError(Exception):
    """The root of these errors."""


class ExportUnknown(TakeoutError):
    """There is no such export of this account's, it is not ready, or its time is over."""
