"""What an applicant, and the label that they hand in for, have on record: what came of all they handed in, and of notices."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Q

from alpheus.rights.models import Notice
from alpheus.rights.rules import Standing
from alpheus.shops.models import Shop
from alpheus.submissions.models import Step, Submission
from alpheus.submissions.queries import SHOWN_MAX, decided_otherwise
from alpheus.submissions.rules import DECISIONS, State


@dataclass(frozen=True)
class Record:
    """What somebody has on record, but for the submission that is asked about."""

    earlier: Sequence[Submission]
    """The latest first; of very many only those."""
    accepted: int
    refused: int
    withdrawn: int
    notices: Sequence[Notice]
    """Against their releases, the latest first."""
    decisions_reversed: int
    """Decisions about what they handed in, this one included, that were decided otherwise later."""

    @property
    def upheld(self) -> int:
        """How many notices suspended a release."""
        return sum(it.standing == Standing.SUSPENDED for it in self.notices)

    @property
    def dismissed(self) -> int:
        """How many came to nothing."""
        return sum(it.standing == Standing.DISMISSED for it in self.notices)


def record_of(row: Submission) -> Record:
    """The record of who handed something in, and of the label that it is handed in for."""
    whose = Q(account=row.account) | Q(shop=row.shop) if row.shop else Q(account=row.account)
    theirs = Submission.objects.filter(whose).exclude(state=State.DRAFT)
    others = theirs.exclude(pk=row.pk)
    states = list(others.values_list("state", flat=True))
    steps = Step.objects.filter(submission__in=theirs.values("pk"), event__in=[it.value for it in DECISIONS])
    return Record(
        earlier=list(others.select_related("account", "shop").order_by("-created_at", "-pk")[:SHOWN_MAX]),
        accepted=states.count(State.ACCEPTED),
        refused=states.count(State.REFUSED),
        withdrawn=states.count(State.WITHDRAWN),
        notices=_notices(
            row, theirs.values_list("release", flat=True), theirs.values_list("early", flat=True)
        ),
        decisions_reversed=steps.filter(Exists(decided_otherwise())).count(),
    )


def _notices(row: Submission, *releases: object) -> list[Notice]:
    """Notices against what stands in their shops, came of what they handed in, or is heard early of it."""
    shops = Shop.objects.filter(Q(owner=row.account) | Q(pk=row.shop_id))
    about = Q(release__pieces__shop__in=shops.values("pk"))
    for it in releases:
        about |= Q(release__in=it)
    found = Notice.objects.filter(pk__in=Notice.objects.filter(about).values("pk"))
    return list(found.order_by("-given_at", "-pk")[:SHOWN_MAX])
