"""Put an accepted recording into the shop's window: a single of its own, heard and found like any other release."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.credits import Credited
from alpheus.catalogue.facts import Place, RecordingFacts, ReleaseFacts
from alpheus.catalogue.models import ArtistCredit, Recording, Release
from alpheus.catalogue.place_track import place_track, settle_release
from alpheus.catalogue.register_recording import register_recording
from alpheus.catalogue.register_release import register_release
from alpheus.catalogue.remove_recording import offer_again
from alpheus.parties.know_artist import artist_key, know_artist
from alpheus.parties.models import Artist
from alpheus.rights.notice import hold_back, is_suspended
from alpheus.shops.brand.models import Rostered
from alpheus.shops.errors import NameTaken, NotRostered
from alpheus.shops.models import Piece, Shop
from alpheus.shops.offers.offer_by_default import offer_by_default
from alpheus.shops.rules import Kind
from alpheus.values.dates import PartialDate

SINGLE = "single"


def artist_for(shop: Shop, name: str, *, meant: UUID | None = None) -> Artist:
    """The artist whose music a shop sells under a name: an independent's own, or one who is or was on a label's roster.

    Args:
        shop: which.
        name: as it is credited.
        meant: the artist's gid, where it is known and several may have the name.

    Raises:
        NameTaken: another shop sells theirs.
        NotRostered: the label never had them.
    """
    own = shop.artist if shop.artist is not None and shop.artist.key == artist_key(name) else None
    artist = own or know_artist(name=name, gid=meant)
    if shop.kind == Kind.BRAND:
        if not shop.roster.filter(artist=artist).exists():
            raise NotRostered
        return artist
    elsewhere = Rostered.objects.filter(artist=artist, until=None).exists()
    if elsewhere and shop.artist_id != artist.pk:
        raise NameTaken
    if Shop.objects.filter(artist=artist).exclude(pk=shop.pk).exists():
        raise NameTaken
    return artist


@transaction.atomic
def publish(*, piece: Piece, now: datetime) -> Release:
    """Offer a piece, unless a notice suspends it. Done twice it changes nothing; one that was taken out is offered again.

    One that stood on a release comes back as it stood.

    Raises:
        NameTaken: another shop sells under the name that it was accepted under.
    """
    held = Recording.objects.select_related("credit", "asset").get(pk=piece.recording_id)
    before, name = held.credit, held.credit.name
    sold_as, meant = _sold_as(piece, name)
    artist = artist_for(piece.shop, sold_as, meant=meant)
    if piece.release is not None:
        if not is_suspended(held):
            offer_again(recordings=[held], now=now)
        return piece.release
    credit = (Credited(name, artist=artist.gid),)
    # Never the same credit twice: what was held has one of its own, a name and no more.
    facts = RecordingFacts(title=held.title, credit=credit, isrc=held.isrc, explicit=held.explicit)
    recording = register_recording(facts=facts, asset=held.asset, now=now, recording=held)
    ArtistCredit.objects.filter(pk=before.pk, digest=None).delete()
    release = _before(recording) or _single(recording, credit, now)
    place_track(release=release, recording=recording, place=Place(1, 1), title=recording.title, credit=credit)
    settle_release(release=release, now=now, type_given=SINGLE, loudness=_loudness(recording))
    piece.release = release
    piece.save(update_fields=["release"])
    offer_by_default(piece=piece, now=now)
    hold_back(recordings=[recording], now=now)
    return release


def _sold_as(piece: Piece, name: str) -> tuple[str, UUID | None]:
    """The name that a piece is sold under, and who is meant: its release's first, since a guest's is no shop's matter."""
    if piece.release is None:
        return name, None
    first = piece.release.credit.artists.first()
    return (first.name, first.artist.gid) if first else (piece.release.credit.name, None)


def _before(recording: Recording) -> Release | None:
    """Where it stood before it was taken out: links to that go on leading there."""
    return Release.objects.filter(media__tracks__recording=recording).first()


def _single(recording: Recording, credit: tuple[Credited, ...], now: datetime) -> Release:
    date = PartialDate(now.year, now.month, now.day)
    facts = ReleaseFacts(title=recording.title, credit=credit, type=SINGLE, date=date)
    return register_release(facts=facts, now=now)


def _loudness(recording: Recording) -> tuple[float, float] | None:
    asset = recording.asset
    if asset is None or asset.loudness_lufs is None or asset.true_peak_dbtp is None:
        return None
    return asset.loudness_lufs, asset.true_peak_dbtp
