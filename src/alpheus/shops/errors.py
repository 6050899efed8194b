"""What can go wrong with shops.

ShopError
├── ShopUnknown       there is no such shop, or it is not open
├── NotYours          this account runs none
├── NotReady          something is left to do before it opens; `lacking` tells what
├── HandleRefused     its address cannot be that; `problem` tells why
├── HandleTaken       another shop has this address
├── HeaderUnfit       an image cannot be a shop's header picture; it says how to mend it
├── NotStanding       what is to be featured does not stand in the shop
├── NotSoldHere       a shop may not sell under an artist's name
│   ├── NameTaken     another shop does
│   └── NotRostered   a label brings out music of artists on its roster
├── RoleRefused       who asks belongs to the shop, but their role may not do this
└── OwnShop           a notice is about the shop of who would decide it
"""

from collections.abc import Sequence
from typing import ClassVar

from alpheus.shops.rules import HandleProblem, Lacking


class ShopError(Exception):
    """The root of this room's errors; `code` is what programs are told."""

    code: ClassVar[str] = "failed"


class ShopUnknown(ShopError):
    """There is no such shop, or it is not open."""

    code = "shop_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such shop.")


class NotYours(ShopError):
    """This account runs no shop."""

    code = "no_shop"

    def __init__(self) -> None:
        super().__init__("A shop is founded when a recording of yours was accepted.")


class NotReady(ShopError):
    """Something is left to do before a shop opens."""

    code = "shop_not_ready"

    def __init__(self, lacking: Sequence[Lacking]) -> None:
        super().__init__(f"The shop cannot open yet: {', '.join(lacking)}.")
        self.lacking = lacking


class HandleRefused(ShopError):
    """A shop's address cannot be that."""

    code = "handle_refused"

    def __init__(self, problem: HandleProblem) -> None:
        super().__init__(f"This cannot be a shop's address: {problem.value}.")
        self.problem = problem


class HandleTaken(ShopError):
    """Another shop has this address; `free` is one like it that none has, empty for a shop that keeps its own."""

    code = "handle_taken"

    def __init__(self, free: str = "") -> None:
        super().__init__("Another shop has this address.")
        self.free = free


class HeaderUnfit(ShopError):
    """An image cannot be a shop's header picture."""

    code = "header_unfit"


class NotStanding(ShopError):
    """What is to be featured does not stand in the shop."""

    code = "not_standing"

    def __init__(self) -> None:
        super().__init__("This does not stand in the shop.")


class NotSoldHere(ShopError):
    """A shop may not sell under an artist's name: what is accepted waits until it may."""


class NameTaken(NotSoldHere):
    """Another shop sells under this artist's name."""

    code = "name_taken"

    def __init__(self) -> None:
        super().__init__("Another shop sells under this artist's name. Write to the operator.")


class NotRostered(NotSoldHere):
    """An artist is not on a label's roster."""

    code = "not_rostered"

    def __init__(self) -> None:
        super().__init__("This artist is not on the label's roster.")


class OwnShop(ShopError):
    """A notice is about the shop of who would decide it."""

    code = "own_shop"

    def __init__(self) -> None:
        super().__init__("This is about your own shop. Another decides it.")


class RoleRefused(ShopError):
    """Who asks belongs to the shop, but what they are in it does not allow this."""

    code = "role_refused"

    def __init__(self) -> None:
        super().__init__("Your role in this shop does not allow this. Ask one of its owners.")
