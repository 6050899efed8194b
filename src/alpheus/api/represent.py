"""Turns rows of the catalogue into the shapes that travel, with as many queries for fifty as for one."""

import base64
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from alpheus.api.shapes import (
    ArtistDetailOut,
    ArtistOut,
    CoverOut,
    CreditedArtistOut,
    CreditOut,
    LoudnessOut,
    MediumOut,
    Named,
    RecordingOut,
    ReleaseDetailOut,
    ReleaseOut,
    TrackOut,
)
from alpheus.catalogue.models import ArtistCredit, Asset, Cover, Medium, Recording, Release, Track
from alpheus.parties.models import Artist

COVER_WIDTH = 400
"""The width of a cover's `url`: sharp in a player's corner, small enough for a list."""

_HOME = Track.objects.select_related("medium__release__cover").order_by("medium__release_id", "pk")


def whole_recordings(rows: QuerySet[Recording]) -> QuerySet[Recording]:
    """Recordings with all that their shape shows."""
    return rows.select_related("asset", "credit", "lyrics").prefetch_related(
        "credit__artists__artist", "asset__renditions", Prefetch("tracks", queryset=_HOME)
    )


def recordings(gids: Sequence[UUID]) -> list[RecordingOut]:
    """Recordings by gid, in that order; those that are not here are left out."""
    found = {row.gid: row for row in whole_recordings(Recording.objects.filter(gid__in=set(gids)))}
    return [recording(found[gid]) for gid in gids if gid in found]


def recording(row: Recording) -> RecordingOut:
    """One recording, loaded by `whole_recordings`."""
    home = _home(row)
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
        has_lyrics=hasattr(row, "lyrics"),
        explicit=row.explicit,
        state=_state(row),
        renditions=sorted(item.name for item in asset.renditions.all()) if asset else [],
    )


def _home(row: Recording) -> Release | None:
    """The release that a recording is shown with: the first that it came out on here."""
    track = next(iter(row.tracks.all()), None)
    return track.medium.release if track else None


def _state(row: Recording) -> Asset.State:
    """Playable as soon as its first rendition is; the others follow."""
    if row.asset is None:
        return Asset.State.WAITING
    return Asset.State.READY if row.asset.renditions.all() else Asset.State(row.asset.state)


def whole_releases(rows: QuerySet[Release]) -> QuerySet[Release]:
    """Releases with all that their shape in lists shows."""
    return rows.select_related("credit", "cover").prefetch_related("credit__artists__artist")


def releases(gids: Sequence[UUID]) -> list[ReleaseOut]:
    """Releases by gid, in that order; those that are not here are left out."""
    found = {row.gid: row for row in whole_releases(Release.objects.filter(gid__in=set(gids)))}
    return [release(found[gid]) for gid in gids if gid in found]


def release(row: Release) -> ReleaseOut:
    """One release as lists show it, loaded by `whole_releases`."""
    return ReleaseOut(
        gid=row.gid,
        title=row.title,
        language=row.language,
        type=Release.Type(row.type),
        compilation=row.compilation,
        credit=credit(row.credit),
        date=_date(row),
        cover=cover(row.cover),
    )


def release_detail(row: Release) -> ReleaseDetailOut:
    """One release whole, loaded by `whole_releases`; its media and tracks are read here."""
    tracks = Track.objects.select_related("credit").prefetch_related(
        "credit__artists__artist", Prefetch("recording", queryset=whole_recordings(Recording.objects.all()))
    )
    media = Medium.objects.filter(release=row).prefetch_related(
        Prefetch("tracks", queryset=tracks.order_by("position"))
    )
    return ReleaseDetailOut(
        **release(row).model_dump(),
        upc=row.upc,
        label=row.label_name,
        genres=sorted(genre.name for genre in row.genres.all()),
        notes=row.notes,
        media=[_medium(medium) for medium in media.order_by("position")],
    )


def _medium(row: Medium) -> MediumOut:
    return MediumOut(
        position=row.position,
        title=row.title,
        tracks=[
            TrackOut(
                position=track.position,
                title=track.title,
                credit=credit(track.credit),
                recording=recording(track.recording),
            )
            for track in row.tracks.all()
        ],
    )


def artists(gids: Sequence[UUID]) -> list[ArtistOut]:
    """Artists by gid, in that order; those that are not here are left out."""
    found = {row.gid: row for row in Artist.objects.filter(gid__in=set(gids))}
    return [artist(found[gid]) for gid in gids if gid in found]


def artist(row: Artist) -> ArtistOut:
    """One artist as lists show them."""
    return ArtistOut(
        gid=row.gid,
        name=row.name,
        sort_name=row.sort_name,
        language=row.language,
        disambiguation=row.disambiguation,
    )


def artist_detail(row: Artist) -> ArtistDetailOut:
    """One artist whole."""
    return ArtistDetailOut(
        **artist(row).model_dump(),
        biography=row.biography,
        aliases=sorted(alias.name for alias in row.aliases.all()),
    )


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
        url=reverse("web:cover", args=[row.digest, width, "jpg"]),
    )


def _date(row: Release) -> str:
    """As much of the date as is known."""
    parts = [f"{row.year:04}"] if row.year else []
    parts += [f"{row.month:02}"] if row.month else []
    parts += [f"{row.day:02}"] if row.day else []
    return "-".join(parts)
