"""What can go wrong with namesakes. They are errors of shops.

ShopError
├── NoNamesake               no shop waits because of its name there
└── DisambiguationRefused    what tells two of one name apart is some words, and other ones than the other's
"""

from alpheus.shops.errors import ShopError


class NoNamesake(ShopError):
    """No shop waits because of its name there."""

    code = "no_namesake"

    def __init__(self) -> None:
        super().__init__("No shop waits here because of its name.")


class DisambiguationRefused(ShopError):
    """This does not tell them apart."""

    code = "disambiguation_refused"

    def __init__(self) -> None:
        super().__init__("Say in a few words what tells them apart, such as: singer from Xiamen.")
