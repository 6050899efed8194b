"""Give a release a UPC under the operator's GS1 company prefix: none is ever given twice.

As with ISRCs, a number is written down and committed before anybody is told of it, in a transaction of its own. GS1 wants
a number never given again, whatever becomes of what it was given to (GS1 General Specifications, 4.2.4), so rows stay.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alpheus.catalogue.models import Release
from alpheus.database.turns import take_turn
from alpheus.parties.models import Account
from alpheus.submissions.errors import SubmissionUnknown, UpcsUsedUp
from alpheus.submissions.models import MintedUpc, Submission
from alpheus.submissions.rules import UNDER_WAY, Kind, State, gtins_under
from alpheus.submissions.step import own_draft
from alpheus.values.errors import VocabularyError
from alpheus.values.identifiers import Gtin, parse_gtin

_HOLDS = (UNDER_WAY - {State.DRAFT}) | {State.ACCEPTED}
"""Whose typed UPC is theirs: a draft is nobody's claim yet, and what was refused has none."""


@transaction.atomic(durable=True)
def mint_upc(*, account: Account, gid: UUID, prefix: str, now: datetime) -> str:
    """Give a release's draft the next UPC; one that was minted for it or another version of it is its own again.

    Args:
        account: whose draft it is.
        gid: the draft's.
        prefix: the GS1 company prefix, digits; empty: none are given here.
        now: the time.

    Raises:
        SubmissionUnknown: there is none of theirs, or it is no release.
        NotNow: it is handed in.
        UpcsUsedUp: there is no prefix, or all of its numbers are given.
    """
    row = own_draft(gid, account)
    if row.kind != Kind.RELEASE:
        raise SubmissionUnknown
    take_turn("upc")
    own = MintedUpc.objects.filter(submission__in=_versions(row)).first()
    code = own.code if own else _next(prefix)
    if own is None:
        MintedUpc.objects.create(code=code, submission=row.gid, at=now)
    row.upc = parse_gtin(code)
    row.save(update_fields=["upc"])
    return row.upc


def upc_is_taken(row: Submission) -> bool:
    """Whether another release has the UPC that a submission says: it stands here, is handed in, or was given it."""
    try:
        code = parse_gtin(row.upc)
    except VocabularyError:
        return False
    others = Submission.objects.exclude(pk=row.pk)
    stands = Release.objects.filter(upc=code, removed_at=None)
    if row.release_id is not None:
        others, stands = others.exclude(release=row.release_id), stands.exclude(pk=row.release_id)
    given = MintedUpc.objects.filter(code=code.zfill(13)).exclude(submission__in=_versions(row))
    return stands.exists() or _handed_in(others, code).exists() or given.exists()


def _versions(row: Submission) -> list[UUID]:
    """The gids of a release's versions, of which this is one."""
    if row.release_id is None:
        return [row.gid]
    return list(Submission.objects.filter(release=row.release_id).values_list("gid", flat=True))


def _handed_in(rows: QuerySet[Submission], code: Gtin) -> QuerySet[Submission]:
    """Those of some whose UPC this is, as it may have been typed."""
    return rows.filter(upc__in=[code, code.zfill(13)], state__in=[it.value for it in _HOLDS])


def _next(prefix: str) -> str:
    """The next number that neither was minted nor is in use: an operator may have given some by hand."""
    if not prefix:
        raise UpcsUsedUp("No UPC is given here.")
    last = MintedUpc.objects.filter(code__startswith=prefix).order_by("-code").values_list("code", flat=True)
    for found in gtins_under(prefix, after=last.first()):
        code = parse_gtin(found)
        typed = Submission.objects.filter(upc__in=[code, found])  # whoever: also in a draft it is somebody's
        if not Release.objects.filter(upc=code).exists() and not typed.exists():
            return found
    raise UpcsUsedUp("All numbers under this prefix are given.")
