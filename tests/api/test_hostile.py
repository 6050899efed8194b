"""Whatever is written into names and however long a list is: answers are JSON, whole, and cost no more."""

import music
import pytest
from api_client import Api
from hostile import HOSTILE, made_of

from alpheus.catalogue import indexing
from alpheus.listening.library import indexing as library_indexing
from alpheus.listening.library.keys import spread
from alpheus.listening.library.models import Playlist, PlaylistItem
from alpheus.listening.library.rules import ITEMS_MAX
from alpheus.listening.models import Device, Listener, PlaybackSession, QueueEntry
from alpheus.listening.places import GAP, entry_gids
from alpheus.listening.queue import QUEUE_MAX
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db

SEED = "0123456789abcdef01234567"


@pytest.fixture
def account(db):
    return Account.objects.create_user("wren@example.com", name="Wren")


@pytest.fixture
def wren(account):
    return Api(account=account)


@pytest.fixture
def listener(account):
    return Listener.objects.create(account=account)


def texts(value):
    """Every text in an answer."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(one)


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_name_comes_back_as_it_was_written(wren, listener, account, kind):
    text = HOSTILE[kind]
    release, recording, artist, label, genre = made_of(text)
    Account.objects.filter(pk=account.pk).update(name=text[:120])
    Device.objects.create(listener=listener, name=text[:60])
    playlist = Playlist.objects.create(
        owner=listener, title=text[:300], sort_title="x", description=text, visibility="public", tracks=1
    )
    PlaylistItem.objects.create(playlist=playlist, position="a0", recording=recording, added_by=listener)
    PlaylistItem.objects.create(playlist=playlist, position="a1", title=text, artist=text, album=text)
    indexing.rebuild()
    library_indexing.rebuild()
    for path, holds in {
        f"/recordings/{recording.gid}": text,
        f"/recordings/{recording.gid}/lyrics": text,
        f"/recordings/{recording.gid}/versions": None,
        "/recordings?sort=title": text,
        f"/releases/{release.gid}": text,
        "/releases?sort=title": text,
        f"/artists/{artist.gid}": text,
        "/artists": text,
        f"/artists/{artist.gid}/similar": None,
        f"/artists/{artist.gid}/most": None,
        f"/labels/{label.gid}": text,
        "/labels": text,
        "/genres?sort=name": genre.name,
        f"/radio/artist/{artist.gid}": text,
        f"/radio/genre/{genre.slug}": text,
        f"/playlists/{playlist.gid}": text[:300],
        f"/playlists/{playlist.gid}/items": text,
        "/playlists?sort=title": text[:300],
        "/devices": text[:60],
        "/me": text[:120],
    }.items():
        answer = wren.get(path)
        assert answer.status_code == 200, (path, answer.content)
        assert answer["Content-Type"].startswith("application/json"), path
        assert answer["X-Content-Type-Options"] == "nosniff", path
        assert holds is None or holds in set(texts(answer.json())), path
    searched = wren.call(
        "GET", "/search?limit=50&q=" + "".join(f"%{byte:02x}" for byte in text[:60].encode())
    )
    assert searched.status_code == 200
    assert searched.json().keys() >= {"artists", "playlists"}


def test_a_playlist_of_ten_thousand_is_read_in_windows_at_the_same_cost(
    wren, listener, django_assert_max_num_queries
):
    recordings = [music.recording(f"T{number}") for number in range(4)]
    playlist = Playlist.objects.create(owner=listener, title="Long", sort_title="long", tracks=ITEMS_MAX)
    PlaylistItem.objects.bulk_create(
        PlaylistItem(playlist=playlist, position=position, recording=recordings[place % 4], added_by=listener)
        for place, position in enumerate(spread(None, None, ITEMS_MAX))
    )
    cursor, seen, windows = "", [], 0
    while cursor is not None:
        with django_assert_max_num_queries(20):
            page = wren.get(f"/playlists/{playlist.gid}/items?limit=100&cursor={cursor}").json()
        seen += [it["number"] for it in page["items"]]
        windows += 1
        cursor = page["next"] if windows < 5 else None
    assert seen == list(range(1, 501))
    queue = wren.get(f"/playlists/{playlist.gid}/queue").json()["queue"]
    assert len(queue) == QUEUE_MAX
    full = wren.post(f"/playlists/{playlist.gid}/items", {"recordings": [str(recordings[0].gid)]})
    assert (full.status_code, full.json()["code"]) == (409, "too_much_kept")
    last = PlaylistItem.objects.order_by("-position").first()
    with django_assert_max_num_queries(40):
        moved = wren.post(f"/playlists/{playlist.gid}/items/{last.gid}/move", {"after": None})
    assert moved.status_code == 200
    assert wren.get(f"/playlists/{playlist.gid}/items?limit=1").json()["items"][0]["gid"] == str(last.gid)
    text = wren.get(f"/playlists/{playlist.gid}/export?form=m3u8").content.decode()
    assert text.count("#EXTINF") == ITEMS_MAX


def test_a_queue_of_ten_thousand_is_told_in_windows_and_edited_by_name(
    wren, listener, django_assert_max_num_queries
):
    recording = music.recording("Ebb")
    gids = entry_gids(SEED, QUEUE_MAX)
    session = PlaybackSession.objects.create(listener=listener, entry=gids[5_000])
    QueueEntry.objects.bulk_create(
        QueueEntry(session=session, gid=gid, recording=recording.gid, rank=place * GAP, given=place * GAP)
        for place, gid in enumerate(gids, start=1)
    )
    with django_assert_max_num_queries(25):
        told = wren.get("/session").json()
    assert (told["length"], told["index"]) == (QUEUE_MAX, 5_000)
    assert len(told["entries"]) < 200
    with django_assert_max_num_queries(15):
        end = wren.get(f"/session/entries?offset={QUEUE_MAX - 3}&limit=500").json()
    assert [it["id"] for it in end["entries"]] == [gid.hex for gid in gids[-3:]]
    ops = [{"op": "move", "entry": gids[-1].hex, "after": None, "before": gids[0].hex}]
    with django_assert_max_num_queries(40):
        assert wren.post("/session/ops", {"ops": ops}).status_code == 200
    assert wren.get("/session/entries?limit=1").json()["entries"][0]["id"] == gids[-1].hex
    ops = [{"op": "insert", "seed": "f" * 24, "recordings": [str(recording.gid)]}]
    full = wren.post("/session/ops", {"ops": ops})
    assert (full.status_code, full.json()["code"]) == (409, "queue_full")
