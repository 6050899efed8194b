"""Labels' shops and their members, for tests of several rooms."""

from datetime import date

from applying import NOW, account
from details_of import PERSON

from alpheus.parties import details
from alpheus.parties.models import Account, StaffRole
from alpheus.shops import keep_shop
from alpheus.shops.brand.answer import answer
from alpheus.shops.brand.found import found
from alpheus.shops.brand.invite import invite
from alpheus.shops.brand.rules import Terms
from alpheus.shops.models import Shop
from alpheus.shops.rules import Role
from alpheus.values.money import Currency, Money

CNY = Currency("CNY")
TERMS = Terms(Money(80, CNY), date(2026, 11, 20), None)


class Letters:
    """The secrets of the links that were made, the latest last."""

    def __init__(self):
        self.secrets = []

    def __call__(self, secret):
        self.secrets.append(secret)
        return f"http://testserver/join/{secret}"


def operator():
    known = Account.objects.filter(email="ops@example.com").first()
    return known or account("ops", StaffRole.Role.OPERATOR)


def founded(label="海风", *, email="boss@example.com", terms=TERMS, letters=None, now=NOW):
    return found(
        operator=operator(), label=label, country="CN", email=email, terms=terms,
        answer=letters or Letters(), now=now,
    )  # fmt: skip


def label_of(owner, label="海风", *, terms=TERMS, now=NOW):
    """A label's shop that this account owns; not open."""
    letters = Letters()
    shop = founded(label, email=owner.email, terms=terms, letters=letters, now=now)
    answer(account=owner, secret=letters.secrets[-1], accepts=True, now=now)
    return Shop.objects.get(pk=shop.pk)


def join(shop, owner, who, role, *, now=NOW):
    """Have an owner invite somebody, who accepts."""
    letters = Letters()
    invite(by=owner, shop=shop.gid, email=who.email, role=Role(role), answer=letters, now=now)
    return answer(account=who, secret=letters.secrets[-1], accepts=True, now=now)


def open_label(owner, label="海风", handle="haifeng", **kwargs):
    shop = label_of(owner, label, **kwargs)
    details.give(account=owner, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=owner, shop=shop.gid, handle=handle)
    return keep_shop.open_shop(owner=owner, shop=shop.gid, now=NOW)
