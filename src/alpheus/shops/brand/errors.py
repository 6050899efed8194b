"""What can go wrong with labels' shops. They are errors of shops.

ShopError
├── LabelRefused         a label needs a name, a country, and its owner's address
├── LabelHasShop         it has a brand shop already
├── AgreementRefused     an agreement cannot be that; `problem` tells why
├── PriceFixed           an agreement fixes the price; `terms` and `made_on` tell which
├── InvitationUnknown    the link does not hold, or there is no such invitation
├── InvitationOver       it was answered, withdrawn, or ran out; `state` tells
├── InvitationElsewhere  it was sent to another address than that of who is signed in
├── MemberAlready        who is invited belongs to the shop
├── MemberUnknown        there is no such member
├── LastOwner            a shop has an owner: the last one cannot go
├── InvitedTooMany       many were invited today, or there are too many members
├── AddressRefused       this is no e-mail address
├── ArtistRefused        an artist needs a name
└── ArtistElsewhere      an artist has a shop of their own, or is on another label's roster
"""

from datetime import date

from alpheus.shops.brand.rules import Problem, State, Terms
from alpheus.shops.errors import ShopError


class LabelRefused(ShopError):
    """A label cannot be founded so."""

    code = "label_refused"

    def __init__(self) -> None:
        super().__init__("A label needs a name and a country.")


class LabelHasShop(ShopError):
    """A label has one brand shop."""

    code = "label_has_shop"

    def __init__(self) -> None:
        super().__init__("This label has a brand shop already.")


class AgreementRefused(ShopError):
    """An agreement cannot be that."""

    code = "agreement_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"This cannot be an agreement: {problem.value}.")
        self.problem = problem


class PriceFixed(ShopError):
    """An agreement fixes what tracks cost."""

    code = "price_fixed"

    def __init__(self, terms: Terms, made_on: date) -> None:
        price = f"{terms.price.decimal} {terms.price.currency}"
        until = f" until {terms.until}" if terms.until else ""
        super().__init__(f"The agreement of {made_on} fixes the price of tracks at {price}{until}.")
        self.terms = terms
        self.made_on = made_on


class InvitationUnknown(ShopError):
    """There is no such invitation."""

    code = "invitation_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such invitation.")


class InvitationOver(ShopError):
    """An invitation cannot be answered any more."""

    code = "invitation_settled"

    def __init__(self, state: State) -> None:
        super().__init__(f"This invitation is {state.value}.")
        self.state = state


class InvitationElsewhere(ShopError):
    """An invitation holds for the address that it was sent to."""

    code = "invitation_elsewhere"

    def __init__(self) -> None:
        super().__init__("This invitation was sent to another address. Sign in with that one.")


class MemberAlready(ShopError):
    """Somebody belongs to the shop already."""

    code = "member_already"

    def __init__(self) -> None:
        super().__init__("They belong to this shop already. Change their role instead.")


class MemberUnknown(ShopError):
    """There is no such member."""

    code = "member_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such member of this shop.")


class LastOwner(ShopError):
    """A shop is never without an owner."""

    code = "last_owner"

    def __init__(self) -> None:
        super().__init__("The last owner cannot go. Hand the ownership on first.")


class InvitedTooMany(ShopError):
    """Too many were invited."""

    code = "invited_too_many"

    def __init__(self) -> None:
        super().__init__("Many were invited today, or there are 100 members. Invite the others tomorrow.")


class AddressRefused(ShopError):
    """Invitations go by letter."""

    code = "address_refused"

    def __init__(self) -> None:
        super().__init__("This is no e-mail address.")


class ArtistRefused(ShopError):
    """An artist needs a name."""

    code = "artist_refused"

    def __init__(self) -> None:
        super().__init__("An artist needs a name.")


class ArtistElsewhere(ShopError):
    """An artist has a shop of their own, or is on another label's roster."""

    code = "artist_elsewhere"

    def __init__(self) -> None:
        super().__init__("They have a shop of their own, or are on a label's roster. Invite them to move.")
