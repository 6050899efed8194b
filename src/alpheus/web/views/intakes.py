"""The studio's bulk intake: a catalogue by a sheet, what is to be mended in it, its files, and handing all of it in."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.mail.addresses import absolute
from alpheus.submissions.bulk import bring_sheet as bringing
from alpheus.submissions.bulk import queries
from alpheus.submissions.bulk.again import failure, try_again
from alpheus.submissions.bulk.drop_intake import drop_intake
from alpheus.submissions.bulk.errors import IntakeUnknown, SheetUnreadable
from alpheus.submissions.bulk.files import figures
from alpheus.submissions.bulk.hand_in_all import DECLARATIONS, hand_in_all
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.bulk.report import columns_as_csv, faults_as_csv
from alpheus.submissions.bulk.sheet import BYTES_MAX, ENCODINGS, SheetProblem
from alpheus.submissions.bulk.template import template
from alpheus.submissions.bulk.words import UNREADABLE, place, sentence
from alpheus.submissions.errors import SubmissionError
from alpheus.submissions.hand_in import missing, missing_in_tracks
from alpheus.submissions.models import Submission, Upload
from alpheus.submissions.rules import State
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import file_of
from alpheus.web.guards import account_of, members_only
from alpheus.web.listing import asked_number
from alpheus.web.seats import seat_here
from alpheus.web.uploading import UPLOADS, sending, typed

FAULTS_SHOWN = 100
PAGE = 50
"""Releases of one page of an intake."""
REFUSED: dict[str, Promise] = {
    "intake_working": _("Its rows are being worked on. Wait until that is done."),
    "shop_missing": _("Releases stand in a shop. Yours is founded when an application is accepted."),
}
"""What pages say where the room refuses, by the error's code."""


@dataclass(frozen=True)
class _Said:
    """A fault as the page shows it."""

    place: str
    sentence: str


@dataclass(frozen=True)
class _Release:
    """One of its releases as its row shows it."""

    row: Submission
    tracks: int
    here: int
    left: int
    """How many things are left to do before it can be handed in, but for declarations that are made for all."""


def _sheet(request: HttpRequest) -> tuple[bytes, str]:
    sent = request.FILES.get("sheet")
    if not isinstance(sent, UploadedFile):
        raise SheetUnreadable(SheetProblem.EMPTY)
    if (sent.size or 0) > BYTES_MAX:
        raise SheetUnreadable(SheetProblem.TOO_LARGE)
    return bytes(sent.read()), sent.name or ""


def _told(error: SubmissionError) -> Promise | str:
    if isinstance(error, SheetUnreadable):
        return UNREADABLE[error.problem]
    return REFUSED.get(error.code, str(error))


@members_only
def everything(request: HttpRequest) -> HttpResponse:
    """Show how a catalogue is taken in and what was begun; bring a sheet."""
    account, seat, refused = account_of(request), seat_here(request), ""
    if request.method == "POST":
        try:
            data, name = _sheet(request)
            encoding = request.POST.get("encoding", "")
            row = bringing.bring_sheet(
                account=account,
                shop=seat.shop.gid if seat else None,
                data=data,
                name=name,
                encoding=encoding,
                now=timezone.now(),
            )
            return redirect("web:studio-intake", gid=row.gid)
        except SubmissionError as error:
            refused = str(_told(error))
    context = {
        "intakes": queries.own_intakes(account, seat.shop if seat else None),
        "shop": seat.shop if seat else None,
        "encodings": ENCODINGS.items(),
        "refused": refused,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "web/studio/intakes.html", context, status=status)


@members_only
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show an intake; bring a corrected sheet, or have tried again what was given up."""
    account = account_of(request)
    try:
        if request.method != "POST":
            return _page(request, gid)
        if "again" in request.POST:
            return _again(request, gid)
        try:
            data, name = _sheet(request)
            bringing.bring_sheet(
                account=account,
                data=data,
                name=name,
                encoding=request.POST.get("encoding", ""),
                gid=gid,
                now=timezone.now(),
            )
        except IntakeUnknown:
            raise
        except SubmissionError as error:
            return _page(request, gid, refused=_told(error))
        return redirect("web:studio-intake", gid=gid)
    except IntakeUnknown as error:
        raise Http404 from error


@require_POST
@members_only
def hand_in(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Hand in all that is ready."""
    link = absolute(request, reverse("web:studio-intake", args=[gid]))
    try:
        hand_in_all(
            account=account_of(request), gid=gid, declared=typed(request), link=link, now=timezone.now()
        )
    except IntakeUnknown as error:
        raise Http404 from error
    except SubmissionError as error:
        return _page(request, gid, refused=_told(error))
    return redirect("web:studio-intake", gid=gid)


def _again(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Have a worker go on with what it gave up."""
    try:
        try_again(account=account_of(request), gid=gid, now=timezone.now())
    except IntakeUnknown:
        raise
    except SubmissionError as error:
        return _page(request, gid, refused=_told(error))
    return redirect("web:studio-intake", gid=gid)


@require_POST
@members_only
def drop(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Let an intake go, with drafts of it that nobody handed in."""
    try:
        drop_intake(account=account_of(request), gid=gid, terms=terms())
    except IntakeUnknown as error:
        raise Http404 from error
    except SubmissionError as error:
        return _page(request, gid, refused=_told(error))
    return redirect("web:studio-intakes")


@require_safe
@members_only
def sheet_template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view is given it
    """The sheet to fill in."""
    return _csv(template(), "catalogue.csv")


@require_safe
@members_only
def columns(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view is given it
    """What each column means, in the page's language."""
    return _csv(columns_as_csv(), "columns.csv")


@require_safe
@members_only
def faults(request: HttpRequest, gid: UUID) -> HttpResponse:
    """All that is to be mended, as a sheet."""
    account = account_of(request)
    try:
        row = queries.own_intake(account, gid)
        _, found = bringing.checked(row)
    except SubmissionError as error:
        raise Http404 from error
    return _csv(faults_as_csv(found), "to-mend.csv")


def _csv(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _page(request: HttpRequest, gid: UUID, *, refused: Promise | str = "") -> HttpResponse:
    account = account_of(request)
    row = queries.own_intake(account, gid)
    context: dict[str, Any] = {"intake": row, "refused": refused, "encodings": ENCODINGS.items(), **sending()}
    if row.state == Intake.State.FAULTY:
        _, found = bringing.checked(row)
        context |= {
            "faults": [_Said(place(it), sentence(it)) for it in found[:FAULTS_SHOWN]],
            "faults_count": len(found),
        }
    else:
        context |= _standing(request, row)
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return render(request, "web/studio/intake.html", context, status=status)


def _standing(request: HttpRequest, row: Intake) -> dict[str, object]:
    told, failed = figures(row), failure(row)
    number = max(1, asked_number(request, "page", digits=4))
    zipped = queries.zip_of(row)
    releases = queries.releases_of(row, start=(number - 1) * PAGE, size=PAGE)
    unpacking = zipped is not None and zipped.state == Upload.State.WHOLE
    return {
        "figures": told,
        "share": told.here / told.files if told.files else 0.0,
        "releases": [_release(it) for it in releases],
        "working": (row.state != Intake.State.OPEN and not failed) or told.working > 0 or unpacking,
        "failed": failed,
        "unpacking": unpacking,
        "zip": _zip(zipped),
        "number": number,
        "previous": number - 1,
        "following": number + 1 if number * PAGE < row.releases else 0,
        "superfluous": row.superfluous.splitlines(),
        "several": row.several.splitlines(),
        "unfit": row.unfit.splitlines(),
        "ai_choices": Submission.Ai.choices,
    }


def _zip(upload: Upload | None) -> dict[str, object] | None:
    if upload is None:
        return None
    arrived = upload.length
    if upload.state == Upload.State.ARRIVING:
        file = file_of(upload, terms())
        arrived = file.offset() if file.exists() else 0
    return {
        "row": upload,
        "address": f"{UPLOADS}/{upload.gid}",
        "share": arrived / upload.length,
        "trouble": upload.get_trouble_display() if upload.trouble else "",
    }


def _release(row: Submission) -> _Release:
    tracks = list(row.tracks.all())
    left = 0
    if row.state == State.DRAFT:
        for_all = {*DECLARATIONS, "ai"}
        left = sum(it.value not in for_all for it in missing(row))
        left += sum(map(len, missing_in_tracks(row).values()))
    return _Release(row, len(tracks), sum(it.recording_id is not None for it in tracks), left)
