"""The office's audit: a queue, one submission at a time, heard by a person beside what machines found."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alpheus.catalogue.models import Asset
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.rights.queries import open_notices
from alpheus.shops.models import Shop
from alpheus.submissions import claim, queries, review
from alpheus.submissions.errors import MayNotAudit, SubmissionError, SubmissionUnknown
from alpheus.submissions.match_again import compare_anew
from alpheus.submissions.models import Claim, Opinion, Submission, Track
from alpheus.submissions.record import record_of
from alpheus.submissions.rules import DECISIONS, TABLE, WAITING, Event, Hindrance, Leaning, Reason, State
from alpheus.submissions.versions.queries import changed_by
from alpheus.web import version_changes
from alpheus.web.desk import PARTS
from alpheus.web.desk import parts as desk_parts
from alpheus.web.guards import account_of, auditors_only
from alpheus.web.listing import asked_number
from alpheus.web.refusals import refusing
from alpheus.web.views.payees import doubts
from alpheus.web.waveform import bars
from alpheus.web.wordings import Wording

EDGE_MS = 10_000
"""The first and the last ten seconds are a press away."""

QUEUE_SHOWN = 30
"""An auditor takes the first; a screen or two of what follows says enough about what is to come."""

STEP_DIGITS = 9
"""Of a step's number, as an address may name it."""

HINDRANCES: dict[Hindrance, Promise] = {
    Hindrance.OWN: gettext_lazy("It is your own. Another auditor hears it."),
    Hindrance.SAME_ARTIST: gettext_lazy(
        "You applied under this artist's name yourself. Another auditor hears it."
    ),
    Hindrance.REFUSED_BEFORE: gettext_lazy("You refused it. An appeal is heard by another auditor."),
    Hindrance.PASSED_ON: gettext_lazy("You passed it on. Another auditor hears it."),
}
REFUSED: dict[str, Promise] = {
    "not_now": gettext_lazy("It is decided, withdrawn or asked about by now. Nothing was changed."),
    "taken_by_another": gettext_lazy("Another auditor has it on the desk. Nothing was changed."),
    "words_missing": gettext_lazy("Write a sentence: the applicant, or your colleague, must understand why."),
    "reason_missing": gettext_lazy("Choose a reason from the list."),
    "opinion_awaited": gettext_lazy(
        "A colleague's opinion is asked. Wait for it, or take the question back; then decide. Nothing was changed."
    ),
    "no_opinion_asked": gettext_lazy(
        "Nobody asks for your opinion about it by now: it was given, or the question was taken back. Nothing was changed."
    ),
    "leaning_missing": gettext_lazy("Say whether you would accept it, refuse it or are unsure."),
    "still_comparing": gettext_lazy(
        "It is still being compared with what is here. Wait until that has ended, then accept. Nothing was changed."
    ),
    "unheard": gettext_lazy(
        "You have not heard all of it: play what is marked “not heard”, then accept. Nothing was changed."
    ),
}
"""What pages say where the room refuses, by the error's code."""
EVENTS = frozenset(
    {
        Event.ACCEPT,
        Event.REFUSE,
        Event.ASK,
        Event.PASS_ON,
        Event.REOPEN,
        Event.ASK_OPINION,
        Event.OPINE,
        Event.TAKE_BACK,
    }
)


def _told(request: HttpRequest, gid: UUID, error: SubmissionError) -> HttpResponse:
    """The submission, and what was refused."""
    if isinstance(error, MayNotAudit):
        return _item(request, gid, refused=HINDRANCES[error.hindrance], status=HTTPStatus.FORBIDDEN)
    return _item(request, gid, refused=REFUSED.get(error.code, str(error)), status=HTTPStatus.CONFLICT)


form = refusing(guard=auditors_only, page="web:audit-item", told=_told)


@require_safe
@auditors_only
def page(request: HttpRequest) -> HttpResponse:
    """Show the queue, how long it waits, and what each auditor decided."""
    now, auditor = timezone.now(), account_of(request)
    mine, longest = queries.queue_for(auditor, now=now), queries.waiting_since()
    figures = queries.figures_by_auditor(now=now)
    returned = {it.pk for it in queries.returned_to(auditor)}
    return render(
        request,
        "web/audit/queue.html",
        {
            "mine": mine[:QUEUE_SHOWN],
            "more_follow": len(mine) > QUEUE_SHOWN,
            "returned": returned,
            "nobody_s": queries.nobody_s(),
            "asked": queries.opinions_asked_of(auditor),
            "awaited": queries.opinions_awaited_by(auditor, now=now),
            "held": next((it for it in mine if _lies_with(it, auditor)), None),
            "waiting": queries.queue().count(),
            "longest": now - longest if longest else None,
            "usual": queries.usual_wait(now=now),
            "figures": figures,
            "reversed": sum(it.reversed for it in figures),
            "notices": open_notices().count(),
            "payees": _payees(now),
        },
    )


def _payees(now: datetime) -> list[tuple[Shop, list[Wording], Submission | None]]:
    """Payees who gave what a refused one gave: what is the same, and the latest that they handed in."""
    found = queries.payees_like_refused(now=now)
    latest = queries.latest_paid_to([it for it, _ in found])
    return [(it, doubts(kinds), latest.get(it.pk)) for it, kinds in found]


def _lies_with(row: Submission, auditor: Account) -> bool:
    """Whether it is on this auditor's desk; a lease that is over is theirs until another takes it."""
    claim = getattr(row, "claim", None)
    return claim is not None and claim.auditor_id == auditor.pk


@require_POST
@auditors_only
def take_next(request: HttpRequest) -> HttpResponse:
    """Take what waits longest; of two auditors who ask at once each gets another."""
    auditor, now = account_of(request), timezone.now()
    gid = claim.take_first(auditor=auditor, now=now)
    if gid is None:
        messages.success(request, _("Nothing waits for you."))
        return redirect("web:audit")
    return redirect("web:audit-item", gid=gid)


@require_safe
@auditors_only
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a submission; reading it takes nothing."""
    try:
        return _item(request, gid)
    except SubmissionUnknown as error:
        raise Http404 from error


@require_safe
@auditors_only
def news(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Say what happened to a submission since its page was made, and what was heard and found; nothing where it tells that already."""
    since, told = (asked_number(request, name, digits=STEP_DIGITS) for name in ("since", "told"))
    try:
        row = queries.handed_in(gid)
    except SubmissionUnknown as error:
        raise Http404 from error
    auditor = account_of(request)
    found = queries.happened(row, after=since)
    is_told = not found or found[-1].step.number <= told
    parts = _parts(request, row, auditor, _stand(row, auditor, now=timezone.now()))
    seen = request.GET.get("seen", "").split(".")
    known = seen if len(seen) == len(PARTS) else [""] * len(PARTS)
    fresh = {
        f"fresh_{name}": told not in {"", parts[f"seen_{name}"]}
        for name, told in zip(PARTS, known, strict=True)
    }
    if is_told and not any(fresh.values()):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    number = found[-1].step.number if found else told
    shown = {"news": found, "since": since, "told": number, "is_told": is_told, "oob": True}
    track = parts["track"]
    recording = track.recording if isinstance(track, Track) else None
    return render(request, "web/audit/fresh.html", parts | fresh | shown | {"recording": recording})


@form
def desk(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Take a submission, or say that one still sits at it; and have what failed for good compared again."""
    row = claim.take(auditor=account_of(request), gid=gid, now=timezone.now())
    if "compare" in request.POST:
        compare_anew(row)
    return redirect("web:audit-item", gid=gid)


@form
def put_back(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Put a submission back undecided."""
    claim.leave(auditor=account_of(request), gid=gid, now=timezone.now())
    return redirect("web:audit")


@form
def decide(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Decide, and go on with the next."""
    auditor, now = account_of(request), timezone.now()
    event, chosen = request.POST.get("event", ""), request.POST.get("reason", "")
    leaning = request.POST.get("leaning", "")
    if event not in EVENTS:
        raise Http404
    review.decide(
        auditor=auditor,
        gid=gid,
        event=Event(event),
        reason=Reason(chosen) if chosen in set(Reason) else None,
        leaning=Leaning(leaning) if leaning in set(Leaning) else None,
        words=request.POST.get("words", ""),
        link=absolute(request, reverse("web:studio-application", args=[gid])),
        now=now,
    )
    if event in {Event.REOPEN, Event.TAKE_BACK}:
        return redirect("web:audit-item", gid=gid)
    messages.success(request, _done(Event(event), queries.handed_in(gid)))
    if event == Event.OPINE:
        return redirect("web:audit")
    following = claim.take_first(auditor=auditor, now=now)
    return redirect("web:audit-item", gid=following) if following else redirect("web:audit")


def _done(event: Event, row: Submission) -> str:
    return {
        Event.ACCEPT: _("Accepted: “{title}”. Its applicant is told."),
        Event.REFUSE: _("Refused: “{title}”. Its applicant is told."),
        Event.ASK: _("Asked about “{title}”. It comes back with the answer."),
        Event.ASK_OPINION: _("Your colleagues are asked about “{title}”. It comes back with an opinion."),
        Event.OPINE: _("Your opinion about “{title}” is with who asked. They decide."),
        Event.PASS_ON: _("Passed on: “{title}”. Another auditor hears it."),
    }[event].format(title=row.title)


@dataclass(frozen=True)
class _Stand:
    """How an auditor stands to a submission."""

    held: Claim | None
    hindrance: Hindrance | None
    elsewhere: bool
    """Whether another has it on the desk."""
    may_decide: bool
    asked: Opinion | None
    """A colleague's opinion that is asked and did not come yet."""
    may_opine: bool


def _stand(row: Submission, auditor: Account, *, now: datetime) -> _Stand:
    waits = State(row.state) in WAITING
    hindrance = queries.hindrance(row, auditor) if waits else queries.conflict(row, auditor)
    held = Claim.objects.filter(submission=row).select_related("auditor").first()
    elsewhere = held is not None and held.auditor_id != auditor.pk and held.until > now
    asked = queries.asked_opinion(row) if waits else None
    is_mine = asked is not None and asked.asker_id == auditor.pk
    return _Stand(
        held=held,
        hindrance=hindrance,
        elsewhere=elsewhere,
        may_decide=waits and hindrance is None and not elsewhere and not is_mine,
        asked=asked,
        may_opine=asked is not None and not is_mine and queries.conflict(row, auditor) is None,
    )


def _item(
    request: HttpRequest, gid: UUID, *, refused: Promise | str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    auditor, now = account_of(request), timezone.now()
    row = queries.handed_in(gid)
    state, stand = State(row.state), _stand(row, auditor, now=now)
    parts = _parts(request, row, auditor, stand)
    track = parts["track"]
    recording = track.recording if isinstance(track, Track) else None
    asset = recording.asset if recording else None
    happened, changed = queries.happened(row), changed_by(row)
    return render(
        request,
        "web/audit/item.html",
        parts
        | {
            "recording": recording,
            "asset": asset,
            "bars": bars(asset.peaks, count=120) if asset else "",
            "cues": _cues(asset) if asset else [],
            "former": changed.former if changed else None,
            "changes": version_changes.about(row, changed) if changed else [],
            "waited": now - row.submitted_at if state in WAITING and row.submitted_at else None,
            "happened": happened,
            "since": happened[-1].step.number if happened else 0,
            "record": record_of(row),
            "refused": refused,
            "hindrance": HINDRANCES[stand.hindrance] if stand.hindrance else "",
            "held": stand.held,
            "is_mine": stand.held is not None and stand.held.auditor_id == auditor.pk,
            "elsewhere": stand.elsewhere,
            "asked": stand.asked,
            "question": _said_at(happened, stand.asked.number) if stand.asked else "",
            "leanings": Opinion.Leaning.choices,
            "opinions": queries.opinions_about(row) if stand.may_decide else [],
            "said": request.POST.get("words", "") if refused else "",
            "may_reopen": (state, Event.REOPEN) in TABLE and stand.hindrance is None,
            "reasons": Submission.Reason.choices,
            "decided": any(it.step.event in DECISIONS for it in happened),
            **_neighbours(row, auditor, now=now),
        },
        status=status,
    )


def _parts(request: HttpRequest, row: Submission, auditor: Account, stand: _Stand) -> dict[str, object]:
    """What changes while the page is open."""
    asked = request.GET.get("track", "")
    told = desk_parts(row, auditor, asked=asked, is_hearing=stand.may_decide or stand.may_opine)
    return told | {"submission": row, "may_decide": stand.may_decide, "may_opine": stand.may_opine}


def _said_at(happened: list[queries.Happened], number: int) -> str:
    return next((it.words for it in happened if it.step.number == number), "")


def _cues(asset: Asset) -> list[tuple[str, str, int]]:
    """Places worth a press: key, name, milliseconds."""
    whole_ms = round(1000 * asset.samples / asset.rate_hz) if asset.samples and asset.rate_hz else 0
    return [
        ("1", _("First 10 s"), 0),
        ("2", _("Loudest passage"), asset.loudest_ms or 0),
        ("3", _("Last 10 s"), max(0, whole_ms - EDGE_MS)),
    ]


def _neighbours(row: Submission, auditor: Account, *, now: datetime) -> dict[str, object]:
    """What stands before and after it in this auditor's queue."""
    gids = [it.gid for it in queries.queue_for(auditor, now=now)]
    at = gids.index(row.gid) if row.gid in gids else -1
    return {
        "previous": gids[at - 1] if at > 0 else None,
        "following": gids[at + 1] if 0 <= at < len(gids) - 1 else gids[0] if at < 0 and gids else None,
    }
