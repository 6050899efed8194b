"""What can go wrong with accounts.

PartiesError
├── SignInLinkRefused     a one-time link is forged, expired or used
└── SignUpsUsedUp         a network opened as many accounts today as it may
"""

from enum import StrEnum


class PartiesError(Exception):
    """The root of this room's errors."""


class SignInLinkRefused(PartiesError):
    """A one-time sign-in link does not open; `why` says which way."""

    class Why(StrEnum):
        """Why a link is refused."""

        FORGED = "forged"
        EXPIRED = "expired"
        USED = "used"

    def __init__(self, why: Why) -> None:
        super().__init__(f"The sign-in link is {why.value}. Make a new one with: alpheus operator EMAIL")
        self.why = why


class SignUpsUsedUp(PartiesError):
    """A network opened as many accounts today as it may; `wait_seconds` tells until when."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__("From here no more accounts can be opened today. Come back tomorrow.")
        self.wait_seconds = wait_seconds
