"""A big library made by code, written in bulk: artists, releases, recordings, credits, lyrics, covers, plays.

`python -m benchmarks.support.library` fills the installation that ALPHEUS_DATA and ALPHEUS_DATABASE_URL name, which must be
empty; BENCH_TRACKS and BENCH_ARTISTS say how big (100,000 and a tenth of the tracks). Nothing in it can be heard: it
has no sound, only all that pages and lists show.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import io
import os
import random
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, models
from PIL import Image

from alpheus.catalogue import indexing
from alpheus.catalogue.genres import slug
from alpheus.catalogue.keep_cover import keep_cover
from alpheus.catalogue.models import (
    ArtistCredit,
    Asset,
    Cover,
    CreditedArtist,
    Genre,
    Lyrics,
    Medium,
    Recording,
    RecordingCredit,
    Release,
    Rendition,
    Track,
    Work,
)
from alpheus.config.wiring import blobs
from alpheus.listening.models import Grant, Listener, Play
from alpheus.listening.popularity import tell_search
from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Account, Artist, ArtistAlias, Label
from alpheus.values.collation import sort_keys
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name
from benchmarks.support.names import Name, Names

Row = TypeVar("Row", bound=models.Model)

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
GENRES = [
    "pop",
    "rock",
    "jazz",
    "folk",
    "electronic",
    "ambient",
    "soul",
    "funk",
    "punk",
    "metal",
    "mandopop",
    "c-pop",
    "j-pop",
    "k-pop",
    "city-pop",
    "r&b",
    "hip-hop",
    "classical",
    "soundtrack",
    "trap",
    "house",
    "techno",
    "disco",
    "reggae",
    "blues",
    "country",
    "shoegaze",
    "post-rock",
    "indie",
    "lo-fi",
]
LABELS = 300
COVERS = 12
TRACKS_PER_RELEASE = 10
LISTENERS = 20
PASSWORD = "benchmark-listener"
"""Of listener-0@example.org and the others."""


@dataclass(frozen=True)
class Size:
    """How big a library is."""

    tracks: int = 100_000
    artists: int = 10_000

    @classmethod
    def from_environment(cls) -> "Size":
        """Read BENCH_TRACKS and BENCH_ARTISTS."""
        tracks = int(os.environ.get("BENCH_TRACKS", "100000"))
        return cls(tracks, int(os.environ.get("BENCH_ARTISTS", max(tracks // 10, 10))))


def make(size: Size, *, seed: int = 5) -> None:
    """Make the tables and a library in them; the same seed makes the same names, whichever database it is."""
    call_command("migrate", verbosity=0, skip_checks=True)
    if Recording.objects.exists():
        raise RuntimeError("This installation holds music already; a library is made in an empty one.")
    _Library(size, random.Random(seed)).make()
    indexing.rebuild()
    tell_search(since=BEGAN)
    settle()


class _Library:
    """Makes the rows of one library, table by table; later tables name the rows of earlier ones."""

    def __init__(self, size: Size, chance: random.Random) -> None:
        self._size, self._chance = size, chance
        self._names = Names(chance)
        self._scripts: list[str] = []

    def make(self) -> None:
        artists = self._artists()
        credits_ = self._credits(artists)
        releases = self._releases(credits_)
        recordings = self._recordings(releases)
        self._tracks(releases, recordings)
        self._roles(artists, recordings)
        self._lyrics(recordings)
        self._plays(recordings)

    def _gid(self) -> uuid.UUID:
        return uuid.UUID(int=self._chance.getrandbits(128), version=4)

    def _artists(self) -> list[Artist]:
        names: dict[str, Name] = {}
        while len(names) < self._size.artists:
            name = self._names.artist()
            if name.text in names:  # as namesakes are told apart
                name = Name(f"{name.text} {self._chance.randint(2, 999)}", name.script, name.aliases)
            names[name.text] = name
        self._scripts = [name.script for name in names.values()]
        rows = _write(
            Artist(
                gid=self._gid(),
                name=name.text,
                key=artist_key(name.text),
                sort_name=sort_name(name.reading or name.text),
                language=language_of(name.text),
                created_at=BEGAN + timedelta(minutes=at),
                **sort_keys(name.text, reading=name.reading, language=language_of(name.text)).columns,
            )
            for at, name in enumerate(names.values())
        )
        found_by = zip(rows, names.values(), strict=True)
        _write(
            ArtistAlias(
                artist=row,
                name=alias,
                key=artist_key(alias),
                sort_name=sort_name(alias),
                language=language_of(alias),
            )
            for row, name in found_by
            for alias in dict.fromkeys([*name.aliases, *filter(None, [name.reading])])
        )
        return rows

    def _credits(self, artists: list[Artist]) -> list[ArtistCredit]:
        """One credit an artist, then as many again with a guest."""
        rows = _write(ArtistCredit(name=artist.name, digest=f"own-{artist.pk}") for artist in artists)
        guests = [self._chance.choice(artists) for _ in artists]
        shared = _write(
            ArtistCredit(name=f"{artist.name} feat. {guest.name}", digest=f"with-{artist.pk}")
            for artist, guest in zip(artists, guests, strict=True)
        )
        alone = [CreditedArtist(credit=row, artist=artist, position=0, name=artist.name) for row, artist in zip(rows, artists, strict=True)]  # fmt: skip
        first = [CreditedArtist(credit=row, artist=artist, position=0, name=artist.name, join_phrase=" feat. ") for row, artist in zip(shared, artists, strict=True)]  # fmt: skip
        second = [CreditedArtist(credit=row, artist=guest, position=1, name=guest.name) for row, guest in zip(shared, guests, strict=True)]  # fmt: skip
        _write([*alone, *first, *second])
        return rows + shared

    def _releases(self, credits_: list[ArtistCredit]) -> list[Release]:
        """Releases whose artists have one or many: the first artists of all have the most, at most some two hundred."""
        artists, count = self._size.artists, max(self._size.tracks // TRACKS_PER_RELEASE, 1)
        weights = list(accumulate(1 / (rank + 40) ** 0.7 for rank in range(artists)))
        whose = self._chance.choices(range(artists), cum_weights=weights, k=count)
        self._whose = whose
        covers = _covers()
        genres = _write(Genre(name=name, slug=slug(name), **sort_keys(name).columns) for name in GENRES)
        named = {f"{self._names.title('latin')} Records" for _ in range(LABELS)}
        labels = _write(
            Label(
                gid=self._gid(),
                name=name,
                key=artist_key(name),
                sort_name=sort_name(name),
                language="en",
                **sort_keys(name).columns,
            )
            for name in sorted(named)
        )
        rows = _write(
            self._release(number, owner, credits_, covers, labels) for number, owner in enumerate(whose)
        )
        linked = Release.genres.through
        _write(
            linked(release_id=row.pk, genre_id=genre.pk)
            for row in rows
            for genre in self._chance.sample(genres, self._chance.choice((1, 1, 2)))
        )
        return rows

    def _release(
        self, number: int, owner: int, credits_: list[ArtistCredit], covers: list[Cover], labels: list[Label]
    ) -> Release:
        chance, title = self._chance, self._names.title(self._scripts[owner])
        label = chance.choice(labels) if chance.random() < 0.8 else None
        return Release(
            gid=self._gid(),
            title=title,
            sort_title=sort_name(title),
            **sort_keys(title, language=language_of(title)).columns,
            credit=credits_[owner],
            type=chance.choice(("single", "ep", "album", "album", "album")),
            year=int(chance.triangular(1960, 2026, 2020)) if chance.random() < 0.95 else None,
            month=None,
            upc=f"{4_000_000_000_000 + number}",
            label=label,
            label_name=label.name if label else "",
            language=language_of(title),
            cover=chance.choice(covers) if chance.random() < 0.9 else None,
            loudness_lufs=round(chance.uniform(-18, -7), 1),
            true_peak_dbtp=round(chance.uniform(-3, 0.5), 1),
            created_at=BEGAN + timedelta(hours=number, minutes=chance.randint(0, 50)),
        )

    def _recordings(self, releases: list[Release]) -> list[Recording]:
        count, artists = self._size.tracks, self._size.artists
        assets = _write(self._asset(number) for number in range(count))
        _write(
            Rendition(asset=asset, name=name, stored_bytes=3_000_000)
            for asset in assets
            for name in ("aac-128", "aac-64")
        )
        works = _write(
            Work(
                gid=self._gid(),
                title=self._names.title("latin").title(),
                iswc=f"T{number:010d}",
            )
            for number in range(count // 10)
        )
        rows = _write(
            self._recording(number, assets[number], releases, guest_offset=artists) for number in range(count)
        )
        linked = Recording.works.through
        _write(linked(recording_id=rows[at * 10].pk, work_id=work.pk) for at, work in enumerate(works))
        return rows

    def _recording(
        self, number: int, asset: Asset, releases: list[Release], *, guest_offset: int
    ) -> Recording:
        chance, at = self._chance, min(number // TRACKS_PER_RELEASE, len(releases) - 1)
        release, owner = releases[at], self._whose[at]
        title = self._names.title(self._scripts[owner])
        return Recording(
            gid=self._gid(),
            title=title,
            sort_title=sort_name(title),
            **sort_keys(title, language=language_of(title)).columns,
            credit_id=release.credit_id + (guest_offset if chance.random() < 0.1 else 0),
            asset=asset,
            isrc=f"ZZALP{number % 10_000_000:07d}",
            duration_ms=chance.randint(90_000, 420_000),
            language=language_of(title),
            explicit=chance.random() < 0.05,
            created_at=release.created_at + timedelta(seconds=number % TRACKS_PER_RELEASE),
        )

    def _asset(self, number: int) -> Asset:
        return Asset(
            key=f"{number:032x}",
            source_sha256=f"{number:064x}",
            state=Asset.State.READY,
            fraction=1,
            rate_hz=44_100,
            samples=44_100 * 240,
            loudness_lufs=-12.0,
            true_peak_dbtp=-0.5,
            peaks=self._chance.randbytes(400),
            quality="FLAC 16 bit 44.1 kHz",
            created_at=BEGAN,
        )

    def _tracks(self, releases: list[Release], recordings: list[Recording]) -> None:
        media = _write(Medium(release=release, position=1) for release in releases)
        _write(
            Track(
                medium=media[min(number // TRACKS_PER_RELEASE, len(media) - 1)],
                position=number % TRACKS_PER_RELEASE + 1,
                title=row.title,
                credit_id=row.credit_id,
                recording=row,
            )
            for number, row in enumerate(recordings)
        )

    def _roles(self, artists: list[Artist], recordings: list[Recording]) -> None:
        roles = ("composer", "lyricist", "producer", "mixing", "drums", "guitar")
        _write(
            RecordingCredit(recording=row, artist=self._chance.choice(artists), role=roles[number % 6])
            for number, row in enumerate(recordings)
        )

    def _lyrics(self, recordings: list[Recording]) -> None:
        """Every tenth recording has twenty lines."""
        _write(self._words_of(row, at * 10) for at, row in enumerate(recordings[::10]))

    def _words_of(self, recording: Recording, number: int) -> Lyrics:
        script = self._scripts[self._whose[min(number // TRACKS_PER_RELEASE, len(self._whose) - 1)]]
        texts = [self._names.line(script) for _ in range(20)]
        lines = [{"start_ms": 4_000 * at, "text": text, "words": []} for at, text in enumerate(texts)]
        return Lyrics(
            recording=recording,
            form=Lyrics.Form.LRC,
            language=language_of(texts[0]),
            source="\n".join(texts),
            lines=lines,
        )

    def _plays(self, recordings: list[Recording]) -> None:
        """Half as many plays as recordings: the first of a shuffled order have the most."""
        listeners = _listeners()
        shuffled = self._chance.sample(recordings, len(recordings))
        weights = list(accumulate(1 / (rank + 20) for rank in range(len(shuffled))))
        heard = self._chance.choices(shuffled, cum_weights=weights, k=len(recordings) // 2)
        grants = _write(
            self._grant(number, row, listeners[number % LISTENERS]) for number, row in enumerate(heard)
        )
        _write(
            Play(
                listener_id=grant.listener_id,
                recording=row,
                grant=grant,
                stream=grant.stream,
                ordinal=0,
                started_at=grant.issued_at,
                heard_ms=90_000,
                qualified=True,
            )
            for row, grant in zip(heard, grants, strict=True)
        )

    def _grant(self, number: int, recording: Recording, listener: Listener) -> Grant:
        issued = BEGAN + timedelta(minutes=5 * number)
        return Grant(
            gid=self._gid(),
            stream=self._gid(),
            edge="edge-1",
            gate=listener.gid,
            listener=listener,
            recording=recording,
            window_start=0,
            window_end=44_100 * 240,
            issued_at=issued,
            expires_at=issued + timedelta(minutes=10),
        )


def _listeners() -> list[Listener]:
    password = make_password(PASSWORD)  # once: it is slow on purpose
    accounts = _write(
        Account(email=f"listener-{number}@example.org", password=password) for number in range(LISTENERS)
    )
    return _write(Listener(account=account) for account in accounts)


def _covers() -> list[Cover]:
    """Flat squares, each with a disc, in hues around the circle."""
    return [keep_cover(_square(number), blobs=blobs()) for number in range(COVERS)]


def _square(number: int) -> bytes:
    image = Image.new("HSV", (300, 300), (number * 255 // COVERS, 90 + number % 5 * 25, 200))
    image.paste((number * 255 // COVERS, 200, 90 + number % 3 * 40), (90, 90, 210, 210))
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG")
    return out.getvalue()


def _write(rows: Iterable[Row]) -> list[Row]:
    """Insert rows in bulk; they come back with their keys."""
    whole = list(rows)
    if whole:
        type(whole[0])._default_manager.bulk_create(whole, batch_size=2_000)  # noqa: SLF001 - Django's own name for it
    return whole


def settle() -> None:
    """Let PostgreSQL count what it holds, as it does by itself a minute later; SQLite never does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Fill the installation that the environment names."""
    began = time.perf_counter()
    size = Size.from_environment()
    make(size)
    print(
        f"{size.tracks} tracks of {size.artists} artists in {time.perf_counter() - began:.0f} s; "
        f"sign in as listener-0@example.org, {PASSWORD}"
    )


if __name__ == "__main__":
    main()
