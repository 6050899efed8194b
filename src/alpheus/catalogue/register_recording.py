"""Write a recording down, or bring it up to date: title, credit, works, roles, lyrics."""

from datetime import datetime

from django.db import transaction

from alpheus.catalogue import indexing
from alpheus.catalogue.credit_artists import credit_artists
from alpheus.catalogue.errors import LyricsRefused
from alpheus.catalogue.facts import ArtistFacts, RecordingFacts
from alpheus.catalogue.models import Asset, Recording, RecordingCredit, Work, WorkCredit
from alpheus.catalogue.set_lyrics import set_lyrics
from alpheus.database.collated import collate
from alpheus.parties.know_artist import know_artist
from alpheus.values.collation import sort_keys
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name
from alpheus.values.text import line

_ROLES_MAX = 100
_OF_THE_WORK = frozenset({"composer", "lyricist", "writer", "librettist"})
"""Roles that a composition has, whoever records it."""


@transaction.atomic
def register_recording(
    *,
    facts: RecordingFacts,
    asset: Asset | None,
    now: datetime,
    recording: Recording | None = None,
    about: ArtistFacts | None = None,
) -> Recording:
    """Create a recording, or bring `recording` up to date; one that was removed is offered again."""
    row = recording or Recording(created_at=now)
    row.title = line(facts.title, limit=1000)
    row.sort_title = sort_name(facts.sort_title or row.title)
    row.credit = credit_artists(facts.credit, about=about)
    row.asset = asset
    row.isrc, row.mbid = facts.isrc, facts.mbid
    row.duration_ms = facts.duration_ms if facts.duration_ms is not None else row.duration_ms
    row.language = facts.language or language_of(row.title)
    row.explicit = facts.explicit
    row.removed_at = None
    collate(row, sort_keys(row.title, reading=facts.sort_title, language=row.language))
    row.save()
    _set_roles(row, facts)
    _set_work(row, facts)
    _set_lyrics(row, facts)
    indexing.index_recording(row)
    return row


def _set_work(recording: Recording, facts: RecordingFacts) -> None:
    """Tell which composition it is of, where an identifier says so, or it has its own; whoever wrote it is credited there too."""
    if facts.has_own_work:
        return _set_own_work(recording, facts)
    if facts.iswc is None and facts.work_mbid is None:
        return None
    work = (
        Work.objects.filter(mbid=facts.work_mbid).exclude(mbid=None).first()
        or Work.objects.filter(iswc=facts.iswc).exclude(iswc=None).first()
        or Work(title=line(facts.work_title or recording.title, limit=1000), language=recording.language)
    )
    work.mbid = work.mbid or facts.work_mbid
    if work.iswc is None and not Work.objects.filter(iswc=facts.iswc).exclude(iswc=None).exists():
        work.iswc = facts.iswc
    work.save()
    recording.works.set([work])
    _credit_writers(work, recording)
    return None


def _set_own_work(recording: Recording, facts: RecordingFacts) -> None:
    """Keep the work that only this recording is of, with those who wrote it now."""
    held = recording.works.first()
    work = held if held is not None and held.recordings.count() == 1 else Work()
    work.title, work.language = recording.title, recording.language
    work.publishers = "\n".join(line(it, limit=300) for it in facts.publishers)
    work.save()
    recording.works.set([work])
    work.roles.all().delete()
    _credit_writers(work, recording)


def _credit_writers(work: Work, recording: Recording) -> None:
    credits_ = recording.roles.filter(role__in=_OF_THE_WORK)
    rows = [
        WorkCredit(work=work, artist_id=credit.artist_id, role=credit.role, position=credit.position)
        for credit in credits_
    ]
    WorkCredit.objects.bulk_create(rows, ignore_conflicts=True)


def _set_roles(recording: Recording, facts: RecordingFacts) -> None:
    meant = {line(name, limit=500): gid for name, gid in facts.meant}
    wanted = dict.fromkeys(
        (line(role, limit=80).casefold(), line(name, limit=500)) for role, name in facts.roles
    )
    present = {(credit.role, credit.artist.name) for credit in recording.roles.select_related("artist")}
    if present == set(wanted):
        return
    recording.roles.all().delete()
    rows: dict[tuple[int, str], RecordingCredit] = {}
    for position, (role, name) in enumerate(list(wanted)[:_ROLES_MAX]):
        if role and name:
            artist = know_artist(name=name, gid=meant.get(name))
            credit = RecordingCredit(recording=recording, artist=artist, role=role, position=position)
            rows.setdefault((artist.pk, role), credit)
    RecordingCredit.objects.bulk_create(rows.values())


def _set_lyrics(recording: Recording, facts: RecordingFacts) -> None:
    """Keep the lyrics; what is none is left out, since a recording is worth having without."""
    try:
        set_lyrics(recording=recording, text=facts.lyrics, language=facts.lyrics_language)
    except LyricsRefused:
        return
