"""The front page: what is new, what was added, where the listener was."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alpheus.catalogue.models import Asset, Recording, Release
from alpheus.listening import listeners
from alpheus.listening.models import PlaybackSession
from alpheus.parties.models import Account
from alpheus.web.preparing import Phase, Readiness, phases, playable, readiness
from alpheus.web.templatetags.words import locale
from alpheus.web.waveform import bars

ZONE_COOKIE = "zone"
"""The browser's time zone (IANA name), set by the page's script; the machine's own until then."""
SHELF = 12
AT_WORK_SHOWN = 3


@dataclass(frozen=True)
class Continue:
    """Where the listener was: what played, how far, and the queue around it."""

    recording: Recording
    release: Release | None
    session: PlaybackSession
    bars: str
    lo: str
    hi: str


@dataclass(frozen=True)
class AtWork:
    """A file on its way: its title where it is known, and its phases."""

    asset: Asset
    recording: Recording | None
    phases: list[Phase]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the front page; while files are being prepared it asks for itself again."""
    newest = list(_releases().order_by("-created_at", "-id")[: SHELF + 1])
    feature = newest[0] if newest else None
    states = dict(Asset.objects.values_list("state").annotate(n=Count("pk")))
    waiting = states.get(Asset.State.WAITING, 0) + states.get(Asset.State.WORKING, 0)
    return render(
        request,
        "web/home.html",
        {
            "greeting": greeting(_local_time(request)),
            "feature": feature,
            "feature_queue": playable(_recordings(feature)) if feature else [],
            "newest": newest[1:],
            "latest": _latest({it.pk for it in newest}),
            "counts": {"releases": Release.objects.count(), "recordings": Recording.objects.count()},
            "continue": _continue(request),
            "waiting": waiting,
            "ready": states.get(Asset.State.READY, 0),
            "at_work": _at_work() if waiting else [],
        },
    )


def greeting(moment: datetime) -> str:
    """The day and the time of day in the page's language: "Saturday evening"."""
    language = locale()
    weekday = format_datetime(moment, "EEE" if language.language == "zh" else "EEEE", locale=language)
    hour = moment.hour
    if hour < 5 or hour >= 23:
        return _("%(weekday)s night") % {"weekday": weekday}
    if hour < 12:
        return _("%(weekday)s morning") % {"weekday": weekday}
    if hour < 18:
        return _("%(weekday)s afternoon") % {"weekday": weekday}
    return _("%(weekday)s evening") % {"weekday": weekday}


def _local_time(request: HttpRequest) -> datetime:
    try:
        return timezone.now().astimezone(ZoneInfo(request.COOKIES[ZONE_COOKIE]))
    except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
        return timezone.now().astimezone()


def _releases() -> QuerySet[Release]:
    return Release.objects.select_related("cover", "credit").prefetch_related("credit__artists__artist")


def _latest(shown: set[int]) -> list[Release]:
    """Releases by their own date, as far as they are not on the page already."""
    dated = _releases().filter(year__isnull=False).exclude(pk__in=shown)
    order = [F(part).desc(nulls_last=True) for part in ("year", "month", "day")]
    return list(dated.order_by(*order, "-id")[:SHELF])


def _recordings(release: Release) -> QuerySet[Recording]:
    found = Recording.objects.filter(tracks__medium__release=release).select_related("asset")
    ordered = found.order_by("tracks__medium__position", "tracks__position")
    return ordered.defer("asset__peaks").prefetch_related("asset__renditions")


def _continue(request: HttpRequest) -> Continue | None:
    account = request.user if isinstance(request.user, Account) else None
    listener = listeners.find(account=account, session=request.session)
    session = PlaybackSession.objects.filter(listener=listener).select_related("device").first() if listener else None
    if session is None or session.index >= len(session.queue):
        return None
    found = Recording.objects.filter(gid=session.queue[session.index])
    found = found.select_related("asset", "credit").prefetch_related("credit__artists__artist", "asset__renditions")
    recording = found.first()
    if recording is None or readiness(recording) is not Readiness.READY or not recording.duration_ms:
        return None
    at = min(session.position_ms / recording.duration_ms, 1.0)
    release = _releases().filter(media__tracks__recording=recording).first()
    drawn = bars(recording.asset.peaks) if recording.asset else ""
    # Nothing is in this page's memory yet, so the reach is a hair's breadth: the place itself.
    return Continue(recording, release, session, drawn, f"{at * 100:.2f}%", f"{at * 100 + 0.4:.2f}%")


def _at_work() -> list[AtWork]:
    assets = Asset.objects.filter(state=Asset.State.WORKING).defer("peaks").order_by("-fraction", "id")
    recordings = {
        it.asset_id: it
        for it in Recording.objects.filter(asset__in=assets[:AT_WORK_SHOWN].values("pk")).order_by("-id")
    }
    return [AtWork(it, recordings.get(it.pk), phases(it)) for it in assets[:AT_WORK_SHOWN]]
