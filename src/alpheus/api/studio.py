"""What an account hands in: applications and releases. Their files come by tus, at `/uploads`."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status

from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.seats import seat_called
from alpheus.api.studio_shapes import (
    DraftIn,
    OwnSubmissionOut,
    OwnSubmissionsOut,
    SubmissionOut,
    UploadOut,
    WordsIn,
    heard_early,
    left,
    own_tracks,
    shown,
    steps,
)
from alpheus.api.token import Scope
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.shops.errors import RoleRefused
from alpheus.shops.rules import May
from alpheus.submissions import queries
from alpheus.submissions import withdraw as taking_back
from alpheus.submissions.answer import answer, appeal
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.rules import Kind

router = Router(tags=["studio"])

MEMBERS = Admitted(scope=Scope.STUDIO, policy=BROWSE, member=True)


def page_of(request: HttpRequest, gid: UUID) -> str:
    """Where an applicant sees their application, as a letter names it."""
    return absolute(request, reverse("web:studio-application", args=[gid]))


def seconds(wait: timedelta | None) -> int | None:
    """A wait in whole seconds; None where it is not known."""
    return None if wait is None else round(wait.total_seconds())


@router.get("/studio/submissions", response=OwnSubmissionsOut, auth=MEMBERS, operation_id="list_submissions")
def list_submissions(request: HttpRequest) -> OwnSubmissionsOut:
    """The caller's applications, the latest first."""
    seat = seat_called(request)
    if seat is not None and not seat.may(May.RELEASES):
        raise RoleRefused
    rows = queries.own(caller_of(request).account_or_refuse, seat.shop if seat else None)
    rows = rows.select_related("cover", "release").prefetch_related("tracks__recording")
    return OwnSubmissionsOut(
        items=[SubmissionOut.model_validate(shown(row)) for row in rows[: queries.SHOWN_MAX]],
        usual_wait_seconds=seconds(queries.usual_wait(now=timezone.now())),
    )


@router.post(
    "/studio/submissions", response={201: OwnSubmissionOut}, auth=MEMBERS, operation_id="begin_submission"
)
@once
def begin_submission(request: HttpRequest) -> Status[OwnSubmissionOut]:
    """Begin a draft, or give the one that is there. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    return Status(201, own(account, begin(account=account, now=timezone.now()).gid))


@router.get(
    "/studio/submissions/{gid:gid}", response=OwnSubmissionOut, auth=MEMBERS, operation_id="get_submission"
)
def get_submission(request: HttpRequest, gid: UUID) -> OwnSubmissionOut:
    """An application of the caller's, and where it stands."""
    return own(caller_of(request).account_or_refuse, gid)


@router.patch(
    "/studio/submissions/{gid:gid}",
    response=OwnSubmissionOut,
    auth=MEMBERS,
    operation_id="describe_submission",
)
@once
def describe_submission(request: HttpRequest, gid: UUID, given: DraftIn) -> OwnSubmissionOut:
    """Save fields of a draft. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    describe(account=account, gid=gid, fields=given.fields(), now=timezone.now())
    return own(account, gid)


@router.delete(
    "/studio/submissions/{gid:gid}", response={204: None}, auth=MEMBERS, operation_id="discard_submission"
)
def discard_submission(request: HttpRequest, gid: UUID) -> Status[None]:
    """Throw a draft away."""
    taking_back.discard(account=caller_of(request).account_or_refuse, gid=gid)
    return Status(204, None)


@router.post(
    "/studio/submissions/{gid:gid}/hand-in", response=OwnSubmissionOut, auth=MEMBERS, operation_id="hand_in"
)
@once
def hand_in_submission(request: HttpRequest, gid: UUID) -> OwnSubmissionOut:
    """Hand a draft in. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    hand_in(account=account, gid=gid, link=page_of(request, gid), now=timezone.now())
    return own(account, gid)


@router.post(
    "/studio/submissions/{gid:gid}/withdraw", response=OwnSubmissionOut, auth=MEMBERS, operation_id="withdraw"
)
@once
def withdraw_submission(request: HttpRequest, gid: UUID) -> OwnSubmissionOut:
    """Take an application back. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    taking_back.withdraw(account=account, gid=gid, link=page_of(request, gid), now=timezone.now())
    return own(account, gid)


@router.post(
    "/studio/submissions/{gid:gid}/answer", response=OwnSubmissionOut, auth=MEMBERS, operation_id="answer"
)
@once
def answer_submission(request: HttpRequest, gid: UUID, given: WordsIn) -> OwnSubmissionOut:
    """Answer what an auditor asked. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    answer(account=account, gid=gid, words=given.words, link=page_of(request, gid), now=timezone.now())
    return own(account, gid)


@router.post(
    "/studio/submissions/{gid:gid}/appeal", response=OwnSubmissionOut, auth=MEMBERS, operation_id="appeal"
)
@once
def appeal_submission(request: HttpRequest, gid: UUID, given: WordsIn) -> OwnSubmissionOut:
    """Have another auditor hear it again, once. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    appeal(account=account, gid=gid, words=given.words, link=page_of(request, gid), now=timezone.now())
    return own(account, gid)


def own(account: Account, gid: UUID) -> OwnSubmissionOut:
    """A submission as its owner sees it."""
    row = queries.own_one(account, gid)
    tracks = queries.tracks_of(row)
    upload = queries.upload_of(tracks[0]) if tracks and row.kind == Kind.APPLICATION else None
    return OwnSubmissionOut.model_validate(
        shown(row)
        | {
            "missing": left(row),
            "early": heard_early(row, now=timezone.now()),
            "upload": UploadOut.from_orm(upload) if upload else None,
            "tracks": own_tracks(row, tracks),
            "steps": steps(row, for_applicant=True),
            "usual_wait_seconds": seconds(queries.usual_wait(now=timezone.now())),
        }
    )
