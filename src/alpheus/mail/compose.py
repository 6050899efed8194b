"""A letter made from its wording: in one language, as HTML and as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from alpheus.mail.letters import LETTERS, Kind

Value = str | Promise | date

TAGS = {"zh-hans": "zh-Hans"}
"""BCP 47 tags of languages whose code in Django is another."""


@dataclass(frozen=True)
class Composed:
    """A letter's parts as they are sent."""

    subject: str
    text: str
    html: str


def compose(*, kind: Kind, language: str, site: str, values: Mapping[str, Value]) -> Composed:
    """Write a letter.

    Args:
        kind: which letter.
        language: Django's code of the reader's language; one without translations reads in English.
        site: the installation's name.
        values: what its sentences name; `link` is where its button leads, `code` what is typed by hand.
    """
    language = language or settings.LANGUAGE_CODE
    wording = LETTERS[kind]
    with translation.override(language):
        spoken = {name: _spoken(value, language) for name, value in values.items()} | {"site": site}
        parts = {
            "site": site,
            "tag": TAGS.get(language, language),
            "subject": str(wording.subject) % spoken,
            "paragraphs": [str(it) % spoken for it in wording.paragraphs],
            "button": str(wording.button) % spoken,
            "link": spoken.get("link", "") if wording.button else "",
            "code": spoken.get("code", "") if wording.shows_code else "",
            "why": str(wording.why) % spoken,
        }
        return Composed(
            subject=" ".join(str(parts["subject"]).split()),
            text=render_to_string("mail/letter.txt", parts).strip() + "\n",
            html=render_to_string("mail/letter.html", parts),
        )


def _spoken(value: Value, language: str) -> str:
    if isinstance(value, datetime):
        return format_datetime(value, "long", locale=_locale(language))
    if isinstance(value, date):
        return format_date(value, "long", locale=_locale(language))
    return str(value)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(TAGS.get(language, language), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
