"""Files that are two things at once, covers that are none, a full desk, and a disk that is full at every write.

What decoders alone refuse is told in `tests/ingest/test_bad_files.py`, what the protocol refuses in `tests/api/test_tus.py`.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from errno import ENOSPC

import pytest
from applying import NOW
from audio import sounds
from django.db import OperationalError
from django.utils import translation
from PIL import Image
from uploading import begun, objects, sent, taken

from alpheus.catalogue.artwork import FORMATS
from alpheus.catalogue.models import Cover, Recording
from alpheus.ingest import (
    phase_2_decode,
    phase_3_measure,
    phase_4_examine,
    phase_5_recognise,
    phase_7_package,
)
from alpheus.shops.models import Shop
from alpheus.storage import blobs as storing
from alpheus.storage.errors import StoreUnavailable
from alpheus.submissions import intake
from alpheus.submissions.begin import begin, begin_release
from alpheus.submissions.errors import CoverUnfit, QuotaUsedUp
from alpheus.submissions.models import Upload
from alpheus.submissions.set_cover import set_cover
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import drop_upload

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SCRIPT = b"<script>alert(document.domain)</script>"


@pytest.fixture
def release(applicant):
    Shop.objects.create(owner=applicant, name="潮汐", country="CN")
    return begin_release(account=applicant, now=NOW)


@pytest.fixture
def draft(applicant):
    return begin(account=applicant, now=NOW)


@pytest.fixture(scope="module")
def music():
    return sounds.music(1.0)


def waiting():
    """Files of uploads."""
    folder = terms().uploads
    return list(folder.iterdir()) if folder.is_dir() else []


def zipped():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../etc/cron.d/x", b"* * * * * root true\n")
    return made.getvalue()


def picture(form="JPEG", size=(64, 64), **more):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, form, **more)
    return made.getvalue()


def png(*chunks, size=(64, 64)):
    """A picture with chunks of one's own between its head and its end."""
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\0\x80\x80" * size[0] for _ in range(size[1])))
    parts = [(b"IHDR", head), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    body = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


# what a file is besides music: its kind, what stands before and behind it, what it calls itself
POLYGLOTS = {
    "WAV with a zip behind": ("wav", b"", zipped(), "song.wav"),
    "FLAC with a zip behind": ("flac", b"", zipped(), "song.flac"),
    "FLAC with a page behind": ("flac", b"", b"<!doctype html>" + SCRIPT, "song.html"),
    "MP3 with a page before": ("mp3", sounds.id3(("TIT2", SCRIPT.decode())), b"", "song.mp3"),
    "MP3 that says WAV": ("mp3", b"", b"", "song.wav"),
}


@pytest.mark.parametrize("what", POLYGLOTS)
def test_of_a_file_that_is_two_things_only_the_sound_is_kept(draft, music, tmp_path, what):
    kind, before, behind, name = POLYGLOTS[what]
    data = before + sounds.write_kind(tmp_path, kind, music).read_bytes() + behind
    row = sent(draft, data, name=name)
    assert taken(row)
    assert (row.state, row.is_lossy) == ("taken", kind == "mp3")
    held = draft.tracks.get().recording
    assert 900 < held.duration_ms < 1200
    assert waiting() == []
    for file in objects():
        kept = file.read_bytes()
        assert not any(
            it in kept for it in (SCRIPT, b"etc/cron.d", b"MZ\x90\0", data[-64:] if behind else SCRIPT)
        )


def test_an_mp3_that_runs_into_a_program_is_refused_as_damaged_and_leaves_nothing(draft, music, tmp_path):
    data = sounds.write_kind(tmp_path, "mp3", music).read_bytes() + b"MZ\x90\0" + bytes(200)
    row = sent(draft, data, name="setup.exe")
    assert taken(row)
    assert (row.state, row.trouble) == ("refused", "unreadable")
    assert (waiting(), objects(), Recording.objects.count()) == ([], [], 0)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_of_a_cover_that_is_a_page_too_only_the_picture_is_kept(release, form):
    source = picture(form) + b"<!doctype html>" + SCRIPT
    if form == "JPEG":
        source = picture(form, comment=SCRIPT)
    row = set_cover(account=release.account, gid=release.gid, image=source, terms=terms(), now=NOW)
    assert row.cover.widths == [64]
    assert len(objects()) == len(FORMATS)
    for file in objects():
        assert SCRIPT not in file.read_bytes()
        assert Image.open(file).size == (64, 64)


NO_COVERS = {
    "SVG with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
    "SVG that reads files": b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    "a page that begins as GIF": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "a page that begins as JPEG": b"\xff\xd8\xff\xe0" + SCRIPT * 20,
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n(/etc/passwd) (r) file\n",
    "ImageMagick's own": b"push graphic-context\nviewbox 0 0 64 64\nfill 'url(https://x.example/|ls)'\n",
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n",
    "a zip": zipped(),
    "text that unpacks to 256 MB": png((b"zTXt", b"k\0\0" + zlib.compress(bytes(2**28), 9))),
    "3600 megapixels": png(size=(1, 1)).replace(struct.pack(">II", 1, 1), struct.pack(">II", 60_000, 60_000)),
    "no bytes": b"",
}


@pytest.mark.parametrize("what", NO_COVERS)
def test_what_is_no_cover_is_refused_and_leaves_nothing(release, what):
    with pytest.raises(CoverUnfit):
        set_cover(account=release.account, gid=release.gid, image=NO_COVERS[what], terms=terms(), now=NOW)
    release.refresh_from_db()
    assert (release.cover, Cover.objects.count(), objects()) == (None, 0, [])
    again = set_cover(account=release.account, gid=release.gid, image=picture(), terms=terms(), now=NOW)
    assert again.cover is not None


def test_more_than_an_account_s_room_is_refused_until_there_is_room(release, settings):
    settings.SUBMISSIONS = replace(settings.SUBMISSIONS, file_bytes_max=100, account_bytes_max=150)
    first = begun(release, 100)
    for length in (51, 100):
        with pytest.raises(QuotaUsedUp):
            begun(release, length)
    assert (release.tracks.count(), Upload.objects.count(), len(waiting())) == (1, 1, 1)
    begun(release, 50)
    drop_upload(upload=first, terms=terms())
    begun(release, 100)
    assert (release.tracks.count(), len(waiting())) == (2, 2)


def full(*_, **__):
    raise OSError(ENOSPC, "No space left on device")


def table_full(*_, **__):
    raise OperationalError("database or disk is full")


# where the disk is full: what is called there, what comes of it
PHASES = {
    "decode": (phase_2_decode, "decode", full, OSError),
    "measure": (phase_3_measure, "run", full, OSError),
    "examine": (phase_4_examine, "run", full, OSError),
    "recognise": (phase_5_recognise, "run", full, OSError),
    "package": (phase_7_package.RenditionWriter, "add", full, OSError),
    "cover": (intake, "_cover", full, OSError),
    "tables": (intake, "note", table_full, OperationalError),
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_disk_that_is_full_in_any_phase_is_tried_again(draft, music, tmp_path, phase, monkeypatch):
    row = sent(draft, sounds.write_kind(tmp_path, "flac", music).read_bytes())
    owner, name, failing, error = PHASES[phase]
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, failing)
        with pytest.raises(error):
            taken(row)
    row.refresh_from_db()
    assert (row.state, row.trouble, len(waiting())) == ("whole", "", 1)
    assert not Recording.objects.exists()
    assert taken(row)
    assert (row.state, Recording.objects.count(), waiting()) == ("taken", 1, [])


def test_a_store_that_is_full_at_any_write_has_all_at_last(draft, music, tmp_path, monkeypatch):
    row = sent(draft, sounds.write_kind(tmp_path, "flac", music).read_bytes())
    place, written = storing._place, []

    def until_full(*args):
        if len(written) == room:
            full()
        written.append(args[0])
        return place(*args)

    monkeypatch.setattr(storing, "_place", until_full)
    room = -1
    while row.state != "taken":
        room += 1  # each time one more is taken than the time before
        written.clear()
        try:
            assert taken(row)
        except StoreUnavailable:
            row.refresh_from_db()
            assert (row.state, len(waiting())) == ("whole", 1)
            assert not draft.tracks.get().recording
    assert room > 1
    assert (row.state, waiting()) == ("taken", [])
    assert sorted(draft.tracks.get().recording.asset.renditions.values_list("name", flat=True)) == [
        "aac-128", "aac-256", "aac-64", "flac",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "ja", "ko"])
def test_why_a_file_was_not_taken_is_said_in_the_reader_s_language(language):
    english = [str(it.label) for it in Upload.Trouble]
    with translation.override(language):
        assert not set(english) & {str(it.label) for it in Upload.Trouble}
