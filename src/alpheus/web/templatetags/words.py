"""How pages write names, numbers, times and dates, in the page's language."""

import zlib
from datetime import datetime, timedelta
from json import dumps
from unicodedata import bidirectional, east_asian_width

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_datetime_format
from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import release_of
from alpheus.listening.edge_state import Figure
from alpheus.values import duration
from alpheus.values.language import language_of
from alpheus.web.browser_names import browser_name
from alpheus.web.edge_labels import LABELS

register = template.Library()

HUES = (20, 60, 95, 150, 195, 240, 310, 345)
"""Hues of pebbles without a picture, degrees in OKLCH."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def locale() -> Locale:
    """The page's language as Babel knows it."""
    return Locale.parse(translation.to_locale(translation.get_language() or settings.LANGUAGE_CODE))


@register.simple_tag
def name(text: str, language: str = "") -> SafeString | str:
    """A name in its own language: its script picks glyphs, line breaks and a reader's voice."""
    tag = language or language_of(text, context=translation.get_language() or "")
    if reads_both_ways(text):
        # On its own, so that a name written from the right does not turn its neighbours around.
        return format_html('<bdi lang="{}">{}</bdi>', tag, text)
    return format_html('<span lang="{}">{}</span>', tag, text) if tag else text


def reads_both_ways(text: str) -> bool:
    """Whether a text has letters that are written from right to left (Unicode UAX 9)."""
    return any(bidirectional(letter) in {"R", "AL"} for letter in text)


@register.simple_tag
def lang_of(text: str, language: str = "") -> str:
    """The language tag of a name, for a `lang` attribute; empty where the page's own will do."""
    return language or language_of(text, context=translation.get_language() or "")


@register.simple_tag
def comma() -> str:
    """What stands between two facts on one line."""
    return pgettext("between facts", ", ")


@register.filter
def clock(ms: int | None) -> str:
    """A duration: 3:42, 1:02:09."""
    return "" if ms is None else duration.clock(ms)


@register.filter
def machine_time(ms: int | None) -> str:
    """A duration for `<time datetime>`."""
    return "" if ms is None else duration.iso(ms)


@register.filter
def total(ms: int) -> str:
    """A sum of time: 2 h 51 min."""
    hours, minutes = duration.hours_and_minutes(ms)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


@register.filter
def number(value: float) -> str:
    """A number with the language's separators: 12,481."""
    return format_decimal(value, locale=locale())


@register.filter
def one_decimal(value: float | None) -> str:
    """A level with one decimal and a true minus sign: −14.2."""
    return "" if value is None else format_decimal(round(value, 1), "0.0", locale=locale()).replace("-", "−")


@register.filter
def percent(fraction: float) -> str:
    """A fraction as whole percent; 100 only when all is done."""
    return f"{min(99, int(fraction * 100)) if fraction < 1 else 100}%"


@register.filter
def size(count: int) -> str:
    """Bytes as storage is sold, in powers of ten: 3.4 GB."""
    value, unit = float(count), 0
    units = ("B", "kB", "MB", "GB", "TB", "PB")
    while value >= 1000 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    return f"{format_decimal(value, '#,##0' if unit == 0 or value >= 100 else '#,##0.0', locale=locale())} {units[unit]}"


@register.filter
def since(moment: datetime) -> str:
    """How long ago: 14 s ago, 18 min ago, 5 h ago, yesterday, then a date."""
    gone = max(timezone.now() - moment, timedelta())
    if gone < MINUTE:
        return _("%(n)d s ago") % {"n": gone.seconds}
    if gone < HOUR:
        return _("%(n)d min ago") % {"n": gone // MINUTE}
    if gone < DAY:
        return _("%(n)d h ago") % {"n": gone // HOUR}
    if gone < 2 * DAY:
        return _("yesterday")
    return format_date(moment.date(), "medium", locale=locale())


@register.filter
def released(release: Release) -> str:
    """A release's date as far as it is known: 2026, Nov 2026, 21 November 2026."""
    if release.year is None:
        return ""
    moment = datetime(release.year, release.month or 1, release.day or 1)  # noqa: DTZ001 - a date, not a moment
    if release.day:
        return format_date(moment, "long", locale=locale())
    if release.month:
        return format_skeleton("yMMMM", moment, locale=locale())
    return format_skeleton("y", moment, locale=locale())


@register.filter
def tracks(count: int) -> str:
    """A number of tracks."""
    return ngettext("%(n)s track", "%(n)s tracks", count) % {"n": number(count)}


@register.filter
def releases(count: int) -> str:
    """A number of releases."""
    return ngettext("%(n)s release", "%(n)s releases", count) % {"n": number(count)}


@register.filter
def on_release(recording: Recording) -> Release | None:
    """The first release that a recording is on."""
    return release_of(recording)


@register.filter
def hue(text: str) -> int:
    """A pebble's hue, the same for the same name everywhere."""
    return HUES[zlib.crc32(text.encode()) % len(HUES)]


@register.filter
def initial(text: str) -> str:
    """The first letter of a name, for its pebble."""
    return next((letter.upper() for letter in text if letter.isalnum()), "·")


@register.filter
def json(value: object) -> str:
    """A value for a data attribute that scripts read."""
    return dumps(value, ensure_ascii=False, separators=(",", ":"))


@register.filter
def loudness_class(title: str) -> str:
    """How loud a title may be set: a long one is set smaller, so that it can be read at all.

    Characters of CJK scripts are about twice as wide as Latin ones.
    """
    width = sum(2 if is_wide(letter) else 1 for letter in title)
    if width <= 48:
        return "loud louder"
    if width <= 120:
        return "loud"
    return "loud m" if width <= 200 else "loud s"


def is_wide(letter: str) -> bool:
    """Whether a character takes a full square (Unicode UAX 11)."""
    return east_asian_width(letter) in {"W", "F"}


RENDITIONS = {"aac-64": "AAC 64", "aac-128": "AAC 128", "aac-256": "AAC 256", "flac": "FLAC"}
"""Renditions as listeners know them: codec and kbit/s."""


@register.filter
def territory(code: str) -> str:
    """A territory by its name in the page's language."""
    return str(locale().territories.get(code, code))


def language_name(tag: str) -> str:
    """A language (BCP 47) by its name in the page's; what names none stays as it is."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


@register.filter
def rendition_names(names: list[str]) -> str:
    """Renditions from the smallest to the lossless."""
    return ", ".join(label for key, label in RENDITIONS.items() if key in names)


@register.simple_tag
def sum_of(*counts: int) -> int:
    """Counts added up."""
    return sum(counts)


@register.filter
def share(part: int, whole: int) -> str:
    """A part of a whole as CSS writes it: 62.5%."""
    return f"{100 * part / whole:.2f}%" if whole else "0%"


@register.filter
def called(figure: Figure) -> str:
    """What a figure that an edge told is called."""
    return str(LABELS.get(figure.name, figure.name))


@register.filter
def told(figure: Figure) -> str:
    """A figure that an edge told: bytes and numbers are made readable, all else stays as it is."""
    value = figure.value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and figure.is_bytes:
        return size(value)
    return number(value) if isinstance(value, int | float) else str(value)


@register.filter
def queue(gids: list[str]) -> str:
    """A queue as the player's `data-play` wants it: pressed, it plays the whole from the start."""
    return json({"queue": gids})


@register.filter
def browser(user_agent: str) -> str:
    """What people call a browser."""
    return browser_name(user_agent)


@register.filter
def day(moment: datetime) -> str:
    """A day, written out: 10 December 2026."""
    return format_date(moment, "long", locale=locale())


@register.filter
def day_and_time(moment: datetime) -> str:
    """A day and a time of it, written out: 10 December 2026, 18:00."""
    there = locale()
    date, time = format_date(moment, "long", locale=there), format_time(moment, "short", locale=there)
    joined = str(get_datetime_format("medium", locale=there))
    return joined.replace("'", "").replace("{1}", date).replace("{0}", time)


@register.filter
def lasting(time: timedelta) -> str:
    """How long something takes, roughly: "3 hours"."""
    return str(format_timedelta(max(time, MINUTE), locale=locale()))
