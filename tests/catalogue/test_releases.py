from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alpheus.catalogue import indexing, lists, queries
from alpheus.catalogue.credits import Credited, parse_credit
from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.facts import ArtistFacts, Place, RecordingFacts, ReleaseFacts
from alpheus.catalogue.lists import Filter
from alpheus.catalogue.models import (
    ArtistCredit,
    Asset,
    Cover,
    Genre,
    Medium,
    Recording,
    Release,
    Rendition,
    Work,
)
from alpheus.catalogue.place_track import lift_tracks, place_track, settle_release
from alpheus.catalogue.register_recording import register_recording
from alpheus.catalogue.register_release import register_release
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.catalogue.rules import recording_state, release_type
from alpheus.parties.models import Artist
from alpheus.search import find
from alpheus.search.models import Document
from alpheus.values.cursor import Page
from alpheus.values.dates import PartialDate
from alpheus.values.errors import CursorInvalid

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def credit(text):
    return parse_credit(text)


def release(title, artist="A", *, now=NOW, **more):
    return register_release(facts=ReleaseFacts(title, credit(artist), **more), now=now)


def recording(title, artist="A", *, duration_ms=200_000, **more):
    asset = Asset.objects.create(
        key=uuid4().hex, source_sha256="", state="ready", rate_hz=44100, samples=44100
    )
    Rendition.objects.create(asset=asset, name="aac-128", stored_bytes=1)
    facts = RecordingFacts(title, credit(artist), duration_ms=duration_ms, **more)
    return register_recording(facts=facts, asset=asset, now=NOW)


def put(on, title, artist="A", *, disc=1, position=1, **more):
    made = recording(title, artist, **more)
    place_track(release=on, recording=made, place=Place(disc, position), title=title, credit=credit(artist))
    return made


def listed(gid):
    return [
        (medium.position, track.position, track.title)
        for medium in queries.release_detail(gid).media.all()
        for track in medium.tracks.all()
    ]


@pytest.mark.parametrize(
    ("durations_s", "expected"),
    [
        ([200], "single"),
        ([200, 210, 220], "single"),
        ([650], "ep"),
        ([200] * 4, "ep"),
        ([299] * 6, "ep"),
        ([300] * 6, "album"),
        ([100] * 7, "album"),
        ([1900], "album"),
        ([], "single"),
    ],
)
def test_a_releases_type_follows_from_its_tracks(durations_s, expected):
    assert release_type([1000 * seconds for seconds in durations_s]) == expected


@pytest.mark.parametrize(
    ("asset", "renditions", "removed", "expected"),
    [
        ("ready", 1, False, "ready"),
        ("working", 0, False, "working"),
        ("working", 1, False, "ready"),
        ("refused", 0, False, "refused"),
        (None, 0, False, "waiting"),
        ("ready", 0, False, "waiting"),
        ("ready", 4, True, "refused"),
    ],
)
def test_a_recordings_state(asset, renditions, removed, expected):
    assert recording_state(asset, renditions=renditions, removed=removed) == expected


@pytest.mark.django_db
class TestRegistering:
    def test_a_release_is_written_down(self):
        made = release(
            "The Album",
            "A feat. B",
            date=PartialDate(2003, 7),
            genres=("Hip-Hop", "Rock"),
            label=" L ",
            compilation=True,
        )
        made.refresh_from_db()
        assert (made.sort_title, made.year, made.month, made.day) == ("album, the", 2003, 7, None)
        assert (made.credit.name, made.label_name, made.type) == ("A feat. B", "L", "album")
        assert {genre.slug for genre in made.genres.all()} == {"hip-hop", "rock"}
        assert not made.genres.filter(spoken=True).exists()
        read = release("Read aloud", genres=("Audiobook", "Novel"))
        assert [genre.name for genre in read.genres.filter(spoken=True)] == ["audiobook"]

    def test_registering_again_changes_it_in_place(self):
        made = release("Old", genres=("Rock",))
        again = register_release(facts=ReleaseFacts("New", credit("B")), release=made, now=NOW)
        assert (again.gid, Release.objects.count(), again.genres.count()) == (made.gid, 1, 0)
        assert find.search("old", ["release"], 5).gids["release"] == []

    def test_equal_credits_are_one_row(self):
        one, two, other = release("X", "A & B"), release("Y", "A & B"), release("Z", "A")
        assert one.credit == two.credit != other.credit
        assert ArtistCredit.objects.count() == 2

    def test_what_a_source_knows_of_artists_is_kept(self):
        mbid = uuid4()
        about = ArtistFacts(sort_names=(("Miles Davis", "Davis, Miles"),), mbids=(("Miles Davis", mbid),))
        register_release(facts=ReleaseFacts("X", (Credited("Miles Davis"),)), about=about, now=NOW)
        artist = Artist.objects.get()
        assert (artist.mbid, artist.sort_name) == (mbid, "davis miles")

    def test_a_recording_has_works_roles_and_lyrics(self):
        made = recording(
            "夜",
            iswc="T0345246801",
            roles=(("Composer", "C"), ("composer", "C"), ("drums", "D")),
            lyrics="[00:01.00]la",
        )
        assert Work.objects.get().recordings.get() == made
        assert [(row.role, row.artist.name) for row in made.roles.all()] == [
            ("composer", "C"),
            ("drums", "D"),
        ]
        assert made.lyrics.form == "lrc"
        register_recording(facts=RecordingFacts("夜", credit("A")), asset=made.asset, recording=made, now=NOW)
        made = Recording.objects.get()
        assert (made.roles.count(), hasattr(made, "lyrics")) == (0, False)

    def test_lyrics_that_are_none_are_left_out(self):
        assert not hasattr(recording("X", lyrics="[ti:only]"), "lyrics")

    def test_nobody_credited_is_unknown(self):
        assert register_release(facts=ReleaseFacts("X", ()), now=NOW).credit.name == "[unknown]"


@pytest.mark.django_db
class TestPlacing:
    def test_a_taken_place_is_not_given_twice(self):
        made = release("X")
        for title in ("a", "b", "c"):
            put(made, title, position=1)
        put(made, "d", disc=2, position=1)
        assert listed(made.gid) == [(1, 1, "a"), (1, 2, "b"), (1, 3, "c"), (2, 1, "d")]

    def test_a_recording_moves_rather_than_standing_twice(self):
        made = release("X")
        moved = put(made, "a", position=1)
        place_track(release=made, recording=moved, place=Place(2, 5), title="a", credit=credit("A"))
        assert listed(made.gid) == [(2, 5, "a")]
        assert Medium.objects.count() == 1

    def test_settling_tells_type_and_loudness(self):
        made = release("X")
        put(made, "a")
        settle_release(release=made, loudness=(-9.5, -0.1), now=NOW)
        made.refresh_from_db()
        assert (made.type, made.loudness_lufs, made.true_peak_dbtp) == ("single", -9.5, -0.1)

    def test_a_release_without_anything_to_hear_goes_from_view(self):
        made = release("X")
        only = put(made, "a")
        remove_recordings(recordings=[only], now=NOW)
        made.refresh_from_db()
        only.refresh_from_db()
        assert made.removed_at == only.removed_at == NOW
        assert find.search("x", ["release"], 5).gids["release"] == []
        with pytest.raises(NotInCatalogue):
            queries.release_detail(made.gid)
        with pytest.raises(NotInCatalogue):
            queries.recording_detail(only.gid)
        assert queries.recordings_of([only.gid]) == [only]

    def test_lifting_leaves_the_others(self):
        made = release("X")
        lifted, kept = put(made, "a"), put(made, "b", position=2)
        lift_tracks(recording=lifted, release=made, now=NOW)
        assert listed(made.gid) == [(1, 2, "b")]
        assert kept.tracks.count() == 1


@pytest.mark.django_db
class TestLists:
    def walk(self, ask, **more):
        rows, cursor = [], None
        while True:
            page = ask(cursor=cursor, size=3, **more)
            rows += page.rows
            cursor = page.next
            if cursor is None:
                return rows

    def test_newest_first_even_when_all_came_at_once(self):
        made = [release(f"R{number}", now=NOW + timedelta(seconds=number // 4)) for number in range(10)]
        assert self.walk(lists.releases) == made[::-1]

    def test_by_title_across_scripts(self):
        for title in ("夜", "Zebra", "The Apple", "Ápice", "apple"):
            release(title)
        assert [row.title for row in self.walk(lists.releases, sort="title")] == [
            "Ápice",
            "apple",
            "The Apple",
            "夜",
            "Zebra",
        ]

    def test_what_arrives_meanwhile_shifts_nothing(self):
        for number in range(6):
            release(f"R{number}", now=NOW + timedelta(seconds=number))
        page = lists.releases(size=3)
        release("new", now=NOW + timedelta(seconds=99))
        following = lists.releases(size=3, cursor=page.next)
        assert [row.title for row in [*page.rows, *following.rows]] == ["R5", "R4", "R3", "R2", "R1", "R0"]

    def test_a_list_can_be_narrowed(self):
        single = release("S", type="single", genres=("Rock",), date=PartialDate(2001), label="L")
        release("T", type="album")
        featured = put(single, "x", "A feat. Guest")
        guest = featured.credit.artists.last().artist.gid
        for only in (
            Filter(type="single"),
            Filter(genre="rock"),
            Filter(year=2001),
            Filter(label=single.label.gid),
            Filter(appears=guest),
        ):
            assert lists.releases(only=only).rows == [single]
        own = single.credit.artists.get().artist.gid
        assert {row.title for row in lists.releases(only=Filter(artist=own)).rows} == {"S", "T"}
        assert lists.releases(only=Filter(appears=own)).rows == [], "who has a release does not appear on it"

    def test_by_date_what_has_none_comes_last(self):
        for title, date in (("old", PartialDate(1998)), ("none", None), ("new", PartialDate(2020, 5, 1)),
                            ("year", PartialDate(2020)), ("month", PartialDate(2020, 6))):  # fmt: skip
            release(title, date=date)
        assert [row.title for row in self.walk(lists.releases, sort="date")] == [
            "month", "new", "year", "old", "none",
        ]  # fmt: skip

    def test_labels_are_one_however_written(self):
        for title, label in (("a", "Saltmarsh"), ("b", "SALTMARSH "), ("c", "Tide Records"), ("d", "")):
            release(title, label=label)
        assert [(row.name, row.uses) for row in self.walk(lists.labels)] == [
            ("Saltmarsh", 2),
            ("Tide Records", 1),
        ]

    def test_genres_of_most_releases_first_and_years(self):
        for number in range(3):
            release(
                f"R{number}",
                genres=("Ambient", *(["Jazz"] if number else [])),
                date=PartialDate(2001 + number),
            )
        assert [(row.name, row.uses) for row in self.walk(lists.genres)] == [("ambient", 3), ("jazz", 2)]
        assert [row.name for row in self.walk(lists.genres, sort="name")] == ["ambient", "jazz"]
        assert [(row.year, row.uses) for row in lists.years(size=2).rows] == [(2003, 1), (2002, 1)]
        assert [row.year for row in self.walk(lists.years)] == [2003, 2002, 2001]

    def test_recordings_by_title_and_without_explicit_ones(self):
        made = [recording(title, explicit=title == "B") for title in ("The C", "A", "B")]
        assert [row.title for row in self.walk(lists.recordings, sort="title")] == ["A", "B", "The C"]
        assert made[2] not in lists.recordings(explicit=False).rows
        assert made[0] in lists.recordings(artist=made[0].credit.artists.get().artist.gid).rows

    def test_another_lists_cursor_is_refused(self):
        for number in range(4):
            release(f"R{number}")
        cursor = lists.releases(size=2).next
        with pytest.raises(CursorInvalid):
            lists.releases(sort="title", cursor=cursor)

    def test_artists_with_something_to_hear_by_name(self):
        for name in ("周杰倫", "Beyoncé", "The Avalanches"):
            recording("x", name)
        release("silent", "Nobody")
        assert [row.name for row in self.walk(lists.artists)] == [
            "The Avalanches",
            "Beyoncé",
            "周杰倫",
        ]

    def test_recordings_newest_first(self):
        made = [recording(f"R{number}") for number in range(5)]
        assert self.walk(lists.recordings) == made[::-1]

    def test_a_release_is_read_in_the_same_few_queries_however_long(self):
        counts = []
        for length in (2, 20):
            made = release(f"R{length}")
            for number in range(length):
                put(
                    made, f"t{number}", f"A{number} feat. B{number}", disc=1 + number % 2, position=number + 1
                )
            with CaptureQueriesContext(
                connection,
            ) as asked:
                for medium in queries.release_detail(made.gid).media.all():
                    for track in medium.tracks.all():
                        names = [each.artist.name for each in track.credit.artists.all()]
                        assert names
                        assert [row.name for row in track.recording.asset.renditions.all()] == ["aac-128"]
                        assert track.has_lyrics is False
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 12

    def test_an_artists_page(self):
        album = release("Album", "A", type="album", date=PartialDate(2001))
        newer = release("Newer", "A feat. C", type="album", date=PartialDate(2005))
        single = release("Single", "A", type="single")
        other = release("Other", "B")
        put(album, "x")
        put(other, "y", "B feat. A")
        detail = queries.artist_detail(Artist.objects.get(name="A").gid)
        assert detail.discography == {"album": [newer, album], "single": [single]}
        assert detail.appears_on == [other]
        assert detail.recordings == 2
        with pytest.raises(NotInCatalogue):
            queries.artist_detail(uuid4())

    def test_a_queue_is_read_in_its_order(self):
        made = [recording(f"R{number}") for number in range(3)]
        gids = [made[2].gid, uuid4(), made[0].gid, made[2].gid]
        assert queries.recordings_of(gids) == [made[2], made[0], made[2]]

    def test_what_is_offered_is_counted(self):
        put(release("X"), "a")
        gone = put(release("Y"), "b")
        remove_recordings(recordings=[gone], now=NOW)
        told = queries.offered()
        assert (told.releases, told.recordings) == (1, 1)


@pytest.mark.django_db
def test_the_index_can_be_built_anew():
    made = release("Night", "周杰倫")
    put(made, "Day")
    Document.objects.filter(kind="recording").delete()
    assert indexing.rebuild() == 4
    assert find.search("zjl", ["release"], 5).gids["release"] == [made.gid]
    assert len(find.search("day", ["recording"], 5).gids["recording"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken",
    [
        lambda: Cover.objects.create(digest="x", hue=10, chroma=0.2, placeholder=""),
        lambda: Cover.objects.create(digest="x", hue=360, chroma=0.05, placeholder=""),
        lambda: Release.objects.filter(title="X").update(month=3, year=None),
        lambda: Release.objects.filter(title="X").update(year=2000, month=13),
        lambda: Release.objects.filter(title="X").update(year=2000, day=3, month=None),
        lambda: Genre.objects.create(slug="rock", name="other"),
        lambda: Rendition.objects.bulk_create(
            [Rendition(asset=Asset.objects.get(), name="aac-128", stored_bytes=1)]
        ),
    ],
)
def test_the_database_refuses_what_must_never_be(broken):
    put(release("X", genres=("Rock",)), "a")
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


@pytest.mark.django_db
def test_a_work_is_known_by_either_identifier_and_keeps_who_wrote_it():
    mbid = uuid4()
    roles = (("Composer", "Ana"), ("drums", "Ben"))
    first = recording("Suite (live)", work_mbid=mbid, work_title="Suite", roles=roles)
    second = recording("Suite", work_mbid=mbid, iswc="T0345246801")
    third = recording("Suite, slower", iswc="T0345246801", roles=(("lyricist", "Cleo"),))
    work = Work.objects.get()
    assert (work.title, work.iswc, work.mbid) == ("Suite", "T0345246801", mbid)
    assert {one.works.get() for one in (first, second, third)} == {work}
    assert [(credit.role, credit.artist.name) for credit in work.roles.order_by("role")] == [
        ("composer", "Ana"),
        ("lyricist", "Cleo"),
    ]
    assert lists.versions(first).rows == [second, third]
    page = lists.versions(first, size=1)
    assert page.rows == [second]
    assert lists.versions(first, size=1, cursor=page.next) == Page([third], None)
    with pytest.raises(CursorInvalid):
        lists.versions(second, cursor=page.next)
