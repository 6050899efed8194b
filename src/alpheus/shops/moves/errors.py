"""What can go wrong with moves. They are errors of shops.

ShopError
├── MoveUnknown      there is no such move for who asks
├── MoveOver         it was done, declined or withdrawn; `state` tells
├── MoveRefused      it cannot be asked for: nobody is there to move, or they are there already
├── MoveAskedAlready the same was asked, and waits
└── MoveHindered     it cannot be done now; `conflict` tells why
"""

from alpheus.shops.errors import ShopError
from alpheus.shops.moves.rules import Conflict, State


class MoveUnknown(ShopError):
    """There is no such move for who asks."""

    code = "move_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such move.")


class MoveOver(ShopError):
    """Nothing can be said to a move any more."""

    code = "move_settled"

    def __init__(self, state: State) -> None:
        super().__init__(f"This move is {state.value}.")
        self.state = state


class MoveRefused(ShopError):
    """It cannot be asked for."""

    code = "move_refused"

    def __init__(self) -> None:
        super().__init__("There is no such artist to move, or they are there already.")


class MoveAskedAlready(ShopError):
    """The same was asked, and waits."""

    code = "move_asked_already"

    def __init__(self) -> None:
        super().__init__("This was asked already, and waits for an answer.")


class MoveHindered(ShopError):
    """It cannot be done now."""

    code = "move_hindered"

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"This move cannot be done now: {conflict.value}.")
        self.conflict = conflict
