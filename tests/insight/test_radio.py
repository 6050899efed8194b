"""Radio and similar artists over rows as the catalogue keeps them, and plays as folding writes them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import music
import pytest
from applying import account
from django.utils import translation
from opened_shop import opened

from alpheus.catalogue.models import CreditedArtist, Genre, Recording, RecordingCredit
from alpheus.insight.count_together import count_together
from alpheus.insight.errors import SeedUnknown
from alpheus.insight.made_for import made_for
from alpheus.insight.models import HeardTogether
from alpheus.insight.radio import make_radio
from alpheus.insight.rules import ENOUGH, Reason
from alpheus.insight.similar_artists import similar_artists
from alpheus.insight.why import artist_sentence, sentence
from alpheus.listening.library.keys import spread
from alpheus.listening.library.models import Playlist, PlaylistItem
from alpheus.listening.models import Grant, Listener, Play
from alpheus.parties.know_label import know_label
from alpheus.parties.models import StaffRole
from alpheus.shops.models import Shop
from alpheus.values.errors import CursorInvalid

UNKNOWN = "49934fb4-7390-48fe-a14c-9c2cdd940b87"
"""Names nothing. Drawn once: every worker of a run must collect the same tests."""

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def genre(name):
    return Genre.objects.get_or_create(slug=name, defaults={"name": name})[0]


def release(title, *, by, genres=(), tracks=None, **given):
    made = music.release(title, by=by, tracks=tracks or (f"{title} 1", f"{title} 2"), **given)
    made.genres.set([genre(name) for name in genres])
    return made


def recordings(made):
    return [track.recording for track in made.media.get().tracks.order_by("position")]


def play(listener, recording, *, at=NOW, qualified=True):
    grant = Grant.objects.create(
        stream=uuid4(), edge="e", gate=uuid4(), listener=listener, recording=recording,
        window_start=0, window_end=1, expires_at=at,
    )  # fmt: skip
    return Play.objects.create(
        listener=listener, recording=recording, grant=grant, stream=grant.stream, ordinal=0,
        started_at=at, heard_ms=40_000, qualified=qualified,
    )  # fmt: skip


def heard_together(pairs, *, listeners=3):
    for _ in range(listeners):
        listener = Listener.objects.create()
        for place, recording in enumerate(pairs):
            play(listener, recording, at=NOW - timedelta(minutes=4 * place))


class TestCounting:
    def test_what_three_heard_in_one_sitting_is_together(self):
        a, b, c = (music.recording(title) for title in "ABC")
        heard_together([a, b])
        heard_together([a, c], listeners=2)
        assert count_together(now=NOW) == 3
        assert [(row.recording, row.other, row.listeners) for row in HeardTogether.objects.order_by("pk")] == [
            (a, b, 3), (b, a, 3),
        ] or set(HeardTogether.objects.values_list("recording", "other")) == {(a.pk, b.pk), (b.pk, a.pk)}  # fmt: skip

    def test_one_fan_counts_once_and_another_day_is_another_sitting(self):
        a, b, c = (music.recording(title) for title in "ABC")
        fan = Listener.objects.create()
        for number in range(9):
            play(fan, a, at=NOW - timedelta(minutes=number))
            play(fan, b, at=NOW - timedelta(minutes=number))
        for _ in range(4):
            other = Listener.objects.create()
            play(other, a, at=NOW)
            play(other, c, at=NOW - timedelta(hours=5))
        count_together(now=NOW)
        assert not HeardTogether.objects.exists()

    def test_what_did_not_qualify_does_not_count(self):
        a, b = music.recording("A"), music.recording("B")
        for _ in range(4):
            listener = Listener.objects.create()
            play(listener, a)
            play(listener, b, qualified=False)
        count_together(now=NOW)
        assert not HeardTogether.objects.exists()

    def test_it_is_not_counted_again_at_once_and_anew_later(self):
        a, b = music.recording("A"), music.recording("B")
        heard_together([a, b])
        assert count_together(now=NOW) == 2
        assert count_together(now=NOW + timedelta(minutes=10)) == 0
        heard_together([a, b], listeners=2)
        assert count_together(now=NOW + timedelta(hours=7)) == 2
        assert HeardTogether.objects.get(recording=a).listeners == 5


@pytest.fixture
def shelf():
    """A label's two releases, and one elsewhere of the same genre."""
    label = know_label(name="Saltmarsh")
    own = [release(title, by="Tide", genres=("dub",), label=label) for title in ("Seed", "Second")]
    return label, own, release("Same", by="Silt", genres=("dub",))


class TestRadioFromMore:
    def test_a_label_goes_by_what_came_out_on_it(self, shelf):
        label, _, _ = shelf
        radio = make_radio(kind="label", key=str(label.gid))
        assert (radio.seed.name, radio.by) == ("Saltmarsh", "tags")
        told = {each.recording.title: each.why for each in radio.tuned}
        assert told["Second 1"] == Reason("artist", "Tide")
        assert told["Same 1"] == Reason("genre", "dub")

    def test_a_playlist_brings_what_is_not_in_it(self, shelf):
        _, (seed, _), _ = shelf
        owner, inside = Listener.objects.create(), recordings(seed)
        playlist = Playlist.objects.create(owner=owner, title="Rain", sort_title="rain")
        for key, row in zip(spread(None, None, 2), inside, strict=True):
            PlaylistItem.objects.create(playlist=playlist, position=key, recording=row)
        given = {"kind": "playlist", "key": str(playlist.gid)}
        titles = {each.recording.title for each in make_radio(**given, listener=owner).tuned}
        assert titles == {"Second 1", "Second 2", "Same 1", "Same 2"}
        for stranger in (None, Listener.objects.create()):
            with pytest.raises(SeedUnknown):
                make_radio(**given, listener=stranger)
        Playlist.objects.update(visibility="public")
        assert make_radio(**given).tuned
        PlaylistItem.objects.update(removed_at=NOW)
        assert make_radio(**given).tuned == []

    def test_a_playlists_listeners_speak_for_what_they_heard_too(self, shelf):
        _, (seed, _), _ = shelf
        owner, row, other = Listener.objects.create(), recordings(seed)[0], music.recording("Far", by="Far")
        playlist = Playlist.objects.create(owner=owner, title="Rain", sort_title="rain")
        PlaylistItem.objects.create(playlist=playlist, position="a", recording=row)
        heard_together([row, other])
        count_together(now=NOW)
        radio = make_radio(kind="playlist", key=str(playlist.gid), listener=owner)
        told = {each.recording.title: each.why for each in radio.tuned}
        assert told["Far"] == Reason("listeners", "Seed 1")

    def test_a_shop_goes_by_what_stands_in_it_while_it_is_open(self):
        shop = opened(account("tide"), account("owl", StaffRole.Role.AUDITOR))
        row = shop.pieces.get().recording
        by = row.credit.artists.get().artist.name
        release("More", by=by)
        radio = make_radio(kind="shop", key="tide")
        assert radio.seed.name == shop.name
        assert {"More 1", "More 2"} <= {each.recording.title for each in radio.tuned}
        Shop.objects.update(state="closed")
        with pytest.raises(SeedUnknown):
            make_radio(kind="shop", key="tide")

    @pytest.mark.parametrize("kind", ["label", "shop", "playlist"])
    @pytest.mark.parametrize("key", [UNKNOWN, "nothing", "", "\0"])
    def test_what_is_not_there_is_said(self, kind, key):
        with pytest.raises(SeedUnknown):
            make_radio(kind=kind, key=key)


class TestRadio:
    def test_without_listeners_it_goes_by_tags_and_says_so(self):
        seed = release("Seed", by="Tide", genres=("dub",), year=2001)
        same = release("Same", by="Silt", genres=("dub",), year=2002)
        release("Other", by="Loud", genres=("metal",), year=1970)
        radio = make_radio(kind="recording", key=str(recordings(seed)[0].gid))
        assert radio.by == "tags"
        assert radio.tuned[0].recording == recordings(seed)[0]
        assert radio.tuned[0].why.kind == "seed"
        told = {each.recording.title: each.why for each in radio.tuned}
        assert told["Seed 2"] == Reason("artist", "Tide")
        assert told["Same 1"] == Reason("genre", "dub")
        assert not {"Other 1", "Other 2"} & told.keys()
        assert same.title

    def test_people_and_time_speak_where_no_genre_does(self):
        seed, by_drummer = release("Seed", by="Tide", year=2001), release("Drums", by="Silt", year=1950)
        near = release("Near", by="Near", year=2002)
        drummer = CreditedArtist.objects.create(
            credit=music.credit("Ben"),
            artist=music.credit("Ben").artists.get().artist,
            position=1,
            name="Ben",
        ).artist
        for row in (recordings(seed)[0], recordings(by_drummer)[0]):
            RecordingCredit.objects.create(recording=row, artist=drummer, role="drums")
        radio = make_radio(kind="release", key=str(seed.gid))
        told = {each.recording.title: each.why for each in radio.tuned}
        assert told["Drums 1"] == Reason("credit", "Ben", "drums")
        assert told["Near 1"] == Reason("era", "1999–2003")
        assert near.title

    def test_with_listeners_enough_it_goes_by_them(self):
        seed = release("Seed", by="Tide", genres=("dub",), tracks=("S",))
        others = [music.recording(f"O{number}", by=f"A{number}") for number in range(ENOUGH + 2)]
        heard_together([recordings(seed)[0], *others])
        count_together(now=NOW)
        radio = make_radio(kind="recording", key=str(recordings(seed)[0].gid), size=10)
        assert radio.by == "listeners"
        why = [each.why for each in radio.tuned[1:]]
        assert why.count(Reason("listeners", "S")) >= 7
        with translation.override("en"):
            assert sentence(why[0]) == "Because listeners of S also played it"

    def test_what_is_not_ready_removed_or_hidden_is_left_out(self):
        seed = release("Seed", by="Tide", genres=("dub",))
        other = release("Same", by="Silt", genres=("dub",), tracks=("waits", "gone", "rude", "good"))
        waits, gone, rude, _ = recordings(other)
        waits.asset.renditions.all().delete()
        Recording.objects.filter(pk=gone.pk).update(removed_at=NOW)
        Recording.objects.filter(pk=rude.pk).update(explicit=True)

        def titles(**given):
            radio = make_radio(kind="artist", key=str(seed.credit.artists.get().artist.gid), **given)
            return {each.recording.title for each in radio.tuned}

        assert titles() == {"Seed 1", "Seed 2", "rude", "good"}
        assert titles(explicit=False) == {"Seed 1", "Seed 2", "good"}

    def test_a_genre_has_a_radio_and_a_number_makes_the_same_again(self):
        for number in range(12):
            release(f"R{number}", by=f"A{number}", genres=("dub",), year=2000 + number)
        first, again, other = (make_radio(kind="genre", key="dub", number=n, size=10) for n in (1, 1, 2))
        gids = [[each.recording.gid for each in radio.tuned] for radio in (first, again, other)]
        assert gids[0] == gids[1] != gids[2]
        assert len(gids[0]) == 10

    @pytest.mark.parametrize(
        ("kind", "key"),
        [
            ("recording", UNKNOWN),
            ("artist", "no gid"),
            ("genre", "none"),
            ("genre", "\0"),
            ("release", ""),
        ],
    )
    def test_from_nothing_comes_nothing(self, kind, key):
        with pytest.raises(SeedUnknown):
            make_radio(kind=kind, key=key)

    def test_it_takes_the_same_few_queries_however_much_there_is(self, django_assert_max_num_queries):
        for number in range(60):
            release(f"R{number}", by=f"A{number % 7}", genres=("dub", "ambient"), year=1990 + number % 30)
        artist = CreditedArtist.objects.filter(name="A1").first().artist
        for kind, key in (("genre", "dub"), ("artist", str(artist.gid))):
            with django_assert_max_num_queries(30):
                make_radio(kind=kind, key=key)
        with django_assert_max_num_queries(25):
            similar_artists(artist=artist.gid)


class TestSimilarArtists:
    def test_by_genre_then_by_listeners_never_themselves_nor_various(self):
        seed = release("Seed", by="Tide", genres=("dub",), tracks=("S",))
        release("Same", by="Silt", genres=("dub",))
        release("Mixed", by="Various Artists", genres=("dub",))
        artist = seed.credit.artists.get().artist
        (only,) = similar_artists(artist=artist.gid).rows
        assert (only.artist.name, only.why) == ("Silt", Reason("genre", "dub"))
        others = [music.recording(f"O{number}", by=f"A{number}") for number in range(ENOUGH)]
        heard_together([recordings(seed)[0], *others])
        count_together(now=NOW)
        found = similar_artists(artist=artist.gid, size=3).rows
        assert {each.why for each in found} == {Reason("listeners", "S")}
        assert "Tide" not in [each.artist.name for each in found]
        with translation.override("en"):
            assert artist_sentence(found[0].why) == "Because listeners of S also play them"

    def test_all_of_them_page_by_page(self):
        seed = release("Seed", by="Tide", genres=("dub",), tracks=("S",))
        for number in range(30):
            release(f"R{number}", by=f"A{number}", genres=("dub",) if number % 2 else ("dub", "ambient"))
        artist = seed.credit.artists.get().artist
        whole = similar_artists(artist=artist.gid, size=100)
        assert (len(whole.rows), whole.next) == (30, None)
        found, cursor = [], None
        while True:
            page = similar_artists(artist=artist.gid, cursor=cursor, size=7)
            found += page.rows
            cursor = page.next
            if cursor is None:
                break
        assert found == list(whole.rows)
        other = whole.rows[0].artist
        with pytest.raises(CursorInvalid):
            similar_artists(artist=other.gid, cursor=similar_artists(artist=artist.gid, size=7).next)


class TestMadeFor:
    def test_who_played_nothing_gets_genres_and_is_told(self):
        release("R", by="Tide", genres=("dub",))
        made = made_for(listener=None)
        assert (made.of, made.by) == ("nothing", "tags")
        assert [(each.kind, each.key) for each in made.stations] == [("genre", "dub")]

    def test_what_was_played_last_whom_and_which_genre(self):
        made = release("R", by="Tide", genres=("dub",))
        listener = Listener.objects.create()
        play(listener, recordings(made)[0], at=NOW - timedelta(hours=1))
        play(listener, recordings(made)[1])
        found = made_for(listener=listener)
        assert (found.of, found.by) == ("plays", "tags")
        assert [(each.kind, each.name) for each in found.stations] == [
            ("recording", "R 2"), ("artist", "Tide"), ("genre", "dub"),
        ]  # fmt: skip
