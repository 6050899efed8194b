"""Write a release down, or bring it up to date."""

from datetime import datetime

from django.db import transaction

from alpheus.catalogue import indexing
from alpheus.catalogue.credit_artists import credit_artists
from alpheus.catalogue.facts import ArtistFacts, ReleaseFacts
from alpheus.catalogue.genres import SPEECH, normalised, slug
from alpheus.catalogue.models import Cover, Genre, Release
from alpheus.catalogue.rules import ALBUM
from alpheus.database.collated import collate
from alpheus.database.turns import take_turn
from alpheus.parties.know_label import know_label
from alpheus.values.collation import sort_keys
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name
from alpheus.values.text import line, lines


@transaction.atomic
def register_release(
    *,
    facts: ReleaseFacts,
    now: datetime,
    release: Release | None = None,
    cover: Cover | None = None,
    about: ArtistFacts | None = None,
) -> Release:
    """Create a release, or bring `release` up to date; without a cover it keeps the one that it has."""
    take_turn("catalogue")
    row = release or Release(created_at=now, type=facts.type or ALBUM)
    row.title = line(facts.title, limit=1000)
    row.sort_title = sort_name(facts.sort_title or row.title)
    row.credit = credit_artists(facts.credit, about=about)
    row.type = facts.type or row.type
    row.compilation = facts.compilation
    row.year, row.month, row.day = (
        (facts.date.year, facts.date.month, facts.date.day) if facts.date else (None, None, None)
    )
    row.upc, row.mbid = facts.upc, facts.mbid
    row.label_name = line(facts.label, limit=500)
    row.label = know_label(name=row.label_name)
    row.catalogue_number = line(facts.catalogue_number, limit=80)
    row.language = facts.language or language_of(row.title)
    row.notes = lines(facts.notes, limit=20_000)
    row.cover = cover or row.cover
    row.removed_at = None
    collate(row, sort_keys(row.title, reading=facts.sort_title, language=row.language))
    row.save()
    row.genres.set(_genres(facts.genres))
    indexing.index_release(row)
    return row


def _genres(texts: tuple[str, ...]) -> list[Genre]:
    found = []
    for name in normalised(texts):
        row = Genre.objects.filter(name=name).first() or Genre.objects.filter(slug=slug(name)).first()
        found.append(row or _new_genre(name))
    return found


def _new_genre(name: str) -> Genre:
    return Genre.objects.create(name=name, slug=slug(name), spoken=name in SPEECH, **sort_keys(name).columns)
