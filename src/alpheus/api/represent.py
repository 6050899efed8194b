"""Turns rows of the catalogue, as its queries load them, into the shapes that travel."""

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from alpheus.api.session_shapes import DeviceOut
from alpheus.api.shapes import (
    ArtistDetailOut,
    ArtistOut,
    CountedLabelOut,
    CoverOut,
    CreditedArtistOut,
    CreditLineOut,
    CreditOut,
    GenreOut,
    LabelOut,
    LoudnessOut,
    MediumOut,
    Named,
    RecordingDetailOut,
    RecordingOut,
    ReleaseDetailOut,
    ReleaseOut,
    SungOut,
    TrackOut,
    WorkOut,
)
from alpheus.catalogue import lists, queries
from alpheus.catalogue.models import (
    ArtistCredit,
    Asset,
    Cover,
    Genre,
    Medium,
    Recording,
    RecordingCredit,
    Release,
    Track,
    Work,
    WorkCredit,
)
from alpheus.catalogue.queries import ArtistDetail
from alpheus.catalogue.rules import is_lossy
from alpheus.listening import devices
from alpheus.listening.kinds import in_words, kind_of
from alpheus.listening.models import Device
from alpheus.locker.queries import note_owned
from alpheus.parties.models import Account, Artist, Label
from alpheus.rights.early import early_among
from alpheus.rights.models import Early

COVER_WIDTH = 400
"""The width of a cover's `url`: sharp in a player's corner, small enough for a list."""


def recordings(gids: Sequence[UUID], account: Account | None) -> list[RecordingOut]:
    """Recordings by gid, in that order, as an account may hear them; those that are not here are left out."""
    rows = queries.recordings_of(gids)
    note_owned(account, rows)
    early = early_among(rows, now=timezone.now())
    return [_heard_early(row, early[row.pk]) if row.pk in early else recording(row) for row in rows]


def _heard_early(row: Recording, early: Early) -> RecordingOut:
    return _recording(row, early.release, told=row, appears_at=early.until)


def sung(rows: Sequence[Recording], text: str) -> list[SungOut]:
    """Recordings, each with the line that somebody meant who typed `text`."""
    lines = queries.lines_of([row.gid for row in rows], text)
    return [
        SungOut(recording=recording(row), line=line.index, text=line.text, start_ms=line.start_ms)
        for row in rows
        if (line := lines.get(row.gid))
    ]


def recording(row: Recording) -> RecordingOut:
    """One recording, with the release that it is shown with."""
    return _recording(row, queries.release_of(row), told=row)


def recording_detail(row: Recording) -> RecordingDetailOut:
    """One recording whole."""
    return RecordingDetailOut(
        **recording(row).model_dump(),
        isrc=row.isrc,
        quality=row.asset.quality if row.asset else "",
        range_lu=row.asset.range_lu if row.asset else None,
        credits=_credits(row.roles.all()),
        works=[_work(work) for work in row.works.all()],
        releases=[release(one) for one in queries.releases_with(row)],
        versions=[recording(one) for one in lists.versions(row).rows],
    )


def _work(row: Work) -> WorkOut:
    return WorkOut(
        gid=row.gid, title=row.title, language=row.language, iswc=row.iswc, credits=_credits(row.roles.all())
    )


def _credits(rows: Iterable[RecordingCredit | WorkCredit]) -> list[CreditLineOut]:
    """Who did what, each once."""
    once: dict[tuple[str, int], RecordingCredit | WorkCredit] = {}
    for row in rows:
        once.setdefault((row.role, row.artist_id), row)
    return [CreditLineOut(role=row.role, artist=artist(row.artist)) for row in once.values()]


def _recording(
    row: Recording, home: Release | None, *, told: Recording | Track, appears_at: datetime | None = None
) -> RecordingOut:
    """One recording; `told` is the row on which its query noted whether it has lyrics and is spoken."""
    asset = row.asset
    return RecordingOut(
        gid=row.gid,
        title=row.title,
        language=row.language,
        credit=credit(row.credit),
        release=Named(gid=home.gid, title=home.title, language=home.language) if home else None,
        duration_ms=row.duration_ms,
        rate_hz=asset.rate_hz if asset else None,
        samples=asset.samples if asset else None,
        loudness=LoudnessOut(
            track_lufs=asset.loudness_lufs if asset else None,
            track_peak_dbtp=asset.true_peak_dbtp if asset else None,
            album_lufs=home.loudness_lufs if home else None,
            album_peak_dbtp=home.true_peak_dbtp if home else None,
        ),
        cover=cover(home.cover) if home else None,
        peaks=base64.b64encode(bytes(asset.peaks)).decode() if asset and asset.peaks else None,
        has_lyrics=row.removed_at is None and bool(getattr(told, "has_lyrics", False)),
        speech=bool(getattr(told, "is_speech", False)),
        explicit=row.explicit,
        available=bool(getattr(row, "is_shown", True)),
        appears_at=appears_at,
        state=_state(asset),
        renditions=sorted(item.name for item in asset.renditions.all()) if asset else [],
    )


def _state(asset: Asset | None) -> Asset.State:
    """Playable as soon as its first rendition is; the others follow."""
    if asset is None:
        return Asset.State.WAITING
    return Asset.State.READY if asset.renditions.all() else Asset.State(asset.state)


def release(row: Release, *, appears_at: datetime | None = None) -> ReleaseOut:
    """One release as lists show it; what is heard early with when it appears."""
    return ReleaseOut(
        gid=row.gid,
        title=row.title,
        language=row.language,
        type=Release.Type(row.type),
        compilation=row.compilation,
        credit=credit(row.credit),
        date=_date(row),
        cover=cover(row.cover),
        available=bool(getattr(row, "is_shown", True)),
        appears_at=appears_at,
    )


def release_detail(row: Release, *, appears_at: datetime | None = None) -> ReleaseDetailOut:
    """One release whole; what is heard early with when it appears."""
    genres = sorted(row.genres.all(), key=lambda genre: genre.name)
    did = [
        credit
        for medium in row.media.all()
        for track in medium.tracks.all()
        for credit in track.recording.roles.all()
    ]
    recordings = [track.recording for medium in row.media.all() for track in medium.tracks.all()]
    made_from = [it.asset.quality for it in recordings if it.asset]
    return ReleaseDetailOut(
        **release(row, appears_at=appears_at).model_dump(),
        upc=row.upc,
        label=row.label_name,
        label_gid=row.label.gid if row.label else None,
        catalogue_number=row.catalogue_number,
        lossy=list(dict.fromkeys(it for it in made_from if is_lossy(it))),
        loudness_lufs=row.loudness_lufs,
        true_peak_dbtp=row.true_peak_dbtp,
        genres=[genre.name for genre in genres],
        genre_slugs=[genre.slug for genre in genres],
        credits=_credits(did),
        notes=row.notes,
        media=[_medium(medium, row, appears_at) for medium in row.media.all()],
    )


def _medium(row: Medium, home: Release, appears_at: datetime | None) -> MediumOut:
    tracks = [_track(track, home, appears_at) for track in row.tracks.all()]
    return MediumOut(position=row.position, title=row.title, tracks=tracks)


def _track(row: Track, home: Release, appears_at: datetime | None) -> TrackOut:
    return TrackOut(
        position=row.position,
        title=row.title,
        credit=credit(row.credit),
        recording=_recording(row.recording, home, told=row, appears_at=appears_at),
    )


def artist(row: Artist) -> ArtistOut:
    """One artist as lists show them."""
    return ArtistOut(
        gid=row.gid,
        name=row.name,
        sort_name=row.sort_name,
        language=row.language,
        disambiguation=row.disambiguation,
    )


def artist_detail(found: ArtistDetail) -> ArtistDetailOut:
    """One artist whole."""
    return ArtistDetailOut(
        **artist(found.artist).model_dump(),
        biography=found.artist.biography,
        aliases=sorted(alias.name for alias in found.artist.aliases.all()),
        releases=[release(row) for row in found.releases],
        appears_on=[release(row) for row in found.appears_on],
        recordings=found.recordings,
    )


def label(row: Label) -> LabelOut:
    """One label."""
    return LabelOut(gid=row.gid, name=row.name, sort_name=row.sort_name, language=row.language)


def counted_label(row: Label) -> CountedLabelOut:
    """One label as lists show it, with `uses`."""
    return CountedLabelOut(**label(row).model_dump(), releases=getattr(row, "uses", 0))


def genre(row: Genre) -> GenreOut:
    """One genre as lists show it, with `uses`."""
    return GenreOut(slug=row.slug, name=row.name, releases=getattr(row, "uses", 0))


def credit(row: ArtistCredit) -> CreditOut:
    """How artists are named together."""
    return CreditOut(
        name=row.name,
        artists=[
            CreditedArtistOut(
                gid=one.artist.gid,
                name=one.name,
                language=one.artist.language,
                join_phrase=one.join_phrase,
            )
            for one in row.artists.all()
        ],
    )


def cover(row: Cover | None) -> CoverOut | None:
    """Artwork and where it is fetched."""
    if row is None or not row.widths:
        return None
    width = next((one for one in row.widths if one >= COVER_WIDTH), row.widths[-1])
    return CoverOut(
        digest=row.digest,
        hue=row.hue,
        chroma=row.chroma,
        placeholder=row.placeholder,
        widths=row.widths,
        url=_cover_address(row.digest, width),
    )


@lru_cache(maxsize=4_096)
def _cover_address(digest: str, width: int) -> str:
    """Kept, because a list has many and Django looks each up among all addresses."""
    return reverse("web:cover", args=[digest, width, "jpg"])


def _date(row: Release) -> str:
    """As much of the date as is known."""
    parts = [f"{row.year:04}"] if row.year else []
    parts += [f"{row.month:02}"] if row.month else []
    parts += [f"{row.day:02}"] if row.day else []
    return "-".join(parts)


def device(row: Device, *, now: datetime) -> DeviceOut:
    """One of a listener's devices."""
    kind = kind_of(row.user_agent)
    copied = {name: getattr(row, name) for name in DeviceOut.model_fields if hasattr(row, name)}
    return DeviceOut(
        **copied, kind=in_words(row.user_agent), phone=kind.phone, hears=devices.hears(row, now=now)
    )
