"""What can go wrong with notices.

RightsError
├── NoticeUnknown     there is no such notice
├── NoticeRefused     a notice is not whole; `missing` tells what it lacks
├── NoticesFlood      too many came from there
├── ReasonNeeded      a decision needs a sentence
└── DecidedAlready    it was decided so already
"""

from collections.abc import Sequence
from typing import ClassVar


class RightsError(Exception):
    """The root of this room's errors; `code` is what programs are told."""

    code: ClassVar[str] = "failed"


class NoticeUnknown(RightsError):
    """There is no such notice."""

    code = "notice_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such notice.")


class NoticeRefused(RightsError):
    """A notice is not whole."""

    code = "notice_incomplete"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"The notice lacks: {', '.join(missing)}.")
        self.missing = missing


class NoticesFlood(RightsError):
    """Too many notices came from there."""

    code = "too_many_notices"

    def __init__(self) -> None:
        super().__init__("Too many notices came from there today. Write to the operator.")


class ReasonNeeded(RightsError):
    """A decision needs a sentence."""

    code = "words_missing"

    def __init__(self) -> None:
        super().__init__("Say in a sentence why.")


class DecidedAlready(RightsError):
    """A notice was decided so already."""

    code = "decided_already"

    def __init__(self) -> None:
        super().__init__("This is decided so already.")


class OwnNotice(RightsError):
    """A notice was given by who would decide it."""

    code = "own_notice"

    def __init__(self) -> None:
        super().__init__("You gave this notice yourself. Another decides it.")
