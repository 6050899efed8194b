"""What is not offered where a reader is stands in no list, page by page and call by call: a new route needs a row here."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from applying import account
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from opened_shop import opened

from alpheus.api.routes import api
from alpheus.catalogue import indexing
from alpheus.catalogue.indexing import index_recording, index_release
from alpheus.catalogue.models import Genre, Lyrics, Recording, Work
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.insight.models import HeardTogether
from alpheus.listening import listeners
from alpheus.listening.library.keep import Kind as Kept
from alpheus.listening.library.keep import keep
from alpheus.listening.library.models import Playlist, PlaylistItem
from alpheus.listening.models import Grant, Play
from alpheus.locker.errors import NotOfferedHere
from alpheus.locker.keep_free import keep_free
from alpheus.locker.models import Owned
from alpheus.parties.models import Artist, Label, StaffRole
from alpheus.rights.available import set_availability
from alpheus.rights.early import open_early
from alpheus.rights.rules import Where
from alpheus.search.kinds import ARTIST
from alpheus.shops.models import Piece, Shop
from alpheus.shops.offers.models import Offer
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.offers.set_prices import set_prices
from alpheus.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

HERE = "KR"
OPEN, SHUT = "Estuary", "Zuiderdijk"
OPEN_TRACK, SHUT_TRACK = "Ebb", "Zomertij"
YEAR, SHUT_YEAR = 1987, 1953
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
"""Drawn anew for every page: now and then one has a short word in it."""
SHUT_WORDS = (SHUT, SHUT_TRACK, "Dijkgraaf", "Dijkhuis", "dike", f"year/{SHUT_YEAR}", f'"year": {SHUT_YEAR}')
"""Whatever names something that is nowhere offered here: a release, a track, an artist, a label, a genre, a year."""

LISTS, EMPTY, ELSEWHERE, DIMMED, OWN = "lists", "empty", "451", "dimmed", "own"
NONE = "shows no music of others"

PAGES = {
    "home": (LISTS, "/"),
    "search": (LISTS, "/search", "/search?q=z", "/search?q=dijk"),
    "release": (ELSEWHERE, "/release/{shut}"),
    "artist": (LISTS, "/artist/{artist}"),
    "similar": (LISTS, "/artist/{artist}/similar"),
    "most": (LISTS, "/artist/{artist}/most"),
    "recording": (ELSEWHERE, "/recording/{shut_track}"),
    "versions": (LISTS, "/recording/{open_track}/versions"),
    "embed-recording": (ELSEWHERE, "/embed/recording/{shut_track}"),
    "embed-release": (ELSEWHERE, "/embed/release/{shut}"),
    "card-release": (ELSEWHERE, "/card/release/{shut}.jpg"),
    "card-recording": (ELSEWHERE, "/card/recording/{shut_track}.jpg"),
    "oembed": (ELSEWHERE, "/oembed?url=http://testserver/release/{shut}"),
    "card-shop": NONE,  # pixels: test_share_card tells that a sleeve is shown only where it is offered
    "shops": (LISTS, "/shops"),
    "shop": (LISTS, "/@tide"),
    "shop-feed": (LISTS, "/@tide/feed"),
    "releases": (LISTS, "/releases", "/releases?sort=title", "/releases?artist={artist}"),
    "recordings": (LISTS, "/recordings", "/recordings?sort=title", "/recordings?artist={artist}"),
    "artists": (LISTS, "/artists"),
    "labels": (LISTS, "/labels"),
    "label": (LISTS, "/label/{label}"),
    "genres": (LISTS, "/genres"),
    "genre": (LISTS, "/genre/tidal"),
    "years": (LISTS, "/years"),
    "year": (LISTS, "/year/1987"),
    "radio": (LISTS, "/radio/artist/{artist}", "/radio/recording/{open_track}", "/radio/genre/tidal"),
    "playlist": (DIMMED, "/playlist/{playlist}"),
    "library": (DIMMED, "/library"),
    "library-recordings": (DIMMED, "/library/recordings"),
    "library-releases": (DIMMED, "/library/releases"),
    "library-history": (DIMMED, "/library/history"),
    "library-most": (DIMMED, "/library/most"),
    "library-locker": (OWN, "/library/locker"),
    "give-notice": NONE,  # whoever has a right to it may live anywhere
    "playlist-m3u8": OWN, "playlist-xspf": OWN, "invitation": OWN,
    "library-artists": NONE, "library-playlists": NONE, "import-playlist": NONE,
    "playing": NONE, "cover": NONE, "offer-after": NONE,
    "device": NONE, "manifest": NONE, "worker": NONE, "offline": NONE, "share": NONE,
    "account": NONE, "export": NONE, "delete_account": NONE, "export_file": NONE, "deleted": NONE, "sign-in-link": NONE,
    "join": NONE, "split": NONE, "tokens": NONE,
}  # fmt: skip
UNAVAILABLE = ("Not available where you are", '"available": false')
FORMS = {
    "follow-shop", "clear-history", "describe-playlist", "delete-playlist", "undo-playlist", "invite", "remove-editor",
    "clean_device", "end_devices", "rename_device", "clean_other_device", "end_device", "wish-offer", "keep-offer",
    "currency", "language", "theme", "account_name", "explicit", "revoke-token",
}  # fmt: skip
"""They are posted to, and lead elsewhere."""
CALLS = {
    "list_recordings": (LISTS, "/recordings", "/recordings?artist={artist}"),
    "list_releases": (LISTS, "/releases", "/releases?genre=tidal", "/releases?year=1987", "/releases?label={label}"),
    "list_artists": (LISTS, "/artists"),
    "get_artist": (LISTS, "/artists/{artist}"),
    "list_heard_most": (LISTS, "/artists/{artist}/most"),
    "list_labels": (LISTS, "/labels"),
    "list_genres": (LISTS, "/genres"),
    "list_years": (LISTS, "/years"),
    "list_versions": (LISTS, "/recordings/{open_track}/versions"),
    "get_radio": (LISTS, "/radio/artist/{artist}"),
    "get_similar": (LISTS, "/artists/{artist}/similar"),
    "get_my_radios": (LISTS, "/me/radios"),
    "search": (LISTS, "/search?q=z", "/search?q=dijk"),
    "list_shops": (EMPTY, "/shops?genre=dike"),
    "get_shop": (LISTS, "/shops/tide"),
    "get_recording": (ELSEWHERE, "/recordings/{shut_track}"),
    "get_lyrics": (ELSEWHERE, "/recordings/{shut_track}/lyrics"),
    "get_release": (ELSEWHERE, "/releases/{shut}"),
    "get_recordings": (DIMMED, "/recordings/some?gid={shut_track}"),
    "list_played": (DIMMED, "/played"),
    "list_kept_recordings": (DIMMED, "/library/recordings"),
    "list_kept_releases": (DIMMED, "/library/releases"),
    "list_history": (DIMMED, "/history"),
    "list_most_played": (DIMMED, "/history/most"),
    "list_playlist_items": (DIMMED, "/playlists/{playlist}/items"),
    "list_locker": (OWN, "/locker"),
    "list_offers": (LISTS, "/offers?about={shut}&about={open}"),
    "get_label": NONE, "list_kept_artists": NONE, "list_kept_playlists": NONE, "list_kept_among": NONE,
    "get_offer": NONE, "list_wishes": OWN, "list_rates": NONE, "list_playlists": NONE, "get_playlist": NONE,
    "get_playlist_queue": OWN, "export_playlist": OWN,  # gids alone; a player passes over what it is not granted
    "get_session": OWN, "get_entries": OWN, "hear_session": OWN, "list_devices": NONE,
    "get_me": NONE, "list_tokens": NONE, "get_settings": NONE, "list_sign_ins": NONE, "get_export": NONE,
    "load_export": NONE,
}  # fmt: skip


def _played(listener, recording, now):
    grant = Grant.objects.create(
        stream=uuid4(), edge="edge-1", gate=listener.gid, listener=listener, recording=recording,
        window_start=0, window_end=1, issued_at=now, expires_at=now,
    )  # fmt: skip
    Play.objects.create(
        listener=listener, recording=recording, grant=grant, stream=grant.stream, ordinal=0, started_at=now,
        heard_ms=40_000, qualified=True,
    )  # fmt: skip


@pytest.fixture
def sea(settings, member):
    """Two releases of everything the same, of which one is not offered in Korea, and a listener who met both."""
    settings.LISTENING = replace(settings.LISTENING, territory=HERE)
    shop = opened(member, account("owl", StaffRole.Role.AUDITOR))
    tidal, dike = (Genre.objects.create(slug=it, name=it) for it in ("tidal", "dike"))
    work = Work.objects.create(title="Sea")
    made = []
    for title, track, by, house, year, on in (
        (OPEN, OPEN_TRACK, "Tide", "Bight", YEAR, [tidal]),
        (SHUT, SHUT_TRACK, "Tide", "Bight", YEAR, [tidal, dike]),
        ("Polder", "Kwel", "Dijkgraaf", "Dijkhuis", SHUT_YEAR, [tidal, dike]),
    ):
        label = Label.objects.get_or_create(name=house, sort_name=house, key=house.lower())[0]
        row = music.release(title, by=by, tracks=(track,), year=year, label=label, label_name=house)
        row.genres.set(on)
        it = Recording.objects.get(tracks__medium__release=row)
        it.works.add(work)
        Lyrics.objects.create(recording=it, form="plain", source=track, lines=[{"text": track}])
        Piece.objects.create(shop=shop, recording=it, release=row, position=9)
        made.append((row, it))
        if title != OPEN:
            set_availability(release=row, where=Where.EXCEPT, territories=[HERE])
    set_prices(owner=member, things=[it.gid for it, _ in made], asked=Asked(Kind.FREE), now=timezone.now())
    (open_, open_track), (shut, shut_track), _ = made
    Shop.objects.update(featured_release=shut)
    HeardTogether.objects.create(recording=open_track, other=shut_track, listeners=9, closeness=1.0)
    for row, it in made:
        index_release(row)
        index_recording(it)
    listener = listeners.find_or_make(account=member, session=None)
    now = timezone.now()
    for row, it in made:
        keep(listener=listener, kind=Kept.RECORDING, gid=it.gid, now=now)
        keep(listener=listener, kind=Kept.RELEASE, gid=row.gid, now=now)
    playlist = Playlist.objects.create(owner=listener, title="Shore", tracks=2)
    for place, (_, it) in enumerate(made):
        PlaylistItem.objects.create(
            playlist=playlist, recording=it, title=it.title, position=place, added_at=now
        )
    for number, (_, it) in enumerate(made):
        _played(listener, it, now + timedelta(seconds=number))
    return {
        "open": open_.gid,
        "shut": shut.gid,
        "open_track": open_track.gid,
        "shut_track": shut_track.gid,
        "artist": open_.credit.artists.get().artist.gid,
        "label": open_.label.gid,
        "playlist": playlist.gid,
        "listener": listener,
        "rows": made,
    }


def test_every_route_that_shows_music_has_a_row():
    """Of the pages and calls for listeners; a shop's studio shows its own, an office all that is here."""
    routes = {it.name for it in urlpatterns if not it.name.startswith(("studio", "office", "audit", "payee"))}
    assert set(PAGES) | FORMS == routes
    calls = {
        operation["operationId"]
        for path, methods in api.get_openapi_schema(path_prefix="")["paths"].items()
        for method, operation in methods.items()
        if method == "get" and not path.startswith(("/studio", "/office"))
    }
    assert set(CALLS) == calls


def _rows(table):
    return [name for name, row in table.items() if isinstance(row, tuple)]


@pytest.mark.parametrize("name", _rows(PAGES))
def test_pages(sea, signed_in, name):
    kind, *addresses = PAGES[name]
    _expect(kind, signed_in, [it.format(**sea) for it in addresses])


@pytest.mark.parametrize("name", _rows(CALLS))
def test_calls(sea, signed_in, name):
    kind, *addresses = CALLS[name]
    _expect(kind, signed_in, [f"/api/v1{it.format(**sea)}" for it in addresses])


def _expect(kind, client, addresses):
    for address in addresses:
        here, there = client.get(address), _where_it_is_offered(client, address)
        told, elsewhere = (it.content.decode(errors="replace") for it in (here, there))
        assert there.status_code == 200, (address, elsewhere[:500])
        assert here.status_code == (451 if kind == ELSEWHERE else 200), (address, told[:500])
        if kind == LISTS:  # where it is offered it stands there: else its row would prove nothing
            assert [it for it in SHUT_WORDS if it in told] == [], address
            assert [it for it in SHUT_WORDS if it in elsewhere], address
        elif kind == EMPTY:
            assert (here.json()["items"], len(there.json()["items"])) == ([], 1)
        elif kind == DIMMED:
            assert SHUT in told or SHUT_TRACK in told, address
            assert any(it in told for it in UNAVAILABLE), address
            assert not any(it in elsewhere for it in UNAVAILABLE), address
        elif kind == OWN:
            assert not any(it in told for it in UNAVAILABLE), address


def _where_it_is_offered(client, address):
    settings.LISTENING = replace(settings.LISTENING, territory="NL")
    try:
        return client.get(address)
    finally:
        settings.LISTENING = replace(settings.LISTENING, territory=HERE)


def test_what_was_found_and_cannot_be_shown_makes_room_for_what_can(sea, signed_in):
    for number in range(14):
        row = music.release(f"Zee {number}", by="Dune", tracks=())
        set_availability(release=row, where=Where.ONLY, territories=["NL"])
        index_release(row)
    shown = music.release("Zee last", by="Dune", tracks=())
    index_release(shown)
    found = signed_in.get("/api/v1/search?q=zee&limit=3").json()["releases"]
    assert [it["title"] for it in found] == ["Zee last"]


def test_what_is_owned_is_shown_and_opened_wherever_its_owner_is(sea, signed_in, member):
    _, track = sea["rows"][1]
    Owned.objects.create(account=member, release=sea["rows"][1][0], how=Owned.How.FREE, since=timezone.now())
    assert "Not available where you are" not in signed_in.get(f"/recording/{track.gid}").content.decode()
    assert signed_in.get(f"/recording/{track.gid}").status_code == 200
    assert signed_in.get(f"/api/v1/recordings/some?gid={track.gid}").json()["items"][0]["available"]
    assert Client().get(f"/recording/{track.gid}").status_code == 451


def test_what_is_free_elsewhere_cannot_be_kept_here(sea, signed_in, member):
    shut = sea["rows"][1][0]
    offer = Offer.objects.get(release=shut)
    with pytest.raises(NotOfferedHere):
        keep_free(account=member, offer=offer.gid, here=HERE, now=timezone.now())
    page = signed_in.post(f"/offer/{offer.gid}/keep", follow=True)
    assert page.status_code == 451
    assert not Owned.objects.exists()


def test_only_what_is_the_same_everywhere_is_kept_for_everybody(sea, guest):
    def kept(gid):
        asked = f"/oembed?url=http://testserver/release/{gid}"
        return _where_it_is_offered(guest, asked)["Cache-Control"]

    assert kept(sea["open"]) == "public, max-age=3600"
    assert kept(sea["shut"]) == "private, max-age=3600"
    feed = guest.get("/@tide/feed")["Cache-Control"]
    assert "private" in feed
    assert "no-cache" in feed
    etags = {where: _of(guest, where)["ETag"] for where in (HERE, "NL")}
    assert etags[HERE] != etags["NL"]


def _of(client, where):
    if where == HERE:
        return client.get("/api/v1/releases")
    return _where_it_is_offered(client, "/api/v1/releases")


def test_a_list_asks_as_often_wherever_its_reader_is(sea, guest):
    """Nothing is asked for each row."""
    counted = []
    for where in (HERE, ""):
        settings.LISTENING = replace(settings.LISTENING, territory=where)
        with CaptureQueriesContext(connection) as asked:
            guest.get("/api/v1/recordings")
        counted.append(len(asked))
    assert counted[0] == counted[1]


@pytest.fixture
def soon(sea, settings):
    """The same, where what is not offered here is offered nowhere yet: previews of it are heard before it appears."""
    settings.LISTENING = replace(settings.LISTENING, territory="NL")
    now = timezone.now()
    shop = Shop.objects.get(handle="tide")
    for row, track in sea["rows"][1:]:
        remove_recordings(recordings=[track], now=now)
        Piece.objects.filter(release=row).delete()
        Play.objects.filter(recording=track).update(qualified=False)  # nobody heard more than a preview
        row.refresh_from_db()
        open_early(release=row, shop=shop.gid, until=now + timedelta(days=9), zone="UTC", now=now)
    indexing.forget(ARTIST, Artist.objects.filter(name="Dijkgraaf").values_list("gid", flat=True))
    return sea


SHOWN_EARLY = {"shop", "get_shop"}
"""Where its shop says what comes soon."""


@pytest.mark.parametrize("name", [it for it in _rows(PAGES) if PAGES[it][0] in {LISTS, EMPTY}])
def test_pages_have_nothing_of_what_is_heard_early(soon, signed_in, name):
    _nowhere(signed_in, name, [it.format(**soon) for it in PAGES[name][1:]])


@pytest.mark.parametrize("name", [it for it in _rows(CALLS) if CALLS[it][0] in {LISTS, EMPTY}])
def test_calls_have_nothing_of_what_is_heard_early(soon, signed_in, name):
    _nowhere(signed_in, name, [f"/api/v1{it.format(**soon)}" for it in CALLS[name][1:]])


def _nowhere(client, name, addresses):
    for address in addresses:
        answered = client.get(address)
        told = TOKENS.sub("", answered.content.decode(errors="replace"))
        assert answered.status_code == 200, address
        named = [it for it in SHUT_WORDS if it in told]
        assert bool(named) is (name in SHOWN_EARLY), (address, named)
