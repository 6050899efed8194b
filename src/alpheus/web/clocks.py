"""By whose clocks a page tells a time: its reader's, as far as their browser has said where they are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest

ZONE_COOKIE = "zone"
"""The browser's time zone (IANA name), set by the page's script; the machine's own until then."""


@dataclass(frozen=True)
class Told:
    """A moment as a page tells it."""

    at: datetime
    zone: str
    """Whose clocks show it so, where they are not known to be the reader's."""


def local_time(request: HttpRequest, moment: datetime) -> datetime:
    """A moment by the clock where the reader is, as far as their browser has said."""
    return _here(request, moment) or moment.astimezone()


def told(request: HttpRequest, moment: datetime, *, zone: str) -> Told:
    """A moment by the clock where the reader is; until their browser has said that, by those of a zone, which is named."""
    here = _here(request, moment)
    return Told(here, "") if here else Told(moment.astimezone(ZoneInfo(zone)), zone)


def _here(request: HttpRequest, moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(ZoneInfo(request.COOKIES[ZONE_COOKIE]))
    except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
        return None
