"""Give a recording an ISRC under the operator's prefix: none is ever given twice.

A number is written down and committed before anybody is told of it, in a transaction of its own: what is rolled back was
never told, and what was told is never rolled back.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.database.turns import take_turn
from alpheus.parties.models import Account
from alpheus.submissions.errors import IsrcsUsedUp
from alpheus.submissions.models import MintedIsrc, Track
from alpheus.submissions.step import own_track

NUMBERS = 100_000
"""A registrant has five digits a year (ISO 3901)."""


@transaction.atomic(durable=True)
def mint_isrc(*, account: Account, gid: UUID, track: UUID, prefix: str, now: datetime) -> str:
    """Give a track of a draft the next ISRC; one that was minted for it before is its own again.

    Args:
        account: whose draft it is.
        gid: the draft's.
        track: the track's.
        prefix: country and registrant, five characters; empty: none are given here.
        now: the time, of which an ISRC names the year.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is handed in.
        IsrcsUsedUp: there is no prefix, or all of this year's numbers are given.
    """
    row = own_track(gid, track, account)
    take_turn("isrc")
    own = MintedIsrc.objects.filter(track=row.gid).first()
    code = own.code if own else _next(prefix, now.year % 100)
    if own is None:
        MintedIsrc.objects.create(code=code, track=row.gid, at=now)
    row.isrc = code
    row.save(update_fields=["isrc"])
    return code


def _next(prefix: str, year: int) -> str:
    """The next number that neither was minted nor is in use: an operator may have given some by hand."""
    if not prefix:
        raise IsrcsUsedUp("No ISRC is given here.")
    begins = f"{prefix}{year:02}"
    last = MintedIsrc.objects.filter(code__startswith=begins).order_by("-code").values_list("code", flat=True)
    code = last.first()
    for number in range(int(code[-5:]) + 1 if code else 0, NUMBERS):
        found = f"{begins}{number:05}"
        taken = Recording.objects.filter(isrc=found).exists() or Track.objects.filter(isrc=found).exists()
        if not taken:
            return found
    raise IsrcsUsedUp("All of this year's numbers are given.")
