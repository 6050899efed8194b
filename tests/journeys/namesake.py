"""Somebody whose name is another's: `python -m journeys.namesake EMAIL NAME` prints a link by which they sign in.

Their application under the name was accepted and all else is done; their shop cannot open because of the name alone.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import os
import sys
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from details_of import PERSON
from django.utils import timezone
from journeys.staging import accepted, handed_in

from alpheus.catalogue.models import Asset
from alpheus.config.operators import link_for
from alpheus.parties import details
from alpheus.parties.models import Account, StaffRole
from alpheus.shops import keep_shop


def main(email: str, name: str) -> None:
    """All that comes before the shop opens."""
    link = link_for(email, base_url="", role=StaffRole.Role.AUDITOR)
    me = Account.objects.get(email=email)
    me.name = name
    me.save()
    auditor = Account.objects.create_user(f"hears-{email}", name="Owl")
    StaffRole.objects.create(account=auditor, role=StaffRole.Role.AUDITOR)
    sound = Asset.objects.filter(state=Asset.State.READY).order_by("-pk").first()
    assert sound is not None
    accepted(handed_in(me, sound, f"Fog {email.partition('@')[0]}"), auditor)
    details.give(account=me, fields=PERSON, now=timezone.now())
    keep_shop.name_address(owner=me, handle=email.partition("@")[0])
    sys.stdout.write(urlsplit(link).path)


if __name__ == "__main__":
    main(*sys.argv[1:])
