"""What can go wrong with splits.

SplitError (a ShopError)
├── SplitRefused    it cannot be proposed; `problem` tells why
├── SplitPending    one of its recordings waits for answers to another split
├── SplitUnknown    there is none for this account, or the link does not hold
└── SplitSettled    it was agreed, declined or withdrawn before
"""

from alpheus.shops.errors import ShopError
from alpheus.shops.splits.rules import Problem


class SplitError(ShopError):
    """The root of these errors."""


class SplitRefused(SplitError):
    """A split cannot be proposed."""

    code = "split_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"This split cannot be proposed: {problem.value}.")
        self.problem = problem


class SplitPending(SplitError):
    """One of its recordings waits for answers to another split."""

    code = "split_pending"

    def __init__(self) -> None:
        super().__init__("A split of one of these recordings waits for answers. Withdraw it first.")


class SplitUnknown(SplitError):
    """There is none for this account, or the link does not hold."""

    code = "split_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such split, or it was withdrawn.")


class SplitSettled(SplitError):
    """It was agreed, declined or withdrawn before."""

    code = "split_settled"

    def __init__(self) -> None:
        super().__init__("This split was agreed, declined or withdrawn before.")
