"""What can go wrong with accounts.

PartiesError
└── SignInLinkRefused     a one-time link is forged, expired or used
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
