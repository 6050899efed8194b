"""Founds a label's shop with a long roster in the installation in the environment, which must be empty; prints a token of its owner's.

`python -m benchmarks.support.intaking ARTISTS`; the artists are called "Artist 0" and so on.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from django.core.management import call_command
from django.utils import timezone

from alpheus.api import token
from alpheus.api.token import Scope
from alpheus.parties.models import Account, Artist, StaffRole
from alpheus.shops.brand.answer import answer
from alpheus.shops.brand.found import found
from alpheus.shops.brand.models import Rostered
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import Terms
from alpheus.shops.offers.terms import terms


def main() -> None:
    """Make all that `alpheus up` would, found it and print."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = timezone.now()
    operator = Account.objects.create_user("operator@example.org")
    StaffRole.objects.create(account=operator, role=StaffRole.Role.OPERATOR)
    owner = Account.objects.create_user("owner@example.org")
    secrets: list[str] = []
    shop = found(
        operator=operator,
        label="Heron",
        country="CN",
        email=owner.email,
        terms=Terms(terms().track_price, now.date(), now.date() + timedelta(days=90)),
        answer=lambda secret: secrets.append(secret) or f"https://music.example/{secret}",  # type: ignore[func-returns-value]
        now=now,
    )
    answer(account=owner, secret=secrets[-1], accepts=True, now=now)
    first = add_artist(by=owner, shop=shop.gid, name="Artist 0", now=now)
    names = [f"Artist {number}" for number in range(1, int(sys.argv[1]))]
    artists = Artist.objects.bulk_create(Artist(name=it, sort_name=it, key=it.casefold()) for it in names)
    Rostered.objects.bulk_create(Rostered(shop=shop, artist=it, since=first.since) for it in artists)
    print(token.issue(account=owner, name="bench", scopes=[Scope.STUDIO], days=1, now=now).secret)


if __name__ == "__main__":
    main()
