"""A release as it was handed in, told as the catalogue takes it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from alpheus.catalogue.credits import Credit, Credited, names_within, parse_credit
from alpheus.catalogue.facts import Place, RecordingFacts, ReleaseFacts
from alpheus.parties.queries import known_names
from alpheus.shops.publish_release import Song
from alpheus.submissions import rules
from alpheus.submissions.models import Submission, Track
from alpheus.values.dates import PartialDate
from alpheus.values.errors import VocabularyError
from alpheus.values.identifiers import parse_gtin, parse_isrc

Read = TypeVar("Read")


def release_facts(row: Submission, *, now: datetime) -> ReleaseFacts:
    """The release as a whole."""
    return ReleaseFacts(
        title=row.title,
        credit=_of(row, row.artist_name),
        type=row.type,
        date=_day(row, now),
        upc=_read(parse_gtin, row.upc),
        language=row.language,
        label=row.shop.name if row.shop else "",
        catalogue_number=row.catalogue_number,
        genres=(row.genres,) if row.genres else (),
        notes=row.notes,
    )


def _day(row: Submission, now: datetime) -> PartialDate:
    """The day on which it appeared first, where the shop said that it shall; a new version does not change that."""
    if row.release is not None and row.release.year is not None:
        return PartialDate(row.release.year, row.release.month, row.release.day)
    day = (row.due_at or now).astimezone(ZoneInfo(row.zone if row.due_at else "UTC"))
    return PartialDate(day.year, day.month, day.day)


def songs(row: Submission) -> list[Song]:
    """Its tracks that have a sound, in order, counted anew on each disc."""
    on_disc: Counter[int] = Counter()
    titles = dict(enumerate(row.disc_titles.split("\n"), start=1))
    found = []
    for track in row.tracks.select_related("recording__credit", "asset"):
        if track.recording is None:
            continue
        on_disc[track.disc] += 1
        place = Place(track.disc, on_disc[track.disc], titles.get(track.disc, ""))
        found.append(Song(track.recording, track.asset, recording_facts(row, track), place))
    return found


def recording_facts(row: Submission, track: Track) -> RecordingFacts:
    """One of its recordings, and the work that it is of: who hands it in declared both their own."""
    writers = [("composer", name) for name in track.composers.splitlines()]
    writers += [("lyricist", name) for name in track.lyricists.splitlines()]
    return RecordingFacts(
        title=track.title or row.title,
        credit=_credit(track.artist_name) if track.artist_name else _of(row, row.artist_name),
        isrc=_read(parse_isrc, track.isrc),
        explicit=track.explicit,
        language=track.language,
        roles=(*writers, *rules.roles_of(track.credits)),
        lyrics=track.lyrics,
        lyrics_language=track.language,
        has_own_work=True,
        publishers=tuple(track.publishers.splitlines()),
    )


def _of(row: Submission, name: str) -> Credit:
    """Whose it is: of a label's release one artist, whose name is not taken apart."""
    return (Credited(name, artist=row.artist.gid),) if row.artist is not None else _credit(name)


def _credit(text: str) -> Credit:
    known = known_names(names_within(text))
    return parse_credit(text, known=known.__contains__)


def _read(read: Callable[[str], Read], text: str) -> Read | None:
    """What a draft's field says; nothing while it does not fit."""
    try:
        return read(text) if text else None
    except VocabularyError:
        return None
