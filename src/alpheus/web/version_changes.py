"""What a new version of a release changes, as the auditor's page shows it: the version that listeners hear beside the new one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from babel.dates import format_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alpheus.catalogue.models import Cover, Recording, Release
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.versions.queries import Changed
from alpheus.submissions.versions.rules import Change, What
from alpheus.web.templatetags.words import language_name, locale, territory

LABELS: Mapping[What, Promise] = {
    What.TITLE: gettext_lazy("Title"),
    What.ARTIST: gettext_lazy("Artist"),
    What.TYPE: gettext_lazy("Kind of release"),
    What.COVER: gettext_lazy("Artwork"),
    What.AUDIO: gettext_lazy("Sound"),
    What.ADDED: gettext_lazy("New track"),
    What.REMOVED: gettext_lazy("Taken out"),
    What.PLACE: gettext_lazy("Disc and number"),
    What.COMPOSERS: gettext_lazy("Music"),
    What.LYRICISTS: gettext_lazy("Words"),
    What.PUBLISHERS: gettext_lazy("Publishers"),
    What.CREDITS: gettext_lazy("Credits"),
    What.AI: gettext_lazy("AI"),
    What.TERRITORIES: gettext_lazy("Where it is offered"),
    What.ISRC: gettext_lazy("ISRC"),
    What.UPC: gettext_lazy("UPC or EAN"),
    What.CATALOGUE_NUMBER: gettext_lazy("Catalogue number"),
    What.DUE: gettext_lazy("When it appears"),
    What.DISC_TITLES: gettext_lazy("Titles of the discs"),
    What.EXPLICIT: gettext_lazy("Explicit"),
    What.LANGUAGE: gettext_lazy("Language"),
    What.GENRES: gettext_lazy("Genres"),
    What.LYRICS: gettext_lazy("Lyrics"),
    What.NOTES: gettext_lazy("Notes for listeners"),
}
HEARD = frozenset({What.AUDIO, What.ADDED, What.REMOVED})
LONG = 300
"""Characters of a text beyond which it is opened by a press."""


@dataclass(frozen=True)
class Side:
    """One of the two: a text, or something to hear or see."""

    text: str = ""
    recording: Recording | None = None
    cover: Cover | None = None


@dataclass(frozen=True)
class Row:
    """One difference."""

    what: str
    label: Promise
    before: Side
    after: Side

    @property
    def is_long(self) -> bool:
        """Whether its texts are more than a glance's."""
        return max(len(self.before.text), len(self.after.text)) > LONG


@dataclass(frozen=True)
class About:
    """The differences of one track, or of the release as a whole."""

    track: Track | None
    rows: list[Row]


def about(row: Submission, changed: Changed) -> list[About]:
    """What a version changes, the release first, then each track."""
    recordings = {str(it.recording.gid): it.recording for it in changed.tracks.values() if it.recording}
    covers = {it.digest: it for it in (row.cover, changed.former.cover) if it}

    def side(what: What, told: str) -> Side:
        if what in HEARD:
            return Side(recording=recordings.get(told))
        if what is What.COVER:
            return Side(cover=covers.get(told))
        return Side(_SAID.get(what, str)(told) if told else str(_UNSAID.get(what, "")))

    def rows(changes: Iterable[Change]) -> list[Row]:
        return [
            Row(it.what.value, LABELS[it.what], side(it.what, it.before), side(it.what, it.after))
            for it in changes
        ]

    return [
        About(changed.tracks.get(track), rows(changes))
        for track, changes in groupby(changed.changes, key=lambda it: it.track)
    ]


def _where(told: str) -> str:
    rule, *codes = told.split()
    names = ", ".join(sorted((territory(it) for it in codes), key=str.casefold))
    if rule == "only":
        return _("Only in: {countries}").format(countries=names)
    return _("Everywhere but in: {countries}").format(countries=names)


def _moment(told: str) -> str:
    return f"{format_datetime(datetime.fromisoformat(told), 'medium', tzinfo=UTC, locale=locale())} UTC"


_SAID: Mapping[What, Callable[[str], str]] = {
    What.TYPE: lambda told: str(Release.Type(told).label),
    What.AI: lambda told: str(Submission.Ai(told).label),
    What.TERRITORIES: _where,
    What.DUE: _moment,
    What.LANGUAGE: language_name,
    What.EXPLICIT: lambda _told: _("Yes"),
}
"""How codes are said."""

_UNSAID: Mapping[What, Promise] = {
    What.TERRITORIES: gettext_lazy("Everywhere"),
    What.EXPLICIT: gettext_lazy("No"),
}
"""What it means that nothing is said, where that is not nothing."""
