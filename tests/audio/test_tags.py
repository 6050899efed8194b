"""What tags say is read, however they spell it; broken ones give what can be read and never raise."""

import base64
import struct

import pytest
from audio import sounds

from alpheus.audio.tag_fields import cleaned
from alpheus.audio.tags import Tags, from_fields, read_tags

RECORDING = "f1cc9d44-0ea2-4bd0-8b0a-2c2b0e0c9a10"


def mp3(folder, *frames, after=b""):
    path = sounds.write_kind(folder, "mp3", sounds.music(0.6))
    path.write_bytes(sounds.id3(*frames) + path.read_bytes() + after)
    return path


def flac(folder, comments, picture=b""):
    """A FLAC with Vorbis comments of our own, several of one name too."""
    path = sounds.write(folder / "a.flac", sounds.music(0.6))
    data = path.read_bytes()
    body = struct.pack("<I", 0) + struct.pack("<I", len(comments))
    for comment in comments:
        raw = comment.encode()
        body += struct.pack("<I", len(raw)) + raw
    blocks = bytes([4]) + len(body).to_bytes(3, "big") + body
    if picture:
        blocks += bytes([6]) + len(picture_block(picture)).to_bytes(3, "big") + picture_block(picture)
    path.write_bytes(data[:4] + bytes([0]) + data[5:42] + blocks + bytes([0x81, 0, 0, 0]) + frames_of(data))
    return path


def picture_block(data):
    mime = b"image/png"
    return struct.pack(">II", 3, len(mime)) + mime + struct.pack(">IIIIII", 0, 0, 0, 0, 0, len(data)) + data


def frames_of(data):
    position, last = 4, False
    while not last:
        last = bool(data[position] & 0x80)
        position += 4 + int.from_bytes(data[position + 1 : position + 4], "big")
    return data[position:]


def test_vorbis_comments_in_full(tmp_path):
    tags = read_tags(
        flac(
            tmp_path,
            [
                "TITLE=夜来香", "ARTIST=李香兰", "ARTIST=Someone", "ALBUM=老歌", "ALBUMARTIST=Various", "TRACKNUMBER=03/12",
                "DISCNUMBER=2", "DISCTOTAL=2", "DISCSUBTITLE=夜", "DATE=1944-05", "GENRE=Jazz; Shidaiqu", "ISRC=CN-A01-44-00001",
                "BARCODE=4006381333931", "LABEL=Pathé", "LANGUAGE=zho", "COMPILATION=1", "ITUNESADVISORY=2",
                "LYRICS=[00:01.00]那南风", "COMPOSER=黎锦光", "PERFORMER=Ana Ruiz (cello)", "TITLESORT=Ye Lai Xiang",
                "ARTISTSORT=Li, Xianglan", f"MUSICBRAINZ_TRACKID={RECORDING}", "ISWC=T-123.456.789-4", "COMMENT=hello",
            ],
            sounds.cover(),
        )
    )  # fmt: skip
    assert tags == Tags(
        title="夜来香", artists=("李香兰", "Someone"), album="老歌", album_artists=("Various",), track=3, tracks=12, disc=2, discs=2,
        disc_title="夜", date="1944-05", genres=("Jazz", "Shidaiqu"), isrc="CNA014400001", barcode="4006381333931", label="Pathé",
        language="zho", compilation=True, explicit=False, lyrics="[00:01.00]那南风", comment="hello",
        roles=(("composer", "黎锦光"), ("cello", "Ana Ruiz")), sort_title="Ye Lai Xiang", artist_sort="Li, Xianglan",
        musicbrainz_recording=RECORDING, iswc="T-123.456.789-4", cover=sounds.cover(),
    )  # fmt: skip


def test_id3_in_full(tmp_path):
    tags = read_tags(
        mp3(
            tmp_path,
            ("TIT2", "Tide"), ("TPE1", "A & B"), ("TXXX", "ARTISTS\x00A\x00B"), ("TALB", "Sea"), ("TPE2", "A"), ("TRCK", "4/9"),
            ("TPOS", "1/2"), ("TDRC", "2021-03-04"), ("TCON", "(17)"), ("TSRC", "USRC17607839"), ("TCMP", "1"), ("TSOP", "A, The"),
            ("TIPL", "producer\0P\0mix\0P"), ("UFID", b"http://musicbrainz.org\0" + RECORDING.encode()), ("TPUB", "Label"),
            ("TXXX", "BARCODE\x00123"), ("USLT", b"\x03eng\x00la la"), ("APIC", sounds.picture(sounds.cover())),
        )
    )  # fmt: skip
    assert (tags.title, tags.artists, tags.album, tags.album_artists) == ("Tide", ("A", "B"), "Sea", ("A",))
    assert (tags.track, tags.tracks, tags.disc, tags.discs) == (4, 9, 1, 2)
    assert (tags.date, tags.genres, tags.isrc) == ("2021-03-04", ("Rock",), "USRC17607839")
    assert (tags.compilation, tags.artist_sort, tags.label, tags.barcode) == (True, "A, The", "Label", "123")
    assert (tags.musicbrainz_recording, tags.lyrics, tags.cover) == (RECORDING, "la la", sounds.cover())
    assert tags.roles == (("producer", "P"), ("mix", "P"))


@pytest.mark.parametrize("kind", ["flac", "m4a", "alac.m4a", "mp3", "ogg", "opus", "wav"])
def test_each_kind_of_file_carries_tags(kind, tmp_path):
    rate_hz = sounds.KINDS[kind][0].get("rate_hz", sounds.RATE_HZ)
    music = sounds.music(0.6, rate_hz=rate_hz)
    tags = read_tags(
        sounds.write_kind(tmp_path, kind, music, tags={"title": "夜", "artist": "Ä", "album": "한"})
    )
    assert (tags.title, tags.artists, tags.album) == ("夜", ("Ä",), "한")


def test_a_format_that_tinytag_lacks_is_read_by_ffmpeg(tmp_path):
    path = sounds.write(
        tmp_path / "a.mka",
        sounds.music(0.6),
        "flac",
        container="matroska",
        tags={"title": "T", "artist": "A"},
    )
    tags = read_tags(path)
    assert (tags.title, tags.artists) == ("T", ("A",))


def test_a_cover_in_ogg_is_read(tmp_path):
    block = base64.b64encode(picture_block(sounds.cover())).decode()
    music = sounds.music(0.6)
    tags = read_tags(
        sounds.write_kind(tmp_path, "ogg", music, tags={"title": "T", "METADATA_BLOCK_PICTURE": block})
    )
    assert tags.title == "T"
    assert tags.cover == sounds.cover()


def test_the_bytes_decide_not_the_name(tmp_path):
    path = mp3(tmp_path, ("TIT2", "Tide"))
    assert read_tags(path.rename(tmp_path / "a.flac")).title == "Tide"


@pytest.mark.parametrize(
    "data",
    [b"", b"ID3", b"\xff\xfb", b"fLaC" + b"\xff" * 40, b"OggS" + bytes(100), b"RIFF\xff\xff\xff\xffWAVE", b"FORM\0\0\0\0AIFF",
     b"\0\0\0\x18ftypM4A " + b"\xff" * 200, b"ID3\x03\0\0\x7f\x7f\x7f\x7f", sounds.id3(("TIT2", b"\x01\xff\xfe")), bytes(4096)],
)  # fmt: skip
def test_broken_tags_never_raise(data, tmp_path):
    (tmp_path / "a.mp3").write_bytes(data)
    assert read_tags(tmp_path / "a.mp3").artists == ()


def test_a_file_that_is_not_there_has_no_tags(tmp_path):
    assert read_tags(tmp_path / "gone.mp3") == Tags()


@pytest.mark.parametrize(
    ("what", "frames"),
    [
        ("a hundred thousand artists", [("TPE1", "\0".join(f"{n:x}" for n in range(100_000)))]),
        ("twenty megabytes of text", [("TXXX", f"k{n}\0" + "v" * 1_000_000) for n in range(20)]),
        ("fifty thousand frames", [("TXXX", f"k{n}\0v") for n in range(50_000)]),
        ("a line of lyrics without end", [("USLT", b"\x03eng\0" + b"la " * 3_000_000)]),
    ],
)
def test_a_bomb_costs_little_and_leaves_the_rest(what, frames, tmp_path):
    tags = read_tags(mp3(tmp_path, ("TIT2", "Tide"), *frames))
    assert tags.title in {"Tide", ""}
    assert len(tags.artists) <= 64
    assert len(tags.lyrics) <= 100_000


@pytest.mark.parametrize(
    ("picture", "note"),
    [
        (sounds.huge_png(), "50 million"),
        (b"\x89PNG\r\n\x1a\nbroken", "no picture"),
        (b"<svg onload='alert(1)'/>", "no picture"),
        (b"\xff\xd8" + bytes(17 * 2**20), "16 MiB"),
    ],
    ids=["200 megapixels", "broken", "svg", "17 MB"],
)
def test_a_cover_that_will_not_do_is_left_out_with_a_note(picture, note, tmp_path):
    tags = read_tags(mp3(tmp_path, ("TIT2", "Tide"), ("APIC", sounds.picture(picture))))
    assert tags.title == "Tide"
    assert tags.cover is None
    assert note in tags.notes[0]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Café del Mar", "Café del Mar"),
        ("夜に駆ける".encode().decode("latin-1"), "夜に駆ける"),
        ("月亮代表我的心".encode("gb2312").decode("latin-1"), "月亮代表我的心"),
        ("Motörhead", "Motörhead"),
        ("Sigur Rós – ()", "Sigur Rós – ()"),
        ("ÄÖ", "ÄÖ"),
        ("e\u0301", "é"),
        (" a\x07b\ufeff ", "ab"),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_texts_are_mended(given, meant):
    assert cleaned(given) == meant


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"artist": ["AC/DC"]}, ("AC/DC",)),
        ({"artist": ["A; B"]}, ("A", "B")),
        ({"artist": ["A feat. B", "A", "B"]}, ("A", "B")),
        ({"artist": ["A feat. B"], "artists": ["A", "B"]}, ("A", "B")),
        ({"artist": ["A", "A"]}, ("A",)),
        ({}, ()),
    ],
)
def test_artists_are_told_apart(fields, expected):
    assert from_fields(fields).artists == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", (3, None)),
        ("03/12", (3, 12)),
        ("0/0", (None, None)),
        ("A1", (None, None)),
        ("", (None, None)),
        ("99999", (None, None)),
    ],
)
def test_numbers_are_read(text, expected):
    tags = from_fields({"track": [text]})
    assert (tags.track, tags.tracks) == expected
