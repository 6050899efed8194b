"""What can go wrong with accounts.

PartiesError
├── SignInLinkRefused     a one-time link is forged, expired or used
├── SignUpsUsedUp         a network opened as many accounts today as it may
├── DetailsRefused        a payee's details are not whole, or not right; `problems` tells where
├── DetailsUnknown        an account has given none
├── MayNotSee             whoever asks for another's details is no accountant
└── SealBroken            what is sealed cannot be opened: its key is gone, or it was changed
"""

from collections.abc import Mapping
from enum import StrEnum

from alpheus.parties.rules import Problem


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


class DetailsRefused(PartiesError):
    """A payee's details are not whole, or not right."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(f"These details cannot be kept yet: {', '.join(problems)}.")
        self.problems = problems


class DetailsUnknown(PartiesError):
    """An account has given no details."""

    def __init__(self) -> None:
        super().__init__("There are no details of this account.")


class MayNotSee(PartiesError):
    """Whoever asks for another's details is no accountant."""

    def __init__(self) -> None:
        super().__init__("Details are seen by their owner and by accountants only.")


class SealBroken(PartiesError):
    """What is sealed cannot be opened: its key is gone, or it was changed."""
