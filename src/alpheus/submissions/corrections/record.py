"""Write a small correction down, where the submission's history is read: who, when, what it said before and says now.

The step is a row that the database refuses to change, and it holds the digest of these words.
"""

from datetime import datetime

from alpheus.parties.models import Account
from alpheus.submissions.models import Step, Submission, Words
from alpheus.submissions.rules import Event
from alpheus.submissions.step import step

_BETWEEN = "\n→ "


def record(
    row: Submission,
    event: Event,
    *,
    what: str,
    before: str,
    after: str,
    actor: Account,
    now: datetime,
) -> None:
    """Add it to the history of a locked submission. Nobody gets a letter: who did it knows."""
    said = f"{what}: {before or '–'}{_BETWEEN}{after or '–'}"
    step(row, event, actor=actor, now=now, words=said, tell=False)


def as_heard(row: Submission, what: str, now_says: str) -> str:
    """What it said when a person accepted it, before any correction since."""
    accepted = Step.objects.filter(submission=row, event=Event.ACCEPT.value).order_by("-number").first()
    since = Step.objects.filter(submission=row, event=Event.CORRECT.value)
    if accepted is not None:
        since = since.filter(number__gt=accepted.number)
    said = Words.objects.filter(
        submission=row, number__in=since.values("number"), text__startswith=f"{what}: "
    )
    first = said.order_by("number").values_list("text", flat=True).first()
    return first.removeprefix(f"{what}: ").partition(_BETWEEN)[0] if first else now_says
