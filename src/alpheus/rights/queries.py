"""Reads of this room, named by what they return."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from alpheus.parties.queries import names_of
from alpheus.rights.errors import NoticeUnknown
from alpheus.rights.models import Notice, NoticeDecision
from alpheus.rights.rules import Standing

SHOWN_MAX = 100


@dataclass(frozen=True)
class Decided:
    """A decision as pages show it."""

    decision: NoticeDecision
    by: str
    """The name of who decided; empty once their account is erased."""


def open_notices() -> QuerySet[Notice]:
    """Notices that nobody decided, the oldest first."""
    rows = Notice.objects.filter(standing=Standing.OPEN).select_related("release__credit")
    return rows.order_by("given_at", "pk")


def decided_notices() -> QuerySet[Notice]:
    """Notices that were decided, the latest given first."""
    rows = Notice.objects.exclude(standing=Standing.OPEN).select_related("release__credit")
    return rows.order_by("-given_at", "-pk")[:SHOWN_MAX]


def notice(gid: UUID) -> Notice:
    """A notice.

    Raises:
        NoticeUnknown: there is none.
    """
    row = Notice.objects.select_related("release__credit", "release__cover").filter(gid=gid).first()
    if row is None:
        raise NoticeUnknown
    return row


def decisions_of(row: Notice) -> list[Decided]:
    """What was decided about a notice, in order."""
    rows = list(NoticeDecision.objects.filter(notice=row))
    names = names_of(it.actor for it in rows)
    return [Decided(it, names.get(it.actor, "")) for it in rows]
