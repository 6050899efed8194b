"""The studio: an independent musician applies with one recording, and sees where it stands."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.mail.addresses import absolute
from alpheus.shops.queries import shop_of
from alpheus.submissions import queries, rules
from alpheus.submissions.answer import answer, appeal
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import FIELDS, describe
from alpheus.submissions.errors import SubmissionError, SubmissionUnknown
from alpheus.submissions.hand_in import hand_in, missing
from alpheus.submissions.models import Submission, Upload
from alpheus.submissions.rules import Event, Missing, State
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import file_of
from alpheus.submissions.withdraw import discard, withdraw
from alpheus.web.countries import countries
from alpheus.web.guards import account_of, members_only
from alpheus.web.preparing import phases_of
from alpheus.web.refusals import refusing
from alpheus.web.waveform import bars

UPLOADS = "/api/v1/uploads"

LEFT: dict[Missing, Promise] = {
    Missing.RECORDING: _("Upload your recording"),
    Missing.ARTIST_NAME: _("Say under which name you make music"),
    Missing.COUNTRY: _("Choose your country"),
    Missing.TITLE: _("Give the piece its title"),
    Missing.AI: _("Say whether a machine helped"),
    Missing.OWNS_RECORDING: _("Declare that the recording is yours"),
    Missing.OWNS_COMPOSITION: _("Declare that words and music are yours"),
    Missing.NO_COVER: _("Declare that it is no cover"),
}
REFUSED: dict[str, Promise] = {
    "not_now": _("That cannot be done any more. This is where it stands now."),
    "incomplete": _("Something is left to do before it can be handed in."),
    "has_one": _("An application of yours is under way. One is heard at a time."),
    "words_missing": _("Write a sentence first."),
    "appealed_already": _("An application is appealed once, and this appeal was heard."),
}
"""What pages say where the room refuses, by the error's code."""


def _told(request: HttpRequest, gid: UUID, error: SubmissionError) -> HttpResponse:
    """The application, and what was refused."""
    said = REFUSED.get(error.code, str(error))
    return _application(request, gid, refused=said, status=HTTPStatus.CONFLICT)


form = refusing(guard=members_only, page="web:studio-application", told=_told)


@require_safe
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Show what this account handed in, or what applying means."""
    rows = list(queries.own(account_of(request))[: queries.SHOWN_MAX])
    return render(
        request,
        "web/studio/index.html",
        {
            "submissions": rows,
            "shop": shop_of(account_of(request)),
            "may_apply": not any(State(row.state) in rules.UNDER_WAY for row in rows),
            "usual": queries.usual_wait(now=timezone.now()),
        },
    )


@require_POST
@members_only
def apply(request: HttpRequest) -> HttpResponse:
    """Begin a draft, or go on with the one that is there."""
    try:
        row = begin(account=account_of(request), now=timezone.now())
    except SubmissionError:
        return redirect("web:studio")
    return redirect("web:studio-application", gid=row.gid)


@require_safe
@members_only
def application(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show an application: a draft as its form, and otherwise where it stands."""
    try:
        return _application(request, gid)
    except SubmissionUnknown as error:
        raise Http404 from error


@form
def save(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Save what was typed; the script asks for the list of what is left."""
    _save(request, gid)
    if request.headers.get("HX-Request"):
        return _application(request, gid, saved=True)
    return redirect("web:studio-application", gid=gid)


@form
def send(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Save what was typed last, and hand it in."""
    _save(request, gid)
    hand_in(account=account_of(request), gid=gid, link=_link(request, gid), now=timezone.now())
    return redirect("web:studio-application", gid=gid)


@form
def throw_away(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Throw a draft away."""
    discard(account=account_of(request), gid=gid)
    return redirect("web:studio")


@form
def take_back(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Withdraw an application."""
    withdraw(account=account_of(request), gid=gid, link=_link(request, gid), now=timezone.now())
    return redirect("web:studio-application", gid=gid)


@form
def reply(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Answer what an auditor asked."""
    said = request.POST.get("words", "")
    answer(account=account_of(request), gid=gid, words=said, link=_link(request, gid), now=timezone.now())
    return redirect("web:studio-application", gid=gid)


@form
def object_to(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Appeal against a refusal."""
    said = request.POST.get("words", "")
    appeal(account=account_of(request), gid=gid, words=said, link=_link(request, gid), now=timezone.now())
    return redirect("web:studio-application", gid=gid)


def _save(request: HttpRequest, gid: UUID) -> None:
    """A box that is not ticked is not sent: a form that has boxes says so."""
    fields = {name: request.POST[name] for name in FIELDS if name in request.POST}
    if "boxes" in request.POST:
        fields |= {
            name: request.POST.get(name, "") for name in request.POST["boxes"].split() if name in FIELDS
        }
    describe(account=account_of(request), gid=gid, fields=fields, now=timezone.now())


def _link(request: HttpRequest, gid: UUID) -> str:
    return absolute(request, reverse("web:studio-application", args=[gid]))


def _application(
    request: HttpRequest, gid: UUID, *, refused: Promise | str = "", saved: bool = False, status: int = 200
) -> HttpResponse:
    row = queries.own_one(account_of(request), gid)
    recording = row.recording
    context: dict[str, object] = {
        "submission": row,
        "recording": recording,
        "asset": recording.asset if recording else None,
        "bars": bars(recording.asset.peaks, count=120) if recording and recording.asset else "",
        "queue": [str(recording.gid)] if recording else [],
        "upload": _upload(row),
        "refused": refused,
    }
    if row.state == State.DRAFT:
        context |= _form(row, saved=saved)
        return render(request, "web/studio/draft.html", context, status=status)
    context |= {
        "happened": queries.happened(row),
        "usual": queries.usual_wait(now=timezone.now()),
        "question": queries.last_said(row, Event.ASK),
        "because": queries.last_said(row, Event.REFUSE),
        "may_withdraw": rules.after(State(row.state), Event.WITHDRAW) is not None,
    }
    return render(request, "web/studio/standing.html", context, status=status)


def _form(row: Submission, *, saved: bool) -> dict[str, object]:
    return {
        "left": [LEFT[it] for it in missing(row)],
        "countries": countries(),
        "ai_choices": Submission.Ai.choices,
        "saved_at": timezone.localtime() if saved else None,
        "bytes_max": terms().file_bytes_max,
        "uploads": UPLOADS,
        "accepted_types": ".wav,.flac,.aiff,.aif,.m4a,.mp3,.ogg,.opus,audio/*",
        "usual": queries.usual_wait(now=timezone.now()),
    }


def _upload(row: Submission) -> dict[str, object] | None:
    """How far the draft's file is; None where there is none."""
    upload = queries.latest_upload(row)
    if upload is None:
        return None
    arrived = upload.length
    if upload.state == Upload.State.ARRIVING:
        file = file_of(upload, terms())
        if not file.exists() or upload.expires_at <= timezone.now():
            return None
        arrived = file.offset()
    return {
        "row": upload,
        "address": f"{UPLOADS}/{upload.gid}",
        "arrived": arrived,
        "share": arrived / upload.length,
        "phases": phases_of(upload.phase),
        "trouble": upload.get_trouble_display() if upload.trouble else "",
    }
