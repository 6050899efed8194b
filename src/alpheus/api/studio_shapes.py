"""The shapes of applications: what an applicant sends and sees, and what an auditor does."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from alpheus.api.shapes import Given, Text
from alpheus.submissions import queries
from alpheus.submissions.hand_in import missing
from alpheus.submissions.models import Submission, Upload
from alpheus.submissions.rules import Ai, Event, Missing, Reason, State
from alpheus.submissions.step import WORDS_MAX

Words = Annotated[Text, Field(max_length=WORDS_MAX)]


class DraftIn(Given):
    """Fields of a draft; those left out stay as they are."""

    artist_name: Annotated[Text, Field(max_length=500)] | None = None
    country: Annotated[Text, Field(max_length=2)] | None = None
    links: list[Annotated[Text, Field(max_length=500)]] | None = Field(default=None, max_length=10)
    title: Annotated[Text, Field(max_length=1000)] | None = None
    statement: Annotated[Text, Field(max_length=4000)] | None = None
    ai: Ai | None = None
    owns_recording: bool | None = None
    owns_composition: bool | None = None
    no_cover: bool | None = None

    def fields(self) -> dict[str, str]:
        """As the room takes them."""
        told = self.model_dump(exclude_none=True)
        return {name: _text(value) for name, value in told.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "\n".join(str(it) for it in value) if isinstance(value, list) else str(value)


class WordsIn(Given):
    """A sentence or more."""

    words: Words


class DecisionIn(Given):
    """What an auditor decides; a refusal has a reason, and all but an acceptance has words."""

    event: Literal["accept", "refuse", "ask", "pass_on", "reopen"]
    reason: Reason | None = None
    words: Words = ""


class UploadOut(Schema):
    """How far an application's file is."""

    gid: UUID
    state: Upload.State
    trouble: str
    filename: str
    length: int
    phase: str
    fraction: float


class StepOut(Schema):
    """What happened, and what was said with it."""

    number: int
    event: Event
    before: State
    after: State
    reason: str
    words: str
    by: str
    at: datetime


class EvidenceOut(Schema):
    """What a machine found; it decides nothing."""

    kind: str
    measured: dict[str, float | int | str]
    confidence: float
    passages: list[tuple[int, int, int]]
    other: str


class SubmissionOut(Schema):
    """An application."""

    gid: UUID
    state: State
    artist_name: str
    country: str
    links: list[str]
    title: str
    statement: str
    ai: str
    owns_recording: bool
    owns_composition: bool
    no_cover: bool
    recording: UUID | None
    appealed: bool
    reason: str
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


class OwnSubmissionOut(SubmissionOut):
    """An application as its applicant sees it."""

    missing: list[Missing]
    upload: UploadOut | None
    steps: list[StepOut]
    usual_wait_seconds: int | None


class OwnSubmissionsOut(Schema):
    """An account's applications, the latest first."""

    items: list[SubmissionOut]
    usual_wait_seconds: int | None


class HeldOut(Schema):
    """On whose desk something is."""

    auditor: str
    until: datetime
    yours: bool


class AuditedOut(SubmissionOut):
    """An application as an auditor sees it."""

    steps: list[StepOut]
    evidence: list[EvidenceOut]
    earlier: list[SubmissionOut]
    hindrance: str
    held: HeldOut | None


class AuditorOut(Schema):
    """What one auditor decided in the last 90 days."""

    name: str
    accepted: int
    refused: int
    reversed: int


class AuditOut(Schema):
    """The queue of who asks, and how auditing fares."""

    items: list[SubmissionOut]
    waiting: int
    usual_wait_seconds: int | None
    longest_since: datetime | None
    auditors: list[AuditorOut]


class NextOut(Schema):
    """What was taken; null where nothing waits."""

    submission: UUID | None


def shown(row: Submission) -> dict[str, object]:
    """A submission's own values."""
    names = ("gid", "state", "artist_name", "country", "title", "statement", "ai", "owns_recording")
    more = ("owns_composition", "no_cover", "appealed", "reason", "created_at", "submitted_at", "decided_at")
    return {name: getattr(row, name) for name in names + more} | {
        "links": row.links.splitlines(),
        "recording": row.recording.gid if row.recording else None,
    }


def steps(row: Submission, *, for_applicant: bool) -> list[dict[str, object]]:
    """What happened; what auditors do among themselves is theirs, and who they are too."""
    inner = {Event.TAKE, Event.LEAVE, Event.PASS_ON}
    return [
        {
            "number": it.step.number, "event": it.step.event, "before": it.step.before, "after": it.step.after,
            "reason": it.step.reason, "words": it.words, "at": it.step.at,
            "by": it.by if it.is_applicant or not for_applicant else "",
        }
        for it in queries.happened(row)
        if not (for_applicant and Event(it.step.event) in inner)
    ]  # fmt: skip


def left(row: Submission) -> list[Missing]:
    """What a draft lacks; nothing where it is handed in."""
    return list(missing(row)) if row.state == State.DRAFT else []
