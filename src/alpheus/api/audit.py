"""What auditors do: the queue, a submission beside its evidence, decisions."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.studio import page_of, seconds
from alpheus.api.studio_shapes import (
    AuditedOut,
    AuditorOut,
    AuditOut,
    DecisionIn,
    HeldOut,
    NextOut,
    RecordOut,
    SubmissionOut,
    audited_tracks,
    differences,
    found,
    shown,
    steps,
)
from alpheus.api.token import Scope
from alpheus.parties.models import Account, StaffRole
from alpheus.submissions import claim, queries, review
from alpheus.submissions.match_again import comparison
from alpheus.submissions.models import Claim
from alpheus.submissions.record import record_of
from alpheus.submissions.rules import Event

router = Router(tags=["audit"])

AUDITORS = Admitted(scope=Scope.OFFICE, policy=BROWSE, role=StaffRole.Role.AUDITOR)


@router.get("/office/audit", response=AuditOut, auth=AUDITORS, operation_id="get_audit")
def get_audit(request: HttpRequest) -> AuditOut:
    """What waits for the caller, and how auditing fares."""
    now = timezone.now()
    auditor = caller_of(request).account_or_refuse
    mine, asked = queries.queue_for(auditor, now=now), queries.opinions_asked_of(auditor)
    awaited = queries.opinions_awaited_by(auditor, now=now)
    return AuditOut(
        items=[SubmissionOut.model_validate(shown(row)) for row in mine],
        opinions_asked=[SubmissionOut.model_validate(shown(it.submission)) for it in asked],
        opinions_awaited=[SubmissionOut.model_validate(shown(it.submission)) for it in awaited],
        nobody_s=[it.gid for it in queries.nobody_s()],
        waiting=queries.queue().count(),
        usual_wait_seconds=seconds(queries.usual_wait(now=now)),
        longest_since=queries.waiting_since(),
        auditors=[AuditorOut.from_orm(it) for it in queries.figures_by_auditor(now=now)],
    )


@router.post("/office/audit/next", response=NextOut, auth=AUDITORS, operation_id="take_next")
@once
def take_next(request: HttpRequest) -> NextOut:
    """Take what waits longest; of two who ask at once each gets another. Takes an Idempotency-Key."""
    auditor = caller_of(request).account_or_refuse
    return NextOut(submission=claim.take_first(auditor=auditor, now=timezone.now()))


@router.get("/office/audit/{gid:gid}", response=AuditedOut, auth=AUDITORS, operation_id="get_audited")
def get_audited(request: HttpRequest, gid: UUID) -> AuditedOut:
    """A submission beside what machines found; reading it takes nothing."""
    return _audited(caller_of(request).account_or_refuse, gid)


@router.post("/office/audit/{gid:gid}/take", response=AuditedOut, auth=AUDITORS, operation_id="take")
@once
def take(request: HttpRequest, gid: UUID) -> AuditedOut:
    """Take a submission, or keep it: it stays for 15 minutes from now. Takes an Idempotency-Key."""
    auditor = caller_of(request).account_or_refuse
    claim.take(auditor=auditor, gid=gid, now=timezone.now())
    return _audited(auditor, gid)


@router.post("/office/audit/{gid:gid}/leave", response={204: None}, auth=AUDITORS, operation_id="leave")
def leave(request: HttpRequest, gid: UUID) -> Status[None]:
    """Put a submission back undecided; nothing happens where it is not on the caller's desk."""
    claim.leave(auditor=caller_of(request).account_or_refuse, gid=gid, now=timezone.now())
    return Status(204, None)


@router.post("/office/audit/{gid:gid}/decide", response=AuditedOut, auth=AUDITORS, operation_id="decide")
@once
def decide(request: HttpRequest, gid: UUID, given: DecisionIn) -> AuditedOut:
    """Decide; what is not on the desk is taken first, and only what the caller heard is accepted. Takes an Idempotency-Key."""
    auditor = caller_of(request).account_or_refuse
    review.decide(
        auditor=auditor,
        gid=gid,
        event=Event(given.event),
        reason=given.reason,
        leaning=given.leaning,
        words=given.words,
        link=page_of(request, gid),
        now=timezone.now(),
    )
    return _audited(auditor, gid)


def _audited(auditor: Account, gid: UUID) -> AuditedOut:
    row = queries.handed_in(gid)
    held = Claim.objects.filter(submission=row).select_related("auditor").first()
    hindrance, on_record = queries.hindrance(row, auditor), record_of(row)
    return AuditedOut.model_validate(
        shown(row)
        | differences(row)
        | {
            "steps": steps(row, for_applicant=False),
            "comparison": comparison(row),
            "evidence": [found(it) for it in queries.evidence(row)],
            "tracks": audited_tracks(row, auditor),
            "earlier": [shown(it) for it in on_record.earlier],
            "record": RecordOut.from_orm(on_record),
            "hindrance": hindrance.value if hindrance else "",
            "opinion_asked": queries.asked_opinion(row) is not None,
            "held": HeldOut(auditor=str(held.auditor), until=held.until, yours=held.auditor_id == auditor.pk)
            if held
            else None,
        }
    )
