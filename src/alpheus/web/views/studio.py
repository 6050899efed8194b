"""The studio: a musician applies with one recording, hands in releases, and sees where they stand."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.catalogue.artwork import BYTES_MAX
from alpheus.mail.addresses import absolute
from alpheus.shops.brand.queries import roster_of
from alpheus.shops.moves.queries import moves_of, run_by
from alpheus.shops.rules import Kind as ShopKind
from alpheus.shops.rules import May
from alpheus.submissions import queries, rules
from alpheus.submissions.amend import amend, begin_version
from alpheus.submissions.answer import answer, appeal
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import CoverUnfit, Incomplete, SubmissionError, SubmissionUnknown
from alpheus.submissions.hand_in import hand_in, missing
from alpheus.submissions.mint_upc import mint_upc
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Event, Kind, Missing, State
from alpheus.submissions.set_cover import set_cover
from alpheus.submissions.terms import terms
from alpheus.submissions.withdraw import discard, withdraw
from alpheus.web.countries import countries
from alpheus.web.guards import account_of, members_only
from alpheus.web.refusals import refusing
from alpheus.web.seats import choose, seat_here
from alpheus.web.uploading import arriving, sending, typed
from alpheus.web.views import releases
from alpheus.web.waveform import bars

LEFT: dict[Missing, Promise] = {
    Missing.RECORDING: _("Upload your recording"),
    Missing.TRACKS: _("Upload the tracks"),
    Missing.ARTIST_NAME: _("Say under which name you make music"),
    Missing.ARTIST: _("Choose whose release it is"),
    Missing.COUNTRY: _("Choose your country"),
    Missing.TITLE: _("Give the piece its title"),
    Missing.UPC: _(
        "Mend the UPC or EAN: 12 or 13 digits, of which the last proves the others. Or leave it empty."
    ),
    Missing.UPC_TAKEN: _("Another release has this UPC. Mend it, or leave it empty."),
    Missing.DUE: _("Choose when it appears again: a day, a time and a time zone. Or leave it empty."),
    Missing.PRELISTEN_DUE: _(
        "Choose when it appears: previews are heard until then. Or let none be heard before it appears."
    ),
    Missing.PRELISTEN: _("Let previews begin before it appears: choose an earlier day or time."),
    Missing.TERRITORIES: _("Name the countries, as two letters each: CN JP KR. Or offer it everywhere."),
    Missing.ISRC_TWICE: _("Two tracks have the same ISRC. Each recording has its own."),
    Missing.AI: _("Say whether a machine helped"),
    Missing.OWNS_RECORDING: _("Declare that the recording is yours"),
    Missing.OWNS_COMPOSITION: _("Declare that words and music are yours"),
    Missing.NO_COVER: _("Declare that it is no cover"),
}
REFUSED: dict[str, Promise] = {
    "not_now": _("That cannot be done any more. This is where it stands now."),
    "incomplete": _("Something is left to do before it can be handed in."),
    "artist_moved": _("This artist is on a label now: releases come out there."),
    "shop_missing": _("Releases stand in a shop. Yours is founded when an application is accepted."),
    "cover_unfit": _(
        "This cannot be a cover. Choose a JPEG, PNG, WebP or AVIF of at most 8,000 by 8,000 pixels and 32 MiB."
    ),
    "has_one": _("An application of yours is under way. One is heard at a time."),
    "no_upc": _("No UPC can be given here. Leave it empty, or write your own."),
    "needs_version": _(
        "This is more than a slip of the pen. A new version changes it, and a person looks at that first."
    ),
    "minute_past": _("This minute is over. Choose a later one, or none: then it appears at once."),
    "words_missing": _("Write a sentence first."),
    "appealed_already": _("An application is appealed once, and this appeal was heard."),
}
"""What pages say where the room refuses, by the error's code."""


_AFTERWARDS = frozenset({Missing.DUE, Missing.PRELISTEN, Missing.PRELISTEN_DUE})


def _told(request: HttpRequest, gid: UUID, error: SubmissionError) -> HttpResponse:
    """The application, and what was refused."""
    said = REFUSED.get(error.code, str(error))
    if isinstance(error, Incomplete) and _AFTERWARDS.issuperset(error.missing):
        said = LEFT[error.missing[0]]  # of what is accepted already nothing else can be left to do
    return _application(request, gid, refused=said, status=HTTPStatus.CONFLICT)


form = refusing(guard=members_only, page="web:studio-application", told=_told)


@require_safe
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Show what this account handed in, or what applying means."""
    account, seat = account_of(request), seat_here(request)
    is_brand = seat is not None and seat.shop.kind == ShopKind.BRAND
    may_release = seat is None or seat.may(May.RELEASES)
    rows = list(queries.own(account, seat.shop if seat else None)[: queries.SHOWN_MAX]) if may_release else []
    return render(
        request,
        "web/studio/index.html",
        {
            "submissions": rows,
            "shop": seat.shop if seat else None,
            "seat": seat,
            "moves": bool(moves_of(account) or run_by(account)),
            "may": {it.value: seat.may(it) for it in May} if seat else {},
            "may_apply": not is_brand
            and not any(row.kind == Kind.APPLICATION and State(row.state) in rules.UNDER_WAY for row in rows),
            "usual": queries.usual_wait(now=timezone.now()),
        },
    )


@require_POST
@members_only
def choose_shop(request: HttpRequest) -> HttpResponse:
    """Work for another of one's shops from now on."""
    try:
        chosen = choose(request, UUID(request.POST.get("shop", "")))
    except ValueError:
        chosen = False
    if not chosen:
        raise Http404
    return redirect("web:studio")


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
def cover(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Give a release's draft its cover; sent without an image it is taken away."""
    sent = request.FILES.get("image")
    image = _image(sent) if isinstance(sent, UploadedFile) else None
    set_cover(account=account_of(request), gid=gid, image=image, terms=terms(), now=timezone.now())
    return redirect("web:studio-application", gid=gid)


def _image(sent: UploadedFile[Any]) -> bytes:
    if (sent.size or 0) > BYTES_MAX:
        raise CoverUnfit("The image is too large.")
    return bytes(sent.read())


@form
def give_upc(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Give a release a UPC under the operator's prefix."""
    mint_upc(account=account_of(request), gid=gid, prefix=terms().gs1_prefix, now=timezone.now())
    return redirect("web:studio-application", gid=gid)


@form
def change(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Change what is changed at once of an accepted release: notes, genres, slips of the pen, its minute, a track's lyrics."""
    given, asked = typed(request), request.POST.get("track", "")
    try:
        track = UUID(asked) if asked else None
    except ValueError as error:
        raise Http404 from error
    amend(account=account_of(request), gid=gid, fields=given, track=track, now=timezone.now())
    messages.success(request, gettext("It is changed, and listeners see it so from now on."))
    return redirect("web:studio-application", gid=gid)


@form
def new_version(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Begin a new version of what is published, or go on with it."""
    version = begin_version(account=account_of(request), gid=gid, now=timezone.now())
    return redirect("web:studio-application", gid=version.gid)


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
    describe(account=account_of(request), gid=gid, fields=typed(request), now=timezone.now())


def _link(request: HttpRequest, gid: UUID) -> str:
    return absolute(request, reverse("web:studio-application", args=[gid]))


def _application(
    request: HttpRequest, gid: UUID, *, refused: Promise | str = "", saved: bool = False, status: int = 200
) -> HttpResponse:
    row = queries.own_one(account_of(request), gid)
    tracks = queries.tracks_of(row)
    context: dict[str, object] = {"submission": row, "refused": refused}
    is_release = row.kind == Kind.RELEASE
    context |= releases.shown(account_of(request), row, tracks) if is_release else _sound(tracks)
    if row.state == State.DRAFT:
        context |= _form(row, saved=saved)
        if is_release:
            context |= releases.choices() | {"roster": roster_of(row.shop) if row.shop else []}
        return render(
            request,
            "web/studio/release.html" if is_release else "web/studio/draft.html",
            context,
            status=status,
        )
    if context.get("may_change"):
        context |= releases.choices()
    context |= {
        "happened": queries.happened(row),
        "usual": queries.usual_wait(now=timezone.now()),
        "question": queries.last_said(row, Event.ASK),
        "because": queries.last_said(row, Event.REFUSE),
        "may_withdraw": rules.may_withdraw(
            State(row.state), Kind(row.kind), is_published=row.published_at is not None
        ),
    }
    return render(request, "web/studio/standing.html", context, status=status)


def _sound(tracks: list[Track]) -> dict[str, object]:
    """What an application's one track sounds like, and how far its file is."""
    recording = tracks[0].recording
    return {
        "recording": recording,
        "asset": recording.asset if recording else None,
        "bars": bars(recording.asset.peaks, count=120) if recording and recording.asset else "",
        "queue": [str(recording.gid)] if recording else [],
        "upload": arriving(tracks[0]),
    }


def _form(row: Submission, *, saved: bool) -> dict[str, object]:
    return {
        "left": [LEFT[it] for it in missing(row)],
        "countries": countries(),
        "ai_choices": Submission.Ai.choices,
        "saved_at": timezone.localtime() if saved else None,
        "usual": queries.usual_wait(now=timezone.now()),
        **sending(),
    }
