"""Tags: what a file says about its recording, whoever wrote it and however badly."""

import base64
import io
import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from alpheus.audio import confine, tag_fields
from alpheus.audio.errors import AudioError
from alpheus.audio.limits import Limits
from alpheus.audio.tag_fields import Fields

COVER_PIXELS_MAX = 50_000_000  # decoded they would be 200 MB
COVER_BYTES_MAX = 16 * 2**20
_SECONDS_MAX = 3.0  # of CPU time: a bomb is not worth more
_COVER_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")


@dataclass(frozen=True)
class Tags:
    """What tags say, as they say it; empty where they say nothing."""

    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    album_artists: tuple[str, ...] = ()
    track: int | None = None
    tracks: int | None = None
    disc: int | None = None
    discs: int | None = None
    disc_title: str = ""
    date: str = ""  # "1998", "1998-05", "1998-05-17", or whatever stands there
    genres: tuple[str, ...] = ()
    isrc: str = ""
    iswc: str = ""
    barcode: str = ""
    label: str = ""
    catalogue_number: str = ""
    work: str = ""
    language: str = ""
    compilation: bool = False
    explicit: bool | None = None
    lyrics: str = ""  # plain or LRC
    comment: str = ""
    roles: tuple[tuple[str, str], ...] = ()  # role, name
    sort_title: str = ""
    artist_sort: str = ""
    album_artist_sort: str = ""
    album_sort: str = ""
    musicbrainz_recording: str = ""
    musicbrainz_release: str = ""
    musicbrainz_artists: tuple[str, ...] = ()
    musicbrainz_album_artists: tuple[str, ...] = ()
    musicbrainz_work: str = ""
    cover: bytes | None = None
    notes: tuple[str, ...] = ()  # what was left out, and why


# Names as tinytag and FFmpeg give them and as Vorbis comments, ID3v2, MP4 and RIFF spell them, the better ones first.
_NAMES = {
    "title": ("title",),
    "album": ("album",),
    "disc_title": ("setsubtitle", "discsubtitle", "tsst"),
    "date": ("year", "date", "releasedate", "originaldate", "tdrl", "tdor", "tory", "originalyear"),
    "isrc": ("isrc", "tsrc"),
    "iswc": ("iswc",),
    "barcode": ("barcode", "upc", "ean", "eanupn", "itunesupc"),
    "label": ("label", "publisher", "organization", "tpub", "recordlabel"),
    "catalogue_number": ("catalognumber", "cataloguenumber", "labelno", "catalogid"),
    "work": ("work", "grpwork"),
    "language": ("language", "tlan"),
    "lyrics": ("syncedlyrics", "lyrics", "unsyncedlyrics", "uslt", "lyricseng", "lyricsxxx"),
    "comment": ("comment", "description"),
    "sort_title": ("titlesort", "tsot", "sonm", "sortname"),
    "artist_sort": ("artistsort", "tsop", "soar", "sortartist"),
    "album_artist_sort": ("albumartistsort", "tso2", "soaa", "sortalbumartist"),
    "album_sort": ("albumsort", "tsoa", "soal", "sortalbum"),
    "musicbrainz_recording": ("musicbrainztrackid", "musicbrainzrecordingid"),
    "musicbrainz_release": ("musicbrainzalbumid", "musicbrainzreleaseid"),
    "musicbrainz_work": ("musicbrainzworkid",),
}
_ROLES = {
    "composer": ("composer", "tcom"),
    "lyricist": ("lyricist", "text"),
    "librettist": ("librettist",),
    "writer": ("writer",),
    "conductor": ("conductor", "tpe3"),
    "arranger": ("arranger",),
    "producer": ("producer",),
    "engineer": ("engineer",),
    "mixer": ("mixer", "mixing"),
    "mastering": ("mastering", "masteringengineer"),
    "remixer": ("remixer", "tpe4", "mixartist"),
    "director": ("director",),
}
_YES = frozenset({"1", "true", "yes"})
_EXPLICIT = {"1": True, "4": True, "explicit": True, "true": True, "0": False, "2": False, "clean": False}
_PERFORMER = re.compile(r"(.+?)\s*\(([^()]+)\)$")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def read_tags(path: Path) -> Tags:
    """Read a file's tags. Never raises on broken ones: gives what can be read.

    Words are read here under a tight budget; what is larger, broken, or in a format that tinytag lacks is read by the
    confined process, and if that takes longer than a few seconds not at all.
    """
    try:
        fields = tag_fields.read_fields(path, tag_fields.WORDS)
        # With its words so few, pictures are all that a second look adds.
        data = tag_fields.read_cover(path) if fields else None
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the parser
        fields, data = {}, None
    if not fields:
        fields, data = _read_confined(path)
    cover, notes = _checked_cover(data)
    return from_fields(fields, cover=cover, notes=notes)


def _read_confined(path: Path) -> tuple[Fields, bytes | None]:
    order = {"verb": "tags", "source": os.fsencode(path.resolve()).hex()}
    try:
        answer = confine.run(order, limits=Limits(), seconds_max=_SECONDS_MAX)
        cover = base64.b64decode(answer["cover"])
        found = dict(answer["fields"]).items()
    except (AudioError, OSError, KeyError, ValueError):
        return {}, None
    fields: Fields = {}
    for name, values in found:
        tag_fields.add(fields, str(name), [str(value) for value in values])
    return fields, cover


def from_fields(fields: Fields, *, cover: bytes | None = None, notes: tuple[str, ...] = ()) -> Tags:
    """Make sense of texts by name, as `tag_fields.read_fields` gives them."""
    track, tracks = _number_of(fields, "track", "tracktotal", "totaltracks")
    disc, discs = _number_of(fields, "disc", "disctotal", "totaldiscs")
    texts = {field: _first(fields, names) for field, names in _NAMES.items()}
    texts["musicbrainz_recording"] = texts["musicbrainz_recording"] or "".join(_ids(fields, "ufid")[:1])
    texts["isrc"] = re.sub(r"[\s\-]", "", texts["isrc"]).upper()
    return Tags(
        **texts,
        artists=_people(fields, "artists", "artist"),
        album_artists=_people(fields, "albumartists", "albumartist"),
        track=track,
        tracks=tracks,
        disc=disc,
        discs=discs,
        genres=_split(fields.get("genre", []), r"\s*[;,]\s*"),
        compilation=_first(fields, ("compilation", "tcmp", "cpil", "itunescompilation")).lower() in _YES,
        explicit=_EXPLICIT.get(_first(fields, ("itunesadvisory", "rtng", "explicit", "rating")).lower()),
        roles=tuple(_roles(fields)),
        musicbrainz_artists=_ids(fields, "musicbrainzartistid"),
        musicbrainz_album_artists=_ids(fields, "musicbrainzalbumartistid"),
        cover=cover,
        notes=notes,
    )


def _first(fields: Fields, names: Iterable[str]) -> str:
    return next((fields[name][0] for name in names if fields.get(name)), "")


def _split(values: Iterable[str], separator: str) -> tuple[str, ...]:
    parts = (part for value in values for part in re.split(separator, value))
    return tuple(dict.fromkeys(part for part in parts if part))


def _people(fields: Fields, several: str, joined: str) -> tuple[str, ...]:
    """Give names one by one: from the tag that lists them, else from the joined one, cut at semicolons alone.

    A slash or an ampersand may belong to a name (AC/DC, Simon & Garfunkel). tinytag adds ID3's list of artists to
    the joined text: a first value that contains all the others is that text.
    """
    values = list(_split(fields.get(several) or fields.get(joined, []), r"\s*;\s+"))
    if len(values) > 2 and all(value in values[0] for value in values[1:]):
        values = values[1:]
    return tuple(values)


def _number_of(fields: Fields, name: str, *totals: str) -> tuple[int | None, int | None]:
    """Read "3", "03" or "3/12"; 0 stands for nothing."""
    number, _, total = _first(fields, (name, f"{name}number")).partition("/")
    return _positive(number), _positive(total) or _positive(_first(fields, totals))


def _positive(text: str) -> int | None:
    digits = re.fullmatch(r"\s*0*([0-9]{1,4})\s*", text)
    return (int(digits[1]) or None) if digits else None


def _roles(fields: Fields) -> Iterable[tuple[str, str]]:
    for role, names in _ROLES.items():
        for name in names:
            for person in _split(fields.get(name, []), r"\s*;\s+"):
                yield role, person
    for pairs in ("tipl", "ipls", "tmcl"):
        values = fields.get(pairs, [])
        yield from zip((role.lower() for role in values[::2]), values[1::2], strict=False)
    for performer in fields.get("performer", []):
        named = _PERFORMER.match(performer)  # "Ana Ruiz (cello)", as Vorbis comments have it
        yield (named[2], named[1]) if named else ("performer", performer)


def _ids(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i.lower() for value in fields.get(name, []) for i in _UUID.findall(value)))


def _checked_cover(data: bytes | None) -> tuple[bytes | None, tuple[str, ...]]:
    """Give a cover's bytes, unless they are no picture or too large a one; its header is read, never its pixels."""
    if not data:
        return None, ()
    if len(data) > COVER_BYTES_MAX:
        return None, (
            "Its cover has more than 16 MiB and was left out; 3000 x 3000 pixels as JPEG are plenty.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit follows
            with Image.open(io.BytesIO(data), formats=_COVER_FORMATS) as image:
                width, height = image.size
    except Image.DecompressionBombError:
        width = height = COVER_PIXELS_MAX
    except Exception:  # noqa: BLE001 - whatever a broken picture makes of the parser
        return None, ("Its cover is no picture that can be read and was left out.",)
    if width * height > COVER_PIXELS_MAX:
        return None, ("Its cover has more than 50 million pixels and was left out; 3000 x 3000 is plenty.",)
    return data, ()
