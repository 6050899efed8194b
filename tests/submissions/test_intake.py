"""Whole uploads become recordings that can be judged; hostile ones get a sentence and leave nothing."""

import gzip
import io
import wave
import zipfile
from datetime import timedelta

import numpy as np
import pytest
from applying import NOW, account, handed_in_by
from journeys.recordings import RATE_HZ, Piece, compose, write_flac
from uploading import objects, sent, taken

from alpheus.catalogue.models import Artist, Asset, Recording
from alpheus.ingest import phase_2_decode
from alpheus.ingest.errors import NoSpace
from alpheus.listening import grant, queries
from alpheus.listening.models import Listener
from alpheus.parties.models import StaffRole
from alpheus.shops.models import Shop
from alpheus.submissions.begin import begin, begin_release
from alpheus.submissions.intake import take_in_upload
from alpheus.submissions.models import Evidence, Submission
from alpheus.submissions.terms import terms

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def draft(applicant):
    return begin(account=applicant, now=NOW)


def files():
    folder = terms().uploads
    return list(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture(scope="module")
def flac(tmp_path_factory):
    piece = Piece("雨夜", "信", 1, compose(7, 4 * RATE_HZ))
    return write_flac(piece, tmp_path_factory.mktemp("music")).read_bytes()


def wav(samples):
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    return made.getvalue()


def test_a_real_file_becomes_a_recording_that_only_some_may_hear(draft, applicant, flac, settings):
    row = sent(draft, flac, name="01 雨夜.flac")
    assert taken(row)
    assert not taken(row)
    draft.refresh_from_db()
    assert (row.state, row.is_lossy) == ("taken", False)
    assert (draft.title, draft.artist_name) == ("雨夜", "The Test Tones")
    held = draft.tracks.get().recording
    assert held.removed_at is not None
    assert 3900 < held.duration_ms < 4100
    assert len(held.asset.peaks) == 400
    assert [it.name for it in held.asset.renditions.all()] == ["aac-128", "aac-64", "aac-256", "flac"]
    assert Evidence.objects.filter(submission=draft, kind="loudness").exists()
    assert not Artist.objects.exists()
    assert files() == []
    assert queries.with_audio([held.gid]) == {}
    assert held.gid in queries.with_audio([held.gid], account=applicant)
    assert queries.with_audio([held.gid], account=account("magpie")) == {}


def test_an_auditor_is_granted_all_of_it_and_others_nothing(draft, flac, settings):
    taken(sent(draft, flac))
    ready = Recording.objects.select_related("asset").get()
    Submission.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=NOW)
    stream = {"id": draft.gid, "gate": draft.gid, "edge": settings.LISTENING.edges[0], "device": None}
    stream |= {"territory": "", "network": ""}
    for whose, whole in ((account("owl", StaffRole.Role.AUDITOR), True), (account("magpie"), False)):
        listener = Listener.objects.create(account=whose)
        made = grant.Stream(listener=listener, **stream)
        minted = grant.mint(stream=made, recordings=[ready], terms=settings.LISTENING, now=NOW)
        assert [it.grant.preview for it in minted] == ([False] if whole else [])
        if whole:
            assert minted[0].grant.window_end == ready.asset.samples


def test_the_same_file_from_somebody_else_is_noticed(draft, flac):
    taken(sent(draft, flac))
    other = begin(account=account("lark"), now=NOW)
    taken(sent(other, flac))
    assert Evidence.objects.filter(submission=other, kind="identical-bytes").exists()
    assert Asset.objects.count() == 1


def test_what_is_typed_already_is_kept(draft, flac):
    Submission.objects.filter(pk=draft.pk).update(title="Mine", artist_name="Me")
    taken(sent(draft, flac))
    draft.refresh_from_db()
    assert (draft.title, draft.artist_name) == ("Mine", "Me")


def test_files_of_a_release_say_what_they_are_and_one_that_fails_fails_alone(applicant, flac, tmp_path):
    Shop.objects.create(owner=applicant, name="潮汐", country="CN")
    release = begin_release(account=applicant, now=NOW)
    second = write_flac(Piece("汽笛", "信", 2, compose(8, 4 * RATE_HZ)), tmp_path).read_bytes()
    uploads = [
        sent(release, data, name=name)
        for name, data in (("b.flac", second), ("no.flac", b"no"), ("a.flac", flac))
    ]
    assert [taken(it) for it in uploads] == [True] * 3
    release.refresh_from_db()
    assert (release.title, release.artist_name, release.genres) == ("信", "潮汐", "Test Signals")
    tracks = list(release.tracks.all())
    assert [(it.title, it.number) for it in tracks] == [("雨夜", 1001), ("汽笛", 1002), ("", None)]
    assert [it.artist_name for it in tracks[:2]] == ["The Test Tones"] * 2
    assert [it.uploads.get().state for it in tracks] == ["taken", "taken", "refused"]
    assert {it.track for it in Evidence.objects.filter(kind="loudness")} == set(tracks[:2])
    assert files() == []


def zip_bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.flac", b"\0" * 5_000_000)
    return made.getvalue()


def id3_bomb():
    """A tag that says it has 256 MB, and nothing behind."""
    return b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + b"TIT2" + b"\x7f\x7f\x7f\x7f\x00\x00" + b"A" * 2000


HOSTILE = {
    "text": b"this is no music\n" * 50,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html that says FLAC": b"fLaC<html><script>alert(1)</script></html>" + b" " * 3000,
    "zip": zip_bomb(),
    "gzip": gzip.compress(b"\0" * 1_000_000),
    "id3": id3_bomb(),
    "playlist": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "noise": np.random.default_rng(3).bytes(20_000),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_get_a_sentence_and_leave_nothing(draft, what):
    row = sent(draft, HOSTILE[what], name="song.flac")
    assert taken(row)
    assert (row.state, row.trouble) == ("refused", "unreadable")
    draft.refresh_from_db()
    assert draft.tracks.get().recording is None
    assert files() == []
    assert objects() == []
    assert not Recording.objects.exists()


@pytest.mark.parametrize(
    ("samples", "trouble"),
    [(np.zeros(3 * RATE_HZ), "silent"), (np.sin(np.arange(2000) / 9) * 9000, "too_short")],
)
def test_what_is_no_piece_of_music(draft, samples, trouble):
    row = sent(draft, wav(samples), name="a.wav")
    taken(row)
    assert (row.state, row.trouble) == ("refused", trouble)
    assert files() == []


def test_a_full_disk_is_tried_again(draft, flac, monkeypatch):
    row = sent(draft, flac)

    def full(*_, **__):
        raise NoSpace("no room")

    with monkeypatch.context() as patched:
        patched.setattr(phase_2_decode, "_check_room", full)
        with pytest.raises(NoSpace):
            taken(row)
    row.refresh_from_db()
    assert row.state == "whole"
    assert taken(row)
    assert row.state == "taken"


def test_a_draft_that_went_meanwhile_takes_nothing(draft, flac, applicant):
    row = sent(draft, flac)
    draft.delete()
    assert not take_in_upload(upload=row.pk, terms=terms(), now=lambda: NOW + timedelta(seconds=1))
    handed_in_by(applicant)
    assert Recording.objects.count() == 1
