"""Find the artist that a name means, or write a new one down."""

from uuid import UUID

from django.db import transaction

from alpheus.database.turns import take_turn
from alpheus.parties.models import Artist, ArtistAlias
from alpheus.search.tokens import folded
from alpheus.values.collation import sort_keys
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name as sort_name_of
from alpheus.values.text import line

_MAX = 500


def artist_key(name: str) -> str:
    """Fold a name so that what people call the same is the same: 周杰倫 and 周杰伦, Beyoncé and beyonce."""
    return folded(name)[:_MAX]


@transaction.atomic
def know_artist(
    *, name: str, sort_name: str = "", language: str = "", mbid: UUID | None = None, gid: UUID | None = None
) -> Artist:
    """Find an artist by gid, MusicBrainz id, name or alias; create one when nobody is known by that name.

    Two artists with one name are told apart by their gid or their MusicBrainz ids only: a name alone means who had it
    first. A name that differs from the artist's own is kept as an alias.
    """
    plain = line(name, limit=_MAX)
    key = artist_key(plain)
    take_turn("catalogue")  # so that two who meet a new name do not both make an artist of it
    artist = _by_gid(gid) or _by_mbid(mbid) or _by_key(key, mbid)
    if artist is None:
        return _write_down(plain, sort_name=sort_name, language=language, mbid=mbid)
    if mbid is not None and artist.mbid is None:
        artist.mbid = mbid
        artist.save(update_fields=["mbid"])
    if plain != artist.name:
        keep_alias(artist=artist, name=plain)
    return artist


def another_of_the_name(*, name: str, disambiguation: str) -> Artist:
    """Write down another artist of a name that somebody has, with what tells them apart (MusicBrainz: disambiguation)."""
    return _write_down(line(name, limit=_MAX), disambiguation=line(disambiguation, limit=_MAX))


def _write_down(
    name: str, *, sort_name: str = "", language: str = "", mbid: UUID | None = None, disambiguation: str = ""
) -> Artist:
    tongue = language or language_of(name)
    return Artist.objects.create(
        name=name,
        key=artist_key(name),
        sort_name=sort_name_of(sort_name or name)[:_MAX],
        language=tongue,
        disambiguation=disambiguation,
        mbid=mbid,
        **sort_keys(name, reading=sort_name, language=tongue).columns,
    )


def keep_alias(*, artist: Artist, name: str) -> None:
    """Keep another name that an artist is found by."""
    plain = line(name, limit=_MAX)
    ArtistAlias.objects.get_or_create(
        artist=artist,
        name=plain,
        defaults={"key": artist_key(plain), "sort_name": sort_name_of(plain), "language": language_of(plain)},
    )


def _by_gid(gid: UUID | None) -> Artist | None:
    return Artist.objects.filter(gid=gid).first() if gid else None


def _by_mbid(mbid: UUID | None) -> Artist | None:
    return Artist.objects.filter(mbid=mbid).first() if mbid else None


def _by_key(key: str, mbid: UUID | None) -> Artist | None:
    """By name, then by alias; one who is known under another MusicBrainz id is somebody else."""
    named = list(Artist.objects.filter(key=key).order_by("pk")[:20])
    named += list(Artist.objects.filter(aliases__key=key).order_by("pk").distinct()[:20])
    fitting = [artist for artist in named if mbid is None or artist.mbid in {None, mbid}]
    return fitting[0] if fitting else None
