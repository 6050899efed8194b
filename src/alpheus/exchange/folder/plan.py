"""Groups files into releases and tells what each is, from tags, and from names where tags say nothing. Pure."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from uuid import UUID

from alpheus.audio.tags import Tags
from alpheus.catalogue.credits import (
    VARIOUS_ARTISTS,
    Credit,
    Credited,
    is_various,
    names_within,
    parse_credit,
    parse_title,
)
from alpheus.catalogue.facts import ArtistFacts, Place, RecordingFacts, ReleaseFacts
from alpheus.exchange.folder.mending import mended, name_text
from alpheus.exchange.folder.naming import (
    FileName,
    FolderName,
    album_folder,
    natural_key,
    read_file_name,
    read_folders,
    without_disc,
)
from alpheus.exchange.folder.scan import Found
from alpheus.exchange.folder.work import CoverOrder, Read
from alpheus.search.tokens import folded
from alpheus.values.dates import PartialDate, read_date
from alpheus.values.errors import IdentifierInvalid
from alpheus.values.identifiers import parse_gtin, parse_isrc, parse_iswc
from alpheus.values.language import language_from_tag, language_of
from alpheus.values.text import line

_UNKNOWN = "[unknown]"
_NOTES_LEAST = 24  # characters; shorter comments are remarks of whoever keeps the files
# What rippers, encoders and shops write into comments
_CHATTER = re.compile(
    r"exact audio copy|\beac\b|\brip(?:ped)?\b|\blame\b|encoded|downloaded|itun|https?://|www\.|^[0-9a-f\s]+$|discid",
    re.IGNORECASE,
)
Known = Callable[[str], bool]


@dataclass(frozen=True)
class PlannedTrack:
    """A file and what it is to become."""

    found: Found
    recording: RecordingFacts
    place: Place
    title: str
    credit: Credit


@dataclass(frozen=True)
class PlannedCover:
    """Where a release's artwork comes from; `name` tells equal ones."""

    name: str
    order: CoverOrder


@dataclass(frozen=True)
class PlannedRelease:
    """Files that are one release, and what it is."""

    key: str
    facts: ReleaseFacts
    about: ArtistFacts
    tracks: tuple[PlannedTrack, ...]
    covers: tuple[PlannedCover, ...]  # the best first: the next one stands in for a bad one


@dataclass(frozen=True)
class _File:
    """A file with its tags mended and what its names say."""

    found: Found
    tags: Tags
    cover: str
    lyrics: str
    name: FileName
    folders: FolderName
    folder: Path
    album: str
    disc: int | None

    @property
    def title(self) -> str:
        return line(self.tags.title, limit=1000) or self.name.title

    @property
    def artists(self) -> tuple[str, ...]:
        return self.tags.artists or ((self.name.artist,) if self.name.artist else ())


def plan(reads: Iterable[Read], *, root_name: str, known: Known) -> list[PlannedRelease]:
    """Group files into releases, in the order of their paths.

    `known` tells whether a name is an artist's by itself; names that stand alone in these tags are known as well.
    """
    files = [_file(read) for read in reads]
    alone = _names_alone(files)

    def knows(name: str) -> bool:
        return folded(name) in alone or known(name)

    groups: dict[str, list[_File]] = defaultdict(list)
    owners = _album_artists(files)
    for file in files:
        groups[_key(file, owners)].append(file)
    return [_release(key, group, root_name=root_name, known=knows) for key, group in groups.items()]


def candidate_names(reads: Iterable[Read]) -> set[str]:
    """List all names in tags that a catalogue may know already."""
    texts = set(chain.from_iterable((*read.tags.artists, *read.tags.album_artists) for read in reads))
    return {name for text in texts for name in names_within(mended(text))}


def _file(read: Read) -> _File:
    tags = _mended(read.tags)
    album, disc = without_disc(line(tags.album, limit=1000))
    name, folders = read_file_name(read.found.path), read_folders(read.found.path)
    return _File(
        found=read.found,
        tags=tags,
        cover=read.cover,
        lyrics=read.lyrics,
        name=name,
        folders=folders,
        folder=Path(album_folder(read.found.path)),
        album=album,
        disc=tags.disc or folders.disc or disc or name.disc,
    )


def _mended(tags: Tags) -> Tags:
    return replace(
        tags,
        title=mended(tags.title),
        artists=tuple(mended(name) for name in tags.artists),
        album=mended(tags.album),
        album_artists=tuple(mended(name) for name in tags.album_artists),
        genres=tuple(mended(name) for name in tags.genres),
        disc_title=mended(tags.disc_title),
        label=mended(tags.label),
        work=mended(tags.work),
        comment=mended(tags.comment),
        lyrics=mended(tags.lyrics),
        roles=tuple((role, mended(name)) for role, name in tags.roles),
    )


def _names_alone(files: Sequence[_File]) -> set[str]:
    """Names that are a whole tag and could not be parted further."""
    texts = set(chain.from_iterable((*file.tags.artists, *file.tags.album_artists) for file in files))
    return {folded(text) for text in texts if len(names_within(text)) == 1}


def _album_artists(files: Sequence[_File]) -> dict[tuple[Path, str], tuple[str, ...]]:
    """The album artists that most of an album's files in a folder name: for those that lack them."""
    votes: dict[tuple[Path, str], Counter[tuple[str, ...]]] = defaultdict(Counter)
    for file in files:
        if file.album and file.tags.album_artists:
            votes[file.folder, folded(file.album)][file.tags.album_artists] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def _key(file: _File, owners: dict[tuple[Path, str], tuple[str, ...]]) -> str:
    """Name the group of a file: a MusicBrainz release, an album by its artists, an album in a folder, or a folder."""
    folder = str(file.folder).encode("utf-8", "surrogateescape").hex()
    owner = file.tags.album_artists or owners.get((file.folder, folded(file.album)), ())
    told: list[str]
    if file.tags.musicbrainz_release:
        told = ["musicbrainz", file.tags.musicbrainz_release]
    elif file.album and owner and not any(is_various(name) for name in owner):
        told = ["album", folded(file.album), *(folded(name) for name in owner)]
    elif file.album:
        told = ["album in", folded(file.album), folder]
    else:
        told = ["folder", folder]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _release(key: str, files: list[_File], *, root_name: str, known: Known) -> PlannedRelease:
    context = _context(files)
    credit, compilation = _credit(files, known)
    first = files[0]
    title = _most(file.album for file in files) or first.folders.album or name_text(root_name)
    facts = ReleaseFacts(
        title=title,
        credit=credit,
        sort_title=_most(file.tags.album_sort for file in files),
        compilation=compilation,
        date=_date(files),
        upc=_identifier(parse_gtin, _most(file.tags.barcode for file in files)),
        label=_most(file.tags.label for file in files),
        catalogue_number=_most(file.tags.catalogue_number for file in files),
        notes=_notes(files),
        language=language_of(title, context=context),
        genres=tuple(
            genre for genre, _ in Counter(chain.from_iterable(f.tags.genres for f in files)).most_common(8)
        ),
        mbid=_uuid(_most(file.tags.musicbrainz_release for file in files)),
    )
    places = _places(files)
    tracks = tuple(_track(file, places[file.found.key], context, credit, known) for file in files)
    ordered = sorted(tracks, key=lambda track: (track.place.disc, track.place.position))
    return PlannedRelease(key, facts, _about(files, tracks, credit), tuple(ordered), _covers(files))


def _context(files: Sequence[_File]) -> str:
    """What tells how Han characters are to be read: any kana or hangul in the titles and names of a release."""
    texts = chain.from_iterable((file.title, file.album, *file.artists) for file in files)
    return " ".join(dict.fromkeys(text for text in texts if not text.isascii()))[:4000]


def _credit(files: Sequence[_File], known: Known) -> tuple[Credit, bool]:
    """A release's credit: its album artists, else whom all its tracks name first, else Various Artists."""
    owners = Counter(file.tags.album_artists for file in files if file.tags.album_artists).most_common(1)
    if owners and not any(is_various(name) for name in owners[0][0]):
        return parse_credit(owners[0][0], known=known), any(file.tags.compilation for file in files)
    if owners:
        return (Credited(VARIOUS_ARTISTS),), True
    credits_ = [parse_credit(file.artists, known=known) for file in files if file.artists]
    firsts = Counter(folded(credit[0].name) for credit in credits_ if credit)
    if len(firsts) > 1:
        return (Credited(VARIOUS_ARTISTS),), True
    if credits_ and all(credit == credits_[0] for credit in credits_):
        return credits_[0], False
    if credits_:
        return (Credited(credits_[0][0].name),), False
    artist = files[0].folders.artist
    return (Credited(artist or _UNKNOWN),), False


def _track(file: _File, place: Place, context: str, release_credit: Credit, known: Known) -> PlannedTrack:
    tags, title = file.tags, file.title
    credit = parse_credit(file.artists, title=title, known=known) or _fallback_credit(release_credit)
    plain = parse_title(title)
    return PlannedTrack(
        found=file.found,
        recording=RecordingFacts(
            title=plain,
            credit=credit,
            sort_title=tags.sort_title,
            isrc=_identifier(parse_isrc, tags.isrc),
            iswc=_identifier(parse_iswc, tags.iswc),
            work_mbid=_uuid(tags.musicbrainz_work),
            work_title=tags.work,
            language=language_of(plain, context=context),
            explicit=bool(tags.explicit),
            roles=tags.roles,
            lyrics=file.lyrics or tags.lyrics,
            lyrics_language=_lyrics_language(tags),
            mbid=_uuid(tags.musicbrainz_recording),
        ),
        place=place,
        title=plain,
        credit=credit,
    )


def _fallback_credit(release_credit: Credit) -> Credit:
    various = any(is_various(credited.name) for credited in release_credit)
    return (Credited(_UNKNOWN),) if various else release_credit


def _lyrics_language(tags: Tags) -> str:
    """The language tag tells the words' language, unless their script says otherwise."""
    told = language_from_tag(tags.language)
    return "" if told == "zh" else told


def _places(files: Sequence[_File]) -> dict[str, Place]:
    """Give each file its place: its number where that is free, else after the last; unnumbered ones in order of name."""
    discs: dict[int, list[_File]] = defaultdict(list)
    for file in files:
        discs[file.disc or 1].append(file)
    places: dict[str, Place] = {}
    for disc, members in discs.items():
        title = _most(file.tags.disc_title for file in members)
        members.sort(key=lambda file: (_number(file) or 10_000, natural_key(str(file.found.path))))
        taken: set[int] = set()
        for file in members:
            number = _number(file)
            position = number if number and number not in taken else max(taken, default=0) + 1
            taken.add(position)
            places[file.found.key] = Place(disc, position, title)
    return places


def _number(file: _File) -> int | None:
    return file.tags.track or file.name.track


def _date(files: Sequence[_File]) -> PartialDate | None:
    read = Counter(date for file in files if (date := read_date(file.tags.date))).most_common(1)
    if read:
        return read[0][0]
    year = files[0].folders.year
    return read_date(year) if year else None


def _notes(files: Sequence[_File]) -> str:
    """A release's notes: the comment that all its files share, unless a program left it there."""
    comments = {file.tags.comment.strip() for file in files}
    told = comments.pop() if len(comments) == 1 else ""
    return told if len(told) >= _NOTES_LEAST and not _CHATTER.search(told) else ""


def _about(files: Sequence[_File], tracks: Sequence[PlannedTrack], release_credit: Credit) -> ArtistFacts:
    """What tags say of artists, by name: only where it is plain which name is meant."""
    sorts: dict[str, str] = {}
    ids: dict[str, UUID] = {}
    by_key = {track.found.key: track for track in tracks}
    for file in files:
        tags = file.tags
        pairs = (
            (by_key[file.found.key].credit, tags.artist_sort, tags.musicbrainz_artists),
            (release_credit, tags.album_artist_sort, tags.musicbrainz_album_artists),
        )
        for credit, sort, mbids in pairs:
            if sort and len(credit) == 1:
                sorts.setdefault(credit[0].name, sort)
            if len(mbids) == len(credit):
                found = zip(credit, (_uuid(mbid) for mbid in mbids), strict=True)
                ids |= {credited.name: mbid for credited, mbid in found if mbid}
    return ArtistFacts(tuple(sorts.items()), tuple(ids.items()))


def _covers(files: Sequence[_File]) -> tuple[PlannedCover, ...]:
    """Where artwork may come from: the picture that most files hold, then the folder's."""
    covers: list[PlannedCover] = []
    for digest, _ in Counter(file.cover for file in files if file.cover).most_common(1):
        holder = next(file for file in files if file.cover == digest)
        covers.append(PlannedCover(digest, CoverOrder(holder.found.path, inside=True)))
    beside = next((file.found for file in files if file.found.cover), None)
    if beside is not None and beside.cover is not None:
        covers.append(PlannedCover(f"{beside.beside} {beside.cover}", CoverOrder(beside.cover, inside=False)))
    return tuple(covers)


def _most(texts: Iterable[str]) -> str:
    """The text that stands most often, the first of equals; empty ones do not count."""
    counted = Counter(line(text, limit=1000) for text in texts if text.strip()).most_common(1)
    return counted[0][0] if counted else ""


def _identifier(parse: Callable[[str], str], text: str) -> str | None:
    """Read an identifier; one that is wrong is left out, for a wrong one is worse than none."""
    try:
        return parse(text) if text else None
    except IdentifierInvalid:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
