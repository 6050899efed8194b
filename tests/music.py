"""Recordings, releases and artists for tests: rows as the catalogue keeps them, without any audio."""

from uuid import uuid4

from alpheus.catalogue.models import (
    ArtistCredit,
    Asset,
    CreditedArtist,
    Medium,
    Recording,
    Release,
    Rendition,
    Track,
)
from alpheus.parties.models import Artist
from alpheus.values.collation import sort_keys

RATE_HZ = 44_100


def credit(name="Tide"):
    artist = Artist.objects.get_or_create(
        name=name, defaults={"sort_name": name, "language": "en", **sort_keys(name).columns}
    )[0]
    made = ArtistCredit.objects.create(name=name)
    CreditedArtist.objects.create(credit=made, artist=artist, position=0, name=name)
    return made


def recording(title="Ebb", *, by="Tide", seconds=240, renditions=("aac-128",), state="ready", peaks=None):
    asset = Asset.objects.create(
        key=uuid4().hex,
        source_sha256=uuid4().hex * 2,
        state=state,
        rate_hz=RATE_HZ,
        samples=seconds * RATE_HZ,
        loudness_lufs=-11.5,
        true_peak_dbtp=-0.8,
        peaks=peaks or bytes(range(200)) * 2,
    )
    for name in renditions:
        Rendition.objects.create(asset=asset, name=name, stored_bytes=1)
    return Recording.objects.create(
        title=title,
        credit=credit(by),
        asset=asset,
        duration_ms=seconds * 1000,
        language="en",
        **sort_keys(title).columns,
    )


def release(title="Estuary", *, by="Tide", tracks=("Ebb", "Flood"), kind="album", **given):
    made = Release.objects.create(
        title=title,
        sort_title=title.lower(),
        credit=credit(by),
        type=kind,
        language="en",
        **{**sort_keys(title).columns, **given},
    )
    medium = Medium.objects.create(release=made, position=1)
    for position, name in enumerate(tracks, start=1):
        row = recording(name, by=by)
        Track.objects.create(medium=medium, position=position, title=name, credit=row.credit, recording=row)
    return made
