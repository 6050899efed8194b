"""Put a release that was accepted into the shop's window: with its tracks in order, credits, works, cover and day."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from alpheus.catalogue import indexing
from alpheus.catalogue.credits import Credit
from alpheus.catalogue.facts import Place, RecordingFacts, ReleaseFacts
from alpheus.catalogue.models import ArtistCredit, Asset, Cover, Medium, Recording, Release, Track
from alpheus.catalogue.place_track import place_track, settle_release
from alpheus.catalogue.register_recording import register_recording
from alpheus.catalogue.register_release import register_release
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.catalogue.shown import heard, narrowed
from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Artist
from alpheus.rights.notice import hold_back
from alpheus.search.kinds import ARTIST
from alpheus.shops.models import Piece, Shop
from alpheus.shops.offers.offer_by_default import offer_release_by_default
from alpheus.shops.publish import artist_for


@dataclass(frozen=True)
class Song:
    """One track of it: the recording that was held, and what is told of it."""

    recording: Recording
    asset: Asset | None
    facts: RecordingFacts
    place: Place


@transaction.atomic
def publish_release(
    *,
    shop: Shop,
    facts: ReleaseFacts,
    songs: Sequence[Song],
    cover: Cover | None,
    release: Release | None,
    now: datetime,
    offered: bool = True,
) -> Release:
    """Offer a release of a shop, but for what a notice suspends. Done twice it changes nothing.

    Not `offered` it is only written down, for who may hear it before it appears: removed, with no place in the shop and
    without a price.

    Args:
        shop: whose it is.
        facts: the release as a whole.
        songs: its tracks.
        cover: its art.
        release: where it stood before: links to that go on leading there, and tracks that are gone from it are taken out.
        now: the time.
        offered: whether it appears; else it is written down and removed.

    Raises:
        NameTaken: another shop sells under the name that the release is credited to first.
    """
    first = facts.credit[0]
    artist = artist_for(shop, first.name, meant=first.artist)
    facts = replace(facts, credit=_meaning(artist, facts.credit))
    songs = [replace(it, facts=_about(artist, it.facts)) for it in songs]
    row = register_release(facts=facts, now=now, release=release, cover=cover)
    recordings = [_offer(song, now) for song in songs]
    _clear(row, shop, recordings, now)
    for song, recording in zip(songs, recordings, strict=True):
        title, credit = recording.title, song.facts.credit
        place_track(release=row, recording=recording, place=song.place, title=title, credit=credit)
    settle_release(release=row, now=now, type_given=facts.type, loudness=_loudness(recordings))
    if not offered:
        _keep_back(row, recordings, now)
        return row
    offer_release_by_default(pieces=_stand(shop, row, recordings), now=now)
    hold_back(recordings=recordings, now=now)
    return row


def _meaning(artist: Artist, credit: Credit) -> Credit:
    """A credit in which the artist's name means them, and nobody else who has it."""
    return tuple(replace(it, artist=artist.gid) if artist_key(it.name) == artist.key else it for it in credit)


def _about(artist: Artist, facts: RecordingFacts) -> RecordingFacts:
    """The same of a recording, in whatever part they had in it."""
    meant = tuple((name, artist.gid) for _, name in facts.roles if artist_key(name) == artist.key)
    return replace(facts, credit=_meaning(artist, facts.credit), meant=meant)


def _offer(song: Song, now: datetime) -> Recording:
    before = song.recording.credit_id
    recording = register_recording(facts=song.facts, asset=song.asset, now=now, recording=song.recording)
    # Never the same credit twice: what was held has one of its own, a name and no more.
    ArtistCredit.objects.filter(pk=before, digest=None).delete()
    return recording


def _clear(release: Release, shop: Shop, recordings: Sequence[Recording], now: datetime) -> None:
    """Empty the tracklist, so that tracks may change places; what does not come back to it is not offered any more."""
    kept = {it.pk for it in recordings}
    gone = Recording.objects.filter(tracks__medium__release=release).exclude(pk__in=kept).distinct()
    remove_recordings(recordings=gone, now=now)
    Piece.objects.filter(shop=shop, recording__in=gone).delete()
    Track.objects.filter(medium__release=release).delete()
    Medium.objects.filter(release=release).delete()


def _keep_back(release: Release, recordings: Sequence[Recording], now: datetime) -> None:
    """Take it out of every list again, and who is heard on nothing else out of searches."""
    remove_recordings(recordings=recordings, now=now)
    on = Q(credits__credit__in=[release.credit_id, *(it.credit_id for it in recordings)])
    with narrowed(None):  # heard anywhere, not only where whoever accepts it is
        unheard = Artist.objects.filter(on).filter(~heard()).distinct()
        indexing.forget(ARTIST, list(unheard.values_list("gid", flat=True)))


def _stand(shop: Shop, release: Release, recordings: Sequence[Recording]) -> list[Piece]:
    """Give each its place in the shop, all of them where the release stood, or behind everything else."""
    here = Piece.objects.filter(shop=shop, release=release).aggregate(at=Max("position"))["at"]
    last = shop.pieces.aggregate(last=Max("position"))["last"]
    position = here if here is not None else 0 if last is None else last + 1
    told = {"shop": shop, "release": release, "position": position}
    return [Piece.objects.update_or_create(recording=it, defaults=told)[0] for it in recordings]


def _loudness(recordings: Sequence[Recording]) -> tuple[float, float] | None:
    """Of the whole: the mean energy over time, and the highest peak; None where a track is not measured.

    Ungated, so a release with long quiet passages reads a little lower than EBU R128 would have it.
    """
    energy, whole, peak = 0.0, 0, -math.inf
    for recording in recordings:
        asset = recording.asset
        if asset is None or asset.loudness_lufs is None or asset.true_peak_dbtp is None:
            return None
        ms = recording.duration_ms or 0
        energy, whole = energy + ms * 10 ** (asset.loudness_lufs / 10), whole + ms
        peak = max(peak, asset.true_peak_dbtp)
    return (10 * math.log10(energy / whole), peak) if energy and whole else None
