"""Tell the catalogue what tags cannot carry: liner notes, a release's type, the languages of titles."""

from datetime import datetime
from pathlib import Path

from alpheus.catalogue.credits import parse_credit
from alpheus.catalogue.facts import RecordingFacts, ReleaseFacts
from alpheus.catalogue.models import Recording
from alpheus.catalogue.models import Release as ReleaseRow
from alpheus.catalogue.place_track import settle_release
from alpheus.catalogue.register_recording import register_recording
from alpheus.catalogue.register_release import register_release
from alpheus.exchange.demo.catalogue import Release, Track
from alpheus.values.dates import read_date


def describe_release(*, row: ReleaseRow, release: Release, now: datetime) -> None:
    """Bring an imported release up to what its sleeve says; one that says it already is left alone."""
    told = (row.notes, row.type, row.language, row.catalogue_number)
    if told == (release.notes, release.type, release.language, release.number):
        return
    facts = ReleaseFacts(
        title=release.title,
        credit=parse_credit(release.artist),
        type=release.type,
        date=read_date(release.date),
        label=release.label,
        catalogue_number=release.number,
        language=release.language,
        genres=release.genres,
        notes=release.notes,
    )
    register_release(facts=facts, release=row, now=now)
    settle_release(release=row, type_given=release.type, now=now)


def describe_recording(*, row: Recording, track: Track, file: Path, now: datetime) -> None:
    """Tell an imported recording the language of its title and of its words."""
    words = row.lyrics.language if hasattr(row, "lyrics") else ""
    if (row.language, words) == (track.language, track.words):
        return
    lyrics = file.with_suffix(".lrc")
    facts = RecordingFacts(
        title=track.title,
        credit=parse_credit(track.artist),
        language=track.language,
        roles=track.roles,
        lyrics=lyrics.read_text(encoding="utf-8") if track.words else "",
        lyrics_language=track.words,
    )
    register_recording(facts=facts, asset=row.asset, recording=row, now=now)
