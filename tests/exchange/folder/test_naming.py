from pathlib import PurePath

import pytest

from alpheus.exchange.folder.mending import decoded, mended, name_text, path_text
from alpheus.exchange.folder.naming import (
    FileName,
    FolderName,
    album_folder,
    natural_key,
    read_file_name,
    read_folders,
    without_disc,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Title.flac", FileName("Title")),
        ("03 - Title.flac", FileName("Title", "", 3)),
        ("03. Title.mp3", FileName("Title", "", 3)),
        ("03 Title.mp3", FileName("Title", "", 3)),
        ("1-03 Title.mp3", FileName("Title", "", 3, 1)),
        ("2.11 Title.mp3", FileName("Title", "", 11, 2)),
        ("03 - Artist - Title.flac", FileName("Title", "Artist", 3)),
        ("Artist - Title.flac", FileName("Title", "Artist")),
        ("Artist - Album - 07 - Title.flac", FileName("Title", "Artist", 7)),
        ("Artist_-_Title.flac", FileName("Title", "Artist")),
        ("1979.flac", FileName("1979")),
        ("99 Luftballons.mp3", FileName("Luftballons", "", 99)),
        ("夜に駆ける.flac", FileName("夜に駆ける")),
        ("01、夜曲.flac", FileName("夜曲", "", 1)),
        ("Title - Part - Two.flac", FileName("Part - Two", "Title")),
        ("no-spaces-here.ogg", FileName("no-spaces-here")),
    ],
)
def test_a_file_name_tells(name, expected):
    assert read_file_name(PurePath(name)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("x.flac", FolderName()),
        ("Album/x.flac", FolderName("Album")),
        ("Artist/Album/x.flac", FolderName("Album", "Artist")),
        ("Artist/2003 - Album/x.flac", FolderName("Album", "Artist", "2003")),
        ("Artist/Album (2003)/x.flac", FolderName("Album", "Artist", "2003")),
        ("Artist - Album [1999]/x.flac", FolderName("Album", "Artist", "1999")),
        ("Artist/Album/CD 2/x.flac", FolderName("Album", "Artist", "", 2)),
        ("Artist/Album/Disc1/x.flac", FolderName("Album", "Artist", "", 1)),
        ("Artist/Album/CD2 - Live/x.flac", FolderName("Album", "Artist", "", 2)),
        ("Artist/Album/第2張/x.flac", FolderName("Album", "Artist", "", 2)),
        ("周杰伦/2001 范特西/x.flac", FolderName("2001 范特西", "周杰伦")),
    ],
)
def test_folders_tell(path, expected):
    assert read_folders(PurePath(path)) == expected


def test_discs_share_an_album_folder():
    assert (
        album_folder(PurePath("A/B/CD1/x.flac"))
        == album_folder(PurePath("A/B/CD2/y.flac"))
        == PurePath("A/B")
    )
    assert album_folder(PurePath("A/CDs/x.flac")) == PurePath("A/CDs")


@pytest.mark.parametrize(
    ("album", "expected"),
    [
        ("Album (Disc 2)", ("Album", 2)),
        ("Album [CD1]", ("Album", 1)),
        ("Album, Disc 3", ("Album", 3)),
        ("Album CD 2", ("Album", 2)),
        ("Hits Vol. 2", ("Hits Vol. 2", None)),
        ("Disc 1", ("Disc 1", None)),
        ("Album", ("Album", None)),
    ],
)
def test_a_disc_is_no_part_of_an_albums_title(album, expected):
    assert without_disc(album) == expected


def test_two_comes_before_ten():
    assert sorted(["10 b", "2 a", "1 c"], key=natural_key) == ["1 c", "2 a", "10 b"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("周杰伦".encode("gb18030").decode("latin-1"), "周杰伦"),
        ("夜に駆ける".encode().decode("latin-1"), "夜に駆ける"),
        ("Beyoncé".encode().decode("latin-1"), "Beyoncé"),
        ("Beyoncé", "Beyoncé"),
        ("Ñandú", "Ñandú"),
        ("Sigur Rós", "Sigur Rós"),
        ("夜", "夜"),
        ("Plain", "Plain"),
        ("Mötley Crüe", "Mötley Crüe"),
    ],
)
def test_a_tag_in_the_wrong_encoding_is_mended(wrong, right):
    assert mended(wrong) == right


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_lyrics_are_read_in_any_encoding(encoding):
    assert decoded("[00:01.00]夜に駆ける".encode(encoding)) == "[00:01.00]夜に駆ける"


def test_file_names_that_are_not_utf8():
    chinese = "夜曲".encode("gb18030").decode("utf-8", "surrogateescape")
    latin = "Café".encode("latin-1").decode("utf-8", "surrogateescape")
    assert name_text(chinese) == "夜曲"
    assert name_text(latin) == "Café"
    assert path_text(PurePath(f"100%/{latin}")) == "100%25/Caf%E9"
    assert path_text(PurePath("100%/Café")) == "100%/Café"
