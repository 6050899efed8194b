"""Bring a label's draft out, from outside: `python -m journeys.publishing OWNER EDITOR` gives it a sound, hands it in and accepts it."""

# ruff: noqa: E402 - Django must know its settings before its models are read
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from applying import DECLARED, FIELDS, LINK
from details_of import PERSON
from django.utils import timezone
from journeys.staging import accepted, with_sound

from alpheus.catalogue.models import Asset
from alpheus.parties import details
from alpheus.parties.models import Account, StaffRole
from alpheus.shops import keep_shop
from alpheus.shops.brand.models import Member
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission, Track


def main(owner: str, editor: str) -> None:
    """What takes journeys of their own: a file, an owner's details, an auditor."""
    now = timezone.now()
    boss, hand = Account.objects.get(email=owner), Account.objects.get(email=editor)
    shop = Member.objects.get(account=boss).shop
    details.give(account=boss, fields=PERSON, now=now)
    keep_shop.open_shop(owner=boss, shop=shop.gid, now=now)
    row = Submission.objects.get(shop=shop, account=hand)
    sound = Asset.objects.filter(state=Asset.State.READY).order_by("-pk").first()
    assert sound is not None
    with_sound(Track.objects.create(submission=row, position=0, title="Reeds"), sound)
    describe(account=hand, gid=row.gid, fields={name: FIELDS[name] for name in DECLARED}, now=now)
    auditor = Account.objects.create_user(f"audits-{owner}", name="Owl")
    StaffRole.objects.create(account=auditor, role=StaffRole.Role.AUDITOR)
    accepted(hand_in(account=hand, gid=row.gid, link=LINK, now=now), auditor)


if __name__ == "__main__":
    main(*sys.argv[1:])
