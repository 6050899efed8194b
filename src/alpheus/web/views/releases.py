"""The studio's release editor: tracks and their credits, cover, what listeners will see, and what changes afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.catalogue.models import Release
from alpheus.catalogue.rules import release_type
from alpheus.parties.models import Account
from alpheus.rights.early import early_of
from alpheus.shops.errors import NotSoldHere
from alpheus.shops.models import Shop
from alpheus.shops.offers.queries import currency_of_shop
from alpheus.shops.offers.rules import Asked, Quote
from alpheus.shops.rules import May
from alpheus.shops.seats import works_in
from alpheus.submissions import arrange, queries
from alpheus.submissions.access import shop_of_submission
from alpheus.submissions.asking import Asking, will_ask
from alpheus.submissions.begin import begin_release
from alpheus.submissions.bulk.queries import intake_of
from alpheus.submissions.describe import describe_track
from alpheus.submissions.errors import SubmissionError, SubmissionUnknown
from alpheus.submissions.hand_in import missing_in_tracks
from alpheus.submissions.mint_isrc import mint_isrc
from alpheus.submissions.models import Submission, Track, Upload
from alpheus.submissions.publish_due import publish
from alpheus.submissions.rules import Missing, State
from alpheus.submissions.terms import terms
from alpheus.web.guards import account_of, members_only
from alpheus.web.prices import in_words
from alpheus.web.seats import seat_here
from alpheus.web.templatetags.words import language_name
from alpheus.web.uploading import arriving, sending, typed
from alpheus.web.views.release import rendered
from alpheus.web.waveform import bars

LEFT: dict[Missing, Promise] = {
    Missing.RECORDING: _("Its file is not here yet"),
    Missing.TITLE: _("Give the track its title"),
    Missing.ISRC: _("Mend the ISRC: two letters, three letters or digits, seven digits, as JP-ABC-26-00001. Or leave it empty."),
    Missing.CREDITS: _("Write each credit as a role, a colon and a name, one a line: drums: Mei"),
    Missing.LYRICS: _("There is no line in the lyrics, or far too many. Paste the words, or leave it empty."),
}  # fmt: skip
REFUSED: dict[str, Promise] = {
    "not_now": _("That cannot be done any more. This is where it stands now."),
    "no_isrc": _("No ISRC can be given here. Leave it empty, or write your own."),
    "artist_moved": _("This artist is on a label now: releases come out there."),
    "name_taken": _("Another shop sells under this artist's name. Write to the operator."),
}  # fmt: skip
"""What pages say where the room refuses, by the error's code."""
ENDED = frozenset({State.REFUSED, State.WITHDRAWN})
"""States of what will ask nothing."""
TIED = ("en", "zh-hans", "zh-hant", "yue", "ja", "ko", "de", "es", "fr", "pt", "it", "nl", "ru", "uk", "pl", "tr", "ar", "he", "fa", "hi", "bn", "ta", "id", "ms", "th", "vi", "tl", "sv", "no", "da", "fi", "cs", "hu", "el", "ro", "mn", "bo", "ug", "sw")  # fmt: skip
"""Languages to choose from, by their BCP 47 tags as the catalogue keeps them."""


@dataclass(frozen=True)
class Row:
    """One track of a draft as its row shows it."""

    track: Track
    upload: dict[str, object] | None
    left: Sequence[Promise]
    price: str = ""
    """What it will ask, in words; empty once that is set elsewhere."""

    @property
    def name(self) -> str:
        """What it is called by now: its title, else its file's name; empty where there is neither."""
        row = self.upload["row"] if self.upload else None
        return self.track.title or (row.filename if isinstance(row, Upload) else "")

    @property
    def is_working(self) -> bool:
        """Whether its file is being prepared."""
        row = self.upload["row"] if self.upload else None
        return isinstance(row, Upload) and row.state == Upload.State.WHOLE


@dataclass(frozen=True)
class Prices:
    """What a release that never appeared will ask, as its pages show it: nothing of it is set there."""

    shop: Shop
    asking: Asking
    intake: UUID | None
    """Whose sheet is corrected for another price, while it is a draft."""
    may_set: bool
    """Whether who looks sets prices, once there are any."""

    @property
    def release(self) -> str:
        """The release's, in words; empty while nothing says it."""
        return self._words(self.asking.release) if self.asking.release else ""

    def track(self, track: Track) -> str:
        """A track's."""
        return self._words(self.asking.tracks[track.pk])

    def _words(self, asked: Asked) -> str:
        return in_words(Quote(asked.kind, asked.base), own=currency_of_shop(self.shop))


def prices_of(account: Account, row: Submission, tracks: Sequence[Track]) -> Prices | None:
    """What a release will ask; None for what is out or never will be, and for who has no shop."""
    shop = shop_of_submission(row)
    if shop is None or row.release_id is not None or State(row.state) in ENDED:
        return None
    return Prices(
        shop=shop,
        asking=will_ask(row, tracks, shop=shop, now=timezone.now()),
        intake=intake_of(row) if row.state == State.DRAFT else None,
        may_set=works_in(account, shop, May.PRICES),
    )


def shown(account: Account, row: Submission, tracks: list[Track]) -> dict[str, object]:
    """What a page of a release shows of its tracks."""
    left = missing_in_tracks(row) if row.state == State.DRAFT else {}
    prices = prices_of(account, row, tracks)
    rows = [
        Row(
            it,
            arriving(it),
            [LEFT[what] for what in left.get(it.pk, ())],
            prices.track(it) if prices else "",
        )
        for it in tracks
    ]
    recordings = [it.recording for it in tracks if it.recording]
    early = early_of(row.early.gid, now=timezone.now()) if row.early else None
    return {
        "rows": rows,
        "prices": prices,
        "shop": shop_of_submission(row),
        "may_change": row.state == State.ACCEPTED and not queries.is_superseded(row),
        "is_due": row.due_at is None or row.due_at <= timezone.now(),
        "early": early,
        "heard_since": early.since.astimezone(ZoneInfo(early.zone)) if early else None,
        "prelisten_choices": Submission.Prelisten.choices,
        "working": any(it.is_working for it in rows),
        "queue": [str(it.gid) for it in recordings],
        "total_ms": sum(it.duration_ms or 0 for it in recordings),
        "suggested": Release.Type(release_type([it.duration_ms or 0 for it in recordings])).label
        if recordings
        else "",
    }


def choices() -> dict[str, object]:
    """What a release's form lets choose from."""
    return {
        "types": Release.Type.choices,
        "may_mint_upc": bool(terms().gs1_prefix),
        "languages": languages(),
        "zones": ["UTC", *sorted(it for it in available_timezones() if _is_place(it))],
    }


def _is_place(zone: str) -> bool:
    """Whether a zone is named by a place, as people choose one."""
    return "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))


def languages() -> list[tuple[str, str]]:
    """Languages by their names in the page's, in the order of the names."""
    return sorted(((tag, language_name(tag)) for tag in TIED), key=lambda it: it[1].casefold())


@require_POST
@members_only
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a release."""
    try:
        seat = seat_here(request)
        shop = seat.shop.gid if seat else None
        row = begin_release(account=account_of(request), shop=shop, now=timezone.now())
    except SubmissionError as error:
        if error.code in REFUSED:
            messages.error(request, str(REFUSED[error.code]))
        return redirect("web:studio")
    return redirect("web:studio-application", gid=row.gid)


@members_only
def track(request: HttpRequest, gid: UUID, track: UUID) -> HttpResponse:
    """Show a track of a draft, and save what is typed about it."""
    try:
        if request.method == "POST":
            describe_track(
                account=account_of(request), gid=gid, track=track, fields=typed(request), now=timezone.now()
            )
            if not request.headers.get("HX-Request"):
                return redirect("web:studio-track", gid=gid, track=track)
        return _track(request, gid, track, saved=request.method == "POST")
    except SubmissionUnknown as error:
        raise Http404 from error
    except SubmissionError:
        return redirect("web:studio-application", gid=gid)  # handed in meanwhile


def _track(
    request: HttpRequest, gid: UUID, track: UUID, *, saved: bool = False, refused: Promise | str = ""
) -> HttpResponse:
    row = queries.own_one(account_of(request), gid)
    if row.state != State.DRAFT:
        return redirect("web:studio-application", gid=gid)
    tracks = queries.tracks_of(row)
    at = next((place for place, it in enumerate(tracks) if it.gid == track), None)
    if at is None:
        raise SubmissionUnknown
    one = tracks[at]
    asset = one.recording.asset if one.recording else None
    prices = prices_of(account_of(request), row, tracks)
    context = {
        "submission": row,
        "track": one,
        "number": at + 1,
        "count": len(tracks),
        "previous": tracks[at - 1].gid if at else None,
        "following": tracks[at + 1].gid if at + 1 < len(tracks) else None,
        "row": Row(one, arriving(one), [LEFT[it] for it in missing_in_tracks(row).get(one.pk, ())]),
        "asset": asset,
        "prices": prices,
        "price": prices.track(one) if prices else "",
        "bars": bars(asset.peaks, count=120) if asset else "",
        "may_mint": bool(terms().isrc_prefix),
        "languages": languages(),
        "saved_at": timezone.localtime() if saved else None,
        "refused": refused,
        **sending(),
    }
    return render(
        request, "web/studio/track.html", context, status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    )


@require_POST
@members_only
def remove(request: HttpRequest, gid: UUID, track: UUID) -> HttpResponse:
    """Take a track out of a draft."""
    try:
        arrange.remove_track(
            account=account_of(request), gid=gid, track=track, terms=terms(), now=timezone.now()
        )
    except SubmissionUnknown as error:
        raise Http404 from error
    except SubmissionError:
        pass  # handed in meanwhile: its page says so
    return redirect("web:studio-application", gid=gid)


@require_POST
@members_only
def mint(request: HttpRequest, gid: UUID, track: UUID) -> HttpResponse:
    """Give a track an ISRC under the operator's prefix."""
    try:
        mint_isrc(
            account=account_of(request), gid=gid, track=track, prefix=terms().isrc_prefix, now=timezone.now()
        )
    except SubmissionUnknown as error:
        raise Http404 from error
    except SubmissionError as error:
        return _track(request, gid, track, refused=REFUSED.get(error.code, str(error)))
    return redirect("web:studio-track", gid=gid, track=track)


@require_safe
@members_only
def preview(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a release as listeners will see it: it is published, its page is made, and all of that is taken back."""
    try:
        row = queries.own_one(account_of(request), gid)
        if row.kind != Submission.Kind.RELEASE or not row.tracks.exclude(recording=None).exists():
            raise Http404
        if not row.title or not row.artist_name:
            return redirect("web:studio-application", gid=gid)  # which says what it lacks
        with transaction.atomic():
            release = publish(row, now=timezone.now())
            page = rendered(request, release.gid, preview=row.gid)
            transaction.set_rollback(True)
    except SubmissionUnknown as error:
        raise Http404 from error
    except NotSoldHere:
        messages.error(request, str(REFUSED["name_taken"]))
        return redirect("web:studio-application", gid=gid)
    page["Cache-Control"] = "no-store"
    return page
