"""Playlists' files: written and read back whole; hostile ones refused."""

import music
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alpheus.catalogue import indexing
from alpheus.exchange.playlists import m3u8, xspf
from alpheus.exchange.playlists.errors import FileRefused
from alpheus.exchange.playlists.export_playlist import export_playlist
from alpheus.exchange.playlists.import_playlist import import_playlist, read
from alpheus.exchange.playlists.lines import FILE_BYTES_MAX, LINES_MAX, Sheet, Track
from alpheus.exchange.playlists.match import matched
from alpheus.listening.library import queries
from alpheus.listening.models import Listener

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=40)
tracks = st.builds(
    Track,
    title=texts.filter(lambda it: it.strip() and " - " not in it),
    artist=texts,
    album=texts,
    isrc=st.sampled_from(["", "USRC17607839"]),
    location=st.sampled_from(["", "https://x.example/a%20b.mp3", "../music/夜.flac"]),
    duration_ms=st.one_of(st.none(), st.integers(1, 9999).map(lambda it: it * 1000)),
)

BILLION = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>
<playlist xmlns="http://xspf.org/ns/0/" version="1"><title>&b;</title></playlist>"""
OUTSIDE = """<!DOCTYPE p SYSTEM "http://127.0.0.1:9/x.dtd"><playlist><trackList/></playlist>"""
FILE = """<!DOCTYPE p [<!ENTITY f SYSTEM "file:///etc/passwd">]><playlist><title>&f;</title></playlist>"""


def nfc(sheet):
    """What is kept of a text is composed and has single spaces."""
    from unicodedata import normalize

    def clean(text):
        return normalize("NFC", " ".join(text.split()))

    return [
        (clean(it.title), clean(it.artist), clean(it.album), it.isrc, it.location, it.duration_ms)
        for it in sheet.tracks
    ]


@PATIENT
@given(st.lists(tracks, min_size=1, max_size=5), texts)
def test_xspf_comes_back_as_it_went(made, title):
    sheet = Sheet(title, tuple(made))
    assert nfc(xspf.read(xspf.write(sheet).encode())) == nfc(sheet)


@PATIENT
@given(st.lists(tracks, min_size=1, max_size=5))
def test_m3u8_comes_back_as_it_went(made):
    sheet = Sheet("夜", tuple(made))
    back = m3u8.read(m3u8.write(sheet))
    assert back.title == "夜"
    assert nfc(back) == nfc(sheet)


@pytest.mark.parametrize("hostile", [BILLION, OUTSIDE, FILE], ids=["entities", "dtd elsewhere", "a file"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_expanded(hostile, encoding):
    with pytest.raises(FileRefused, match="DTD"):
        xspf.read(hostile.encode(encoding))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"   ", b"#EXTM3U\n", b"<html></html>", b"<playlist>", b"<playlist/>", b"\x00\x01\x02", b"<" * 5000,
        b"<playlist><title>&undeclared;</title></playlist>",
        b"<playlist>" + b"<a>" * 100 + b"</a>" * 100 + b"</playlist>",
        b"<playlist><title>" + b"x" * 20_000 + b"</title></playlist>",
        b"x" * (FILE_BYTES_MAX + 1),
        b"a.mp3\n" * (LINES_MAX + 1),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:4\ns.ts\n",
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_playlist_is_refused(data):
    with pytest.raises(FileRefused):
        read(data)


def test_old_and_odd_m3u_is_read():
    sheet = read(b'\xef\xbb\xbf#EXTM3U\r\n#EXTINF:-1 tvg-id="x",A - B - C\r\nfile.mp3\r\n\r\nplain.ogg')
    assert [(it.artist, it.title, it.duration_ms) for it in sheet.tracks] == [
        ("A", "B - C", None),
        ("", "", None),
    ]
    assert sheet.tracks[1].name == "plain.ogg"
    assert read("café.mp3".encode("latin-1")).tracks[0].location == "café.mp3"


@pytest.fixture
def here(db):
    rows = [music.recording("Ebb", by="Tide", seconds=200), music.recording("Ébb!", by="Tide", seconds=100)]
    rows[0].isrc = "USRC17607839"
    rows[0].save()
    for row in rows:
        indexing.index_recording(row)
    return rows


@pytest.mark.django_db
class TestMatching:
    def test_by_isrc_by_address_by_name(self, here):
        first, second = here
        asked = [
            Track(title="whatever", isrc="USRC17607839"),
            Track(title="whatever", location=f"https://elsewhere.example/recording/{second.gid}"),
            Track(title="EBB", artist="tide", duration_ms=201_000),
            Track(title="ebb!", artist="Tide"),
            Track(title="Ebb", artist="Tide", duration_ms=240_000),
            Track(title="Ebb", artist="Somebody"),
            Track(title="Flow", artist="Tide"),
        ]
        assert matched(asked) == [first, second, first, second, None, None, None]

    def test_what_is_missing_stays_in_its_place_and_goes_out_again(self, here, now):
        text = (
            "#EXTM3U\n#PLAYLIST:Mixed\n#EXTINF:200,Tide - Ebb\na.mp3\n"
            "#EXTINF:90,Nobody - Gone\nhttps://x.example/gone.mp3\n#EXTINF:100,Tide - Ébb!\nb.mp3\n"
        )
        listener = Listener.objects.create()
        done = import_playlist(listener=listener, data=text.encode(), title="", now=now)
        assert (done.playlist.title, done.found, [it.title for it in done.missing]) == ("Mixed", 2, ["Gone"])
        listed = queries.items(done.playlist).rows
        assert [it.recording for it in listed] == [here[0], None, here[1]]
        assert (done.playlist.tracks, done.playlist.duration_ms) == (3, 390_000)
        for form, reader in (("xspf", lambda it: xspf.read(it.encode())), ("m3u8", m3u8.read)):
            out = export_playlist(
                done.playlist, form=form, address=lambda gid: f"https://here/recording/{gid}"
            )
            sheet = reader(out)
            assert [(it.artist, it.title) for it in sheet.tracks] == [
                ("Tide", "Ebb"), ("Nobody", "Gone"), ("Tide", "Ébb!"),
            ]  # fmt: skip
            assert sheet.tracks[1].location == "https://x.example/gone.mp3"
            assert matched(sheet.tracks) == [here[0], None, here[1]]

    def test_names_with_html_are_text(self, now):
        listener = Listener.objects.create()
        data = xspf.write(Sheet("<b>&", (Track(title="<script>alert(1)</script>", artist='"&<'),))).encode()
        done = import_playlist(listener=listener, data=data, title="", now=now)
        assert done.playlist.title == "<b>&"
        assert queries.items(done.playlist).rows[0].item.title == "<script>alert(1)</script>"

    @pytest.mark.slow
    def test_ten_thousand_lines_come_in(self, now, django_assert_max_num_queries):
        data = (
            "#EXTM3U\n" + "".join(f"#EXTINF:9,Nobody - No {n}\nx{n}.mp3\n" for n in range(LINES_MAX))
        ).encode()
        with django_assert_max_num_queries(300):
            done = import_playlist(listener=Listener.objects.create(), data=data, title="Long", now=now)
        assert done.playlist.tracks == LINES_MAX
