"""What can go wrong with what is owned.

LockerError
└── NotOfferedHere    its shop does not offer it where they are
"""


class LockerError(Exception):
    """Something about what is owned was refused."""

    code = "locker_error"


class NotOfferedHere(LockerError):
    """Its shop does not offer it where they are."""

    code = "not_offered_here"

    def __init__(self) -> None:
        super().__init__("Its shop does not offer this in your country.")
