"""Notices that a release is not its seller's: anybody gives one, auditors decide."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router, Schema, Status
from pydantic import Field

from alpheus.api.audit import AUDITORS
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.shapes import Given, Text
from alpheus.api.token import Scope
from alpheus.catalogue.queries import release_detail
from alpheus.mail.addresses import absolute
from alpheus.rights import notice, queries
from alpheus.rights.early import early_of
from alpheus.rights.models import Notice
from alpheus.rights.notice import REASON_MAX, WORDS_MAX
from alpheus.rights.rules import Claim, Decision, Standing
from alpheus.submissions.answer_notice import answer_notice

router = Router(tags=["notices"])

ANYBODY = Admitted(scope=Scope.READ, policy=BROWSE)


class NoticeIn(Given):
    """Who says what of a release, and how it can be seen."""

    claim: Claim
    words: Annotated[Text, Field(max_length=WORDS_MAX)]
    proof: Annotated[Text, Field(max_length=WORDS_MAX)]
    name: Annotated[Text, Field(max_length=300)]
    email: Annotated[Text, Field(max_length=254)]
    signature: Annotated[
        Text, Field(max_length=300, description="the declaration that it is true, signed by name")
    ]


class TakenOut(Schema):
    """A notice that was taken; who gave it hears by letter what was decided."""

    gid: UUID


class NoticeDecisionIn(Given):
    """What is decided, and why."""

    decision: Decision
    reason: Annotated[Text, Field(max_length=REASON_MAX)]


class NoticeDecisionOut(Schema):
    """A decision that was made."""

    decision: Decision
    reason: str
    by: str
    at: datetime


class NoticeOut(Schema):
    """A notice as auditors see it."""

    gid: UUID
    title: str
    release: UUID | None
    claim: Claim
    words: str
    proof: str
    name: str
    email: str
    signature: str
    standing: Standing
    given_at: datetime


class NoticeDetailOut(NoticeOut):
    """A notice, and what was decided about it."""

    decisions: list[NoticeDecisionOut]


class NoticesOut(Schema):
    """Notices to decide, the oldest first, and those decided, the latest given first."""

    open: list[NoticeOut]
    decided: list[NoticeOut]


@router.post(
    "/releases/{gid:release}/notices", response={201: TakenOut}, auth=ANYBODY, operation_id="give_notice"
)
@once
def give_notice(request: HttpRequest, release: UUID, given: NoticeIn) -> Status[TakenOut]:
    """Say that a release is not its seller's. Takes an Idempotency-Key."""
    now = timezone.now()
    found = release_detail(release, removed=early_of(release, now=now) is not None)
    row = notice.give_notice(
        release=found,
        given=notice.Given(**given.model_dump()),
        network=caller_of(request).network,
        language=get_language() or "",
        link=_page(request, found.gid),
        now=now,
    )
    return Status(201, TakenOut(gid=row.gid))


@router.get("/office/notices", response=NoticesOut, auth=AUDITORS, operation_id="list_notices")
def list_notices(request: HttpRequest) -> NoticesOut:
    """Notices; an auditor's."""
    return NoticesOut(
        open=[_shown(row) for row in queries.open_notices()[: queries.SHOWN_MAX]],
        decided=[_shown(row) for row in queries.decided_notices()],
    )


@router.get("/office/notices/{gid:gid}", response=NoticeDetailOut, auth=AUDITORS, operation_id="get_notice")
def get_notice(request: HttpRequest, gid: UUID) -> NoticeDetailOut:
    """A notice, and what was decided about it."""
    return _whole(queries.notice(gid))


@router.post(
    "/office/notices/{gid:gid}/decide",
    response=NoticeDetailOut,
    auth=AUDITORS,
    operation_id="decide_notice",
)
@once
def decide_notice(request: HttpRequest, gid: UUID, given: NoticeDecisionIn) -> NoticeDetailOut:
    """Suspend what a notice is about, or dismiss it; both sides are told. Takes an Idempotency-Key."""
    row = queries.notice(gid)
    answer_notice(
        staff=caller_of(request).account_or_refuse,
        gid=gid,
        decision=given.decision,
        reason=given.reason,
        link=_page(request, row.release.gid) if row.release else "",
        now=timezone.now(),
    )
    return _whole(queries.notice(gid))


def _page(request: HttpRequest, release: UUID) -> str:
    return absolute(request, reverse("web:release", args=[release]))


def _shown(row: Notice) -> NoticeOut:
    return NoticeOut(
        gid=row.gid,
        title=row.title,
        release=row.release.gid if row.release else None,
        claim=Claim(row.claim),
        words=row.words,
        proof=row.proof,
        name=row.name,
        email=row.email,
        signature=row.signature,
        standing=Standing(row.standing),
        given_at=row.given_at,
    )


def _whole(row: Notice) -> NoticeDetailOut:
    decisions = [
        NoticeDecisionOut(
            decision=Decision(it.decision.decision), reason=it.decision.reason, by=it.by, at=it.decision.at
        )
        for it in queries.decisions_of(row)
    ]
    return NoticeDetailOut(**_shown(row).model_dump(), decisions=decisions)
