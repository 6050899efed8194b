from pathlib import Path

import pytest

from alpheus.audio.tags import Tags
from alpheus.catalogue.credits import credit_text
from alpheus.exchange.folder.plan import plan
from alpheus.exchange.folder.scan import Found
from alpheus.exchange.folder.work import Read


def read(path, cover="", lyrics="", **tags):
    listed = {
        name: (tags[name],) if isinstance(tags[name], str) else tags[name]
        for name in tags
        if name.endswith("artists")
    }
    return Read(Found(Path(path), 1, 1), Tags(**{**tags, **listed}), cover, lyrics)


def planned(*reads, known=()):
    return plan(reads, root_name="Music", known=lambda name: name in known)


def shape(release):
    """Title, credit, and each track as "disc.position title"."""
    return (
        release.facts.title,
        credit_text(release.facts.credit),
        [f"{track.place.disc}.{track.place.position} {track.title}" for track in release.tracks],
    )


def test_an_album_by_tags():
    (release,) = planned(
        read("x/b.flac", title="Two", artists="A", album="Album", album_artists="A", track=2, date="2003-07"),
        read(
            "x/a.flac",
            title="One",
            artists="A feat. B",
            album="Album",
            album_artists="A",
            track=1,
            date="2003-07",
        ),
    )
    assert shape(release) == ("Album", "A", ["1.1 One", "1.2 Two"])
    assert str(release.facts.date) == "2003-07"
    assert credit_text(release.tracks[0].credit) == "A feat. B"
    assert not release.facts.compilation


def test_discs_in_folders_tags_and_titles_are_one_release():
    (release,) = planned(
        read("A/B/CD1/01 One.flac", title="One", artists="A", album="B", track=1),
        read("A/B/CD2/01 Two.flac", title="Two", artists="A", album="B", track=1),
        read("A/B/03.flac", title="Three", artists="A", album="B (Disc 3)", track=1, disc_title="Extra"),
    )
    assert shape(release) == ("B", "A", ["1.1 One", "2.1 Two", "3.1 Three"])
    assert release.tracks[2].place.disc_title == "Extra"


def test_a_compilation_without_album_artists():
    (release,) = planned(
        read("x/1.mp3", title="One", artists="A", album="Hits", compilation=True, track=1),
        read("x/2.mp3", title="Two", artists="B", album="Hits", compilation=True, track=2),
    )
    assert shape(release) == ("Hits", "Various Artists", ["1.1 One", "1.2 Two"])
    assert release.facts.compilation


def test_guests_make_no_compilation():
    (release,) = planned(
        read("x/1.mp3", title="One", artists="A", album="Album"),
        read("x/2.mp3", title="Two", artists="A feat. B", album="Album"),
    )
    assert shape(release)[1] == "A"
    assert not release.facts.compilation


def test_albums_of_one_title_in_two_folders_stay_apart():
    releases = planned(
        read("x/1.mp3", title="One", artists="A", album="Greatest Hits"),
        read("y/1.mp3", title="One", artists="B", album="Greatest Hits"),
    )
    assert [shape(release)[1] for release in releases] == ["A", "B"]


def test_a_file_that_lacks_the_album_artist_joins_the_others():
    (release,) = planned(
        read("x/1.mp3", title="One", artists="A", album="Album", album_artists="A", track=1),
        read("x/2.mp3", title="Two", artists="A feat. B", album="Album", track=2),
    )
    assert len(release.tracks) == 2


def test_names_stand_in_for_missing_tags():
    (release,) = planned(read("Artist/Album (1999)/10 - Ten.flac"), read("Artist/Album (1999)/2 - Two.flac"))
    assert shape(release) == ("Album", "Artist", ["1.2 Two", "1.10 Ten"])
    assert str(release.facts.date) == "1999"


def test_loose_files_are_a_release_named_by_the_folder():
    (release,) = planned(read("A - One.mp3"), read("B - Two.mp3"), read("Three.mp3"))
    title, credit, tracks = shape(release)
    assert (title, credit) == ("Music", "Various Artists")
    assert tracks == ["1.1 One", "1.2 Two", "1.3 Three"]
    assert credit_text(release.tracks[2].credit) == "[unknown]"


def test_one_place_is_not_given_twice():
    (release,) = planned(
        *(
            read(f"x/{name}.mp3", title=name, artists="A", album="B", track=track)
            for name, track in [("a", 1), ("b", 1), ("c", None), ("d", 2)]
        )
    )
    assert [track.place.position for track in release.tracks] == [1, 2, 3, 4]
    assert len({track.place for track in release.tracks}) == 4


def test_kana_anywhere_makes_kanji_japanese():
    (release,) = planned(
        read("x/1.flac", title="夜", artists="米津玄師", album="花"),
        read("x/2.flac", title="ひかり", artists="米津玄師", album="花"),
    )
    assert release.facts.language == "ja"
    assert {track.recording.language for track in release.tracks} == {"ja"}


def test_wrong_identifiers_are_left_out():
    (release,) = planned(
        read(
            "x/1.flac",
            title="One",
            album="B",
            isrc="USRC17607839",
            iswc="T-034.524.680-2",
            barcode="036000291453",
            musicbrainz_release="not-an-id",
        )
    )
    recording = release.tracks[0].recording
    assert (recording.isrc, recording.iswc, release.facts.upc, release.facts.mbid) == (
        "USRC17607839",
        None,
        None,
        None,
    )


def test_two_known_artists_are_parted_and_a_band_is_not():
    (release,) = planned(
        read("x/1.flac", title="One", artists="A & B", album="C"),
        read("x/2.flac", title="Two", artists="Simon & Garfunkel", album="C"),
        known={"A", "B"},
    )
    assert [len(track.credit) for track in release.tracks] == [2, 1]


def test_the_picture_that_most_files_hold_is_the_cover():
    (release,) = planned(
        read("x/1.flac", album="B", cover="p"),
        read("x/2.flac", album="B", cover="q"),
        read("x/3.flac", album="B", cover="q"),
    )
    assert [cover.name for cover in release.covers] == ["q"]
    assert release.covers[0].order.path == Path("x/2.flac")


def test_what_a_sleeve_says_beside_names():
    told = "Recorded in one night in a disused pumping station."
    tags = {
        "artists": "A",
        "album": "B",
        "label": "Saltmarsh",
        "catalogue_number": "SALT 004",
        "comment": told,
    }
    work = "0b7e3f0c-4a57-4ab4-9cb9-a8b5d1b8c6c2"
    (release,) = planned(
        read("x/1.flac", title="One", work="Suite", musicbrainz_work=work, sort_title="one, the", **tags),
        read("x/2.flac", title="Two", explicit=True, **tags),
    )
    assert (release.facts.label, release.facts.catalogue_number) == ("Saltmarsh", "SALT 004")
    assert release.facts.notes == told
    assert str(release.tracks[0].recording.work_mbid) == work
    assert (release.tracks[0].recording.work_title, release.tracks[0].recording.sort_title) == (
        "Suite",
        "one, the",
    )
    assert [track.recording.explicit for track in release.tracks] == [False, True]


@pytest.mark.parametrize(
    "comments",
    [
        ("Exact Audio Copy, secure mode, Test & Copy", "Exact Audio Copy, secure mode, Test & Copy"),
        ("Visit https://example.com for more music", "Visit https://example.com for more music"),
        ("Recorded in a disused pumping station.", "Mixed somewhere else, quite another day."),
        ("great", "great"),
    ],
)
def test_comments_that_are_no_notes_are_left_out(comments):
    (release,) = planned(
        *(read(f"x/{n}.flac", artists="A", album="B", comment=it) for n, it in enumerate(comments))
    )
    assert release.facts.notes == ""
