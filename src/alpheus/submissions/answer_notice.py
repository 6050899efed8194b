"""Decide a notice, also about what is to appear: previews of it end with a suspension, and with them the trace of whose it is."""

from datetime import datetime
from uuid import UUID

from alpheus.parties.models import Account
from alpheus.rights.models import Notice
from alpheus.rights.rules import Decision
from alpheus.shops import answer_notice as shops
from alpheus.submissions.access import shop_of_submission
from alpheus.submissions.models import Submission


def answer_notice(
    *, staff: Account, gid: UUID, decision: Decision, reason: str, link: str, now: datetime
) -> Notice:
    """Suspend or dismiss, and tell the shop; raises as `shops.answer_notice` does."""
    rows = Submission.objects.filter(early__notices__gid=gid).select_related("shop", "account")
    row = rows.order_by("-pk").first()
    return shops.answer_notice(
        staff=staff,
        gid=gid,
        decision=decision,
        reason=reason,
        link=link,
        now=now,
        to_appear_in=shop_of_submission(row) if row else None,
    )
