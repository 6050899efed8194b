"""The front page: what is new, what was added, where the listener was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_datetime
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alpheus.catalogue import lists
from alpheus.catalogue.models import Asset, Recording, Release, Track
from alpheus.catalogue.queries import offered, recordings_of, release_of, releases_of
from alpheus.catalogue.shown import releases_shown
from alpheus.insight.made_for import made_for
from alpheus.listening import listeners
from alpheus.listening import session as sessions
from alpheus.listening.models import Listener, PlaybackSession
from alpheus.parties.models import Account
from alpheus.web.clocks import local_time
from alpheus.web.preparing import Phase, Readiness, phases, playable, readiness
from alpheus.web.templatetags.words import locale
from alpheus.web.waveform import bars

SHELF = 12
AT_WORK_SHOWN = 3
LIVELY = timedelta(minutes=3)
"""After something was added, more may follow: for so long the shelf asks for itself again."""


@dataclass(frozen=True)
class Continue:
    """Where the listener was: what played, how far, and the queue around it."""

    recording: Recording
    release: Release | None
    session: PlaybackSession
    bars: str
    position_ms: int
    at: str
    """How far, as CSS writes it: 47.25%."""


@dataclass(frozen=True)
class AtWork:
    """A file on its way: its title where it is known, and its phases."""

    asset: Asset
    recording: Recording | None
    phases: list[Phase]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the front page; while files are being prepared it asks for itself again."""
    listener = _listener(request)
    added = list(lists.releases(size=SHELF + 1).rows)
    feature = added[0] if added else None
    waiting = Asset.objects.filter(state__in=[Asset.State.WAITING, Asset.State.WORKING]).count()
    return render(
        request,
        "web/home.html",
        {
            "greeting": greeting(local_time(request, timezone.now())),
            "feature": feature,
            "feature_queue": _queue(feature) if feature else [],
            "newest": added[1:],
            "lively": feature is not None and timezone.now() - feature.created_at < LIVELY,
            "latest": _latest({it.pk for it in added}) if len(added) > SHELF else [],
            "totals": offered() if feature else None,
            "continue": _continue(listener),
            "made": made_for(listener=listener) if feature else None,
            "waiting": waiting,
            "composing": feature is None and _demo_begun(),
            "at_work": _at_work() if waiting else [],
        },
    )


def _listener(request: HttpRequest) -> Listener | None:
    """Who looks, if they ever listened; looking makes nobody."""
    account = request.user if isinstance(request.user, Account) else None
    return listeners.find(account=account, session=request.session)


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


def _demo_begun() -> bool:
    """Whether the demo is being composed: its folder is made first, and its first piece arrives later."""
    return (settings.OURS.data / "demo").is_dir()


def _latest(shown: set[int]) -> list[Release]:
    """Releases by their own date, as far as they are not on the page already."""
    dated = releases_shown().filter(year__isnull=False).exclude(pk__in=shown)
    return releases_of(list(dated.order_by("-released", "-id").values_list("gid", flat=True)[:SHELF]))


def _queue(release: Release) -> list[str]:
    """What of a release can be heard, in order."""
    tracks = Track.objects.filter(medium__release=release, recording__removed_at=None)
    tracks = tracks.select_related("recording__asset").defer("recording__asset__peaks")
    ordered = tracks.prefetch_related("recording__asset__renditions").order_by("medium__position", "position")
    return playable(it.recording for it in ordered)


def _continue(listener: Listener | None) -> Continue | None:
    session = sessions.get(listener) if listener else None
    current = sessions.current(session) if session else None
    if session is None or current is None:
        return None
    found = recordings_of([current])
    recording = found[0] if found else None
    if recording is None or readiness(recording) is not Readiness.READY or not recording.duration_ms:
        return None
    # The cloud counts on by itself: a device that went on to the next piece may not have said so yet.
    position_ms = min(session.position_ms, recording.duration_ms)
    at = position_ms / recording.duration_ms
    drawn = bars(recording.asset.peaks) if recording.asset else ""
    return Continue(recording, release_of(recording), session, drawn, position_ms, f"{at * 100:.2f}%")


def _at_work() -> list[AtWork]:
    assets = Asset.objects.filter(state=Asset.State.WORKING).defer("peaks").order_by("-fraction", "id")
    recordings = {
        it.asset_id: it
        for it in Recording.objects.filter(asset__in=assets[:AT_WORK_SHOWN].values("pk")).order_by("-id")
    }
    return [AtWork(it, recordings.get(it.pk), phases(it)) for it in assets[:AT_WORK_SHOWN]]
