"""What can go wrong with notices.

RightsError
├── NoticeUnknown     there is no such notice
├── NoticeRefused     a notice is not whole; `missing` tells what it lacks
├── NoticesFlood      too many came from there
├── ReasonNeeded      a decision needs a sentence
└── DecidedAlready    it was decided so already
"""

from collections.abc import Sequence


class RightsError(Exception):
    """The root of this room's errors."""


class NoticeUnknown(RightsError):
    """There is no such notice."""

    def __init__(self) -> None:
        super().__init__("There is no such notice.")


class NoticeRefused(RightsError):
    """A notice is not whole."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"The notice lacks: {', '.join(missing)}.")
        self.missing = missing


class NoticesFlood(RightsError):
    """Too many notices came from there."""

    def __init__(self) -> None:
        super().__init__("Too many notices came from there today. Write to the operator.")


class ReasonNeeded(RightsError):
    """A decision needs a sentence."""

    def __init__(self) -> None:
        super().__init__("Say in a sentence why.")


class DecidedAlready(RightsError):
    """A notice was decided so already."""

    def __init__(self) -> None:
        super().__init__("This is decided so already.")
