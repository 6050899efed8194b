"""What a recording is that evidence compares with: where it stands, who sells it or handed it in, and where that is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

from alpheus.catalogue.models import Recording
from alpheus.shops.models import Piece
from alpheus.submissions.models import Submission
from alpheus.submissions.queries import handed_in_with
from alpheus.submissions.rules import State
from alpheus.web.wordings import Text

STANDINGS: Mapping[State, Text] = {
    State.REFUSED: gettext_lazy("Was refused"),
    State.WITHDRAWN: gettext_lazy("Was withdrawn"),
    State.DRAFT: gettext_lazy("A draft, not handed in"),
}


@dataclass(frozen=True)
class Other:
    """The other recording, as a card and a pair show it."""

    recording: Recording
    standing: Text
    by: str
    """Who sells it, or who handed it in; empty where nobody here did."""
    url: str
    """Where it is read: its page in the catalogue, or the submission that it came with; empty where there is none."""


def others(found: Mapping[str, Recording]) -> dict[str, Other]:
    """The same by the same keys."""
    rows = list(found.values())
    handed = handed_in_with(rows)
    pieces = Piece.objects.filter(recording__in=rows).select_related("shop")
    sellers = {it.recording_id: it.shop.name for it in pieces}
    return {key: _other(it, handed.get(it.pk), sellers.get(it.pk, "")) for key, it in found.items()}


def _other(recording: Recording, row: Submission | None, seller: str) -> Other:
    by = seller or (_party(row) if row else "")
    if recording.removed_at is None:
        page = reverse("web:recording", args=[recording.gid])
        return Other(recording, gettext_lazy("In the catalogue"), by, page)
    if row is None:
        return Other(recording, gettext_lazy("Not offered any more"), by, "")
    state = State(row.state)
    page = "" if state is State.DRAFT else reverse("web:audit-item", args=[row.gid])
    return Other(recording, STANDINGS.get(state, gettext_lazy("Handed in, not offered")), by, page)


def _party(row: Submission) -> str:
    return row.shop.name if row.shop else row.account.name or row.artist_name
