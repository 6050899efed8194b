import shutil
from pathlib import Path

import pytest
from audio import sounds
from django.utils import timezone

from alpheus.catalogue import lists, queries
from alpheus.catalogue.cover_store import read_image
from alpheus.catalogue.models import Artist, Asset, Lyrics, Recording, Release, Rendition, Track
from alpheus.exchange.folder import scan
from alpheus.exchange.folder.errors import FolderEmpty, FolderMissing
from alpheus.exchange.folder.import_folder import import_folder
from alpheus.exchange.folder.models import ImportedFile
from alpheus.packaging.rendition import read_index
from alpheus.rights.models import Notice, Suspension
from alpheus.search import find
from alpheus.storage.blobs import Blobs

pytestmark = [pytest.mark.django_db, pytest.mark.journey]

ALBUM = {
    "album": "夜のしじま",
    "album_artist": "星野 灯",
    "date": "2021-03-05",
    "genre": "Dream Pop; Electronica",
}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "Music"
    folder.mkdir()
    return folder


@pytest.fixture
def blobs(tmp_path):
    return Blobs.open((tmp_path / "objects").as_uri())


@pytest.fixture
def bring(root, blobs):
    def bring(**more):
        return import_folder(
            root, **{"blobs": blobs, "kek": bytes(32), "jobs": 1, "renditions": ("aac-128",), **more}
        )

    return bring


def piece(path, *, kind="flac", seed=1, seconds=1.2, **tags):
    """A short file of music with tags."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = sounds.KINDS[kind][0]
    return sounds.write(
        path, sounds.music(seconds, seed=seed, rate_hz=options.get("rate_hz", 44_100)), **options, tags=tags
    )


def tracks(release):
    detail = queries.release_detail(release.gid)
    return [
        (medium.position, track.position, track.title, track.credit.name)
        for medium in detail.media.all()
        for track in medium.tracks.all()
    ]


def paths(report):
    return sorted(each.path for each in report.refused)


def test_a_library_of_every_format_and_several_scripts(root, bring, blobs):
    for number, kind in enumerate(sorted(sounds.KINDS), start=1):
        ending = kind.rpartition(".")[2]
        piece(
            root / "灯" / f"{number:02} {kind}.{ending}", kind=kind, seed=number, title=f"夜 {number}", artist="星野 灯",
            track=str(number), **ALBUM,
        )  # fmt: skip
    piece(root / "Jay" / "CD1" / "a.flac", seed=50, title="夜曲", artist="周杰倫", album="十一月", track="1")
    piece(
        root / "Jay" / "CD2" / "a.flac",
        seed=51,
        title="发如雪 (feat. 灯)",
        artist="周杰倫",
        album="十一月",
        track="1",
    )
    piece(
        root / "Hits" / "1.mp3",
        kind="mp3",
        seed=60,
        title="One",
        artist="Beyoncé",
        album="Hits",
        compilation="1",
    )
    piece(
        root / "Hits" / "2.mp3",
        kind="mp3",
        seed=61,
        title="Two",
        artist="Кино",
        album="Hits",
        compilation="1",
    )
    (root / "Jay" / "cover.png").write_bytes(sounds.cover(400, 400))
    (root / "Jay" / "CD1" / "a.lrc").write_text("[00:00.10]一\n[00:00.90]二", encoding="gb18030")
    (root / "Jay" / "notes.txt").write_text("not music")

    seen = []
    report = bring(jobs=2, on_progress=seen.append)

    counts = (report.refused, report.imported, report.duplicates)
    assert counts == ([], len(sounds.KINDS) + 4, 0), report.notes
    assert {status.phase for status in seen} == {"reading", "first", "rest"}
    assert all(0 <= status.done <= status.total for status in seen)
    titles = {release.title: release for release in Release.objects.all()}
    # Plain ADTS has no tags: its names stand in, and its folder is a release of its own.
    assert {"夜のしじま", "十一月", "Hits"} <= set(titles)
    jay = titles["十一月"]
    assert tracks(jay) == [(1, 1, "夜曲", "周杰倫"), (2, 1, "发如雪", "周杰倫 feat. 灯")]
    assert (jay.type, jay.cover is not None) == ("single", True)
    assert jay.loudness_lufs < 0
    assert (titles["Hits"].compilation, titles["Hits"].credit.name) == (True, "Various Artists")
    night = titles["夜のしじま"]
    assert (night.year, night.month, night.day) == (2021, 3, 5)
    assert {genre.name for genre in night.genres.all()} == {"dream pop", "electronic"}
    assert night.language == "ja"
    assert Lyrics.objects.get().lines[1] == {"start_ms": 900, "text": "二"}
    recording = Recording.objects.get(title="夜曲")
    assert recording.duration_ms == pytest.approx(1200, abs=2)
    assert (recording.asset.state, len(recording.asset.peaks)) == ("ready", 400)
    assert read_index(blobs, recording.asset.key, "aac-128").samples == recording.asset.samples
    assert read_image(blobs=blobs, digest=jay.cover.digest, width=300, extension="avif")[1] == "image/avif"
    jay_artist = Artist.objects.get(name="周杰倫")
    for text in ("zjl", "zhou jie lun", "周杰伦"):
        assert find.search(text, ["artist"], 5).gids["artist"] == [jay_artist.gid]
    assert find.search("beyonce", ["artist"], 5).gids["artist"] == [Artist.objects.get(name="Beyoncé").gid]


def test_a_second_run_does_nothing(root, bring):
    piece(root / "a.flac", title="One", artist="A", album="B")
    bring()
    before = list(Recording.objects.values())
    report = bring()
    assert (report.unchanged, report.imported, report.changed, report.renditions) == (1, 0, 0, 0)
    assert list(Recording.objects.values()) == before


def test_the_other_renditions_follow_and_a_stopped_run_goes_on(root, bring):
    piece(root / "a.flac", title="One", artist="A", album="B")
    report = bring(renditions=("aac-128", "aac-64", "flac"), first_only=True)
    assert (report.renditions, Rendition.objects.count()) == (1, 1)
    report = bring(renditions=("aac-128", "aac-64", "flac"))
    assert report.renditions == 2
    assert set(Rendition.objects.values_list("name", flat=True)) == {"aac-128", "aac-64", "flac"}
    assert bring(renditions=("aac-128", "aac-64", "flac")).renditions == 0


def test_changed_tags_change_the_recording_and_not_its_gid(root, bring):
    file = piece(root / "a.flac", title="Wrong", artist="A", album="B", track="1")
    other = piece(root / "b.flac", seed=2, title="Two", artist="A", album="B", track="2")
    bring()
    gids = {row.title: row.gid for row in Recording.objects.all()}
    release = Release.objects.get()
    piece(file, title="Right", artist="A", album="B", track="3")
    report = bring()
    assert (report.changed, report.imported, report.unchanged) == (1, 0, 1)
    assert {row.title: row.gid for row in Recording.objects.all()} == {
        "Right": gids["Wrong"],
        "Two": gids["Two"],
    }
    assert tracks(release) == [(1, 2, "Two", "A"), (1, 3, "Right", "A")]
    assert other.exists()


def test_a_renamed_album_keeps_its_gid(root, bring):
    piece(root / "a.flac", title="One", artist="A", album="Old")
    bring()
    gid = Release.objects.get().gid
    piece(root / "a.flac", title="One", artist="A", album="New")
    bring()
    release = Release.objects.get()
    assert (release.gid, release.title, release.removed_at) == (gid, "New", None)


def test_a_file_that_goes_to_another_album_leaves_the_first(root, bring):
    piece(root / "a.flac", title="One", artist="A", album="First", track="1")
    piece(root / "b.flac", seed=2, title="Two", artist="A", album="First", track="2")
    bring()
    piece(root / "b.flac", seed=2, title="Two", artist="A", album="Second", track="1")
    bring()
    first, second = Release.objects.get(title="First"), Release.objects.get(title="Second")
    assert (tracks(first), tracks(second)) == ([(1, 1, "One", "A")], [(1, 1, "Two", "A")])


def test_lyrics_and_covers_that_come_later_are_noticed_without_encoding_again(root, bring):
    piece(root / "x" / "a.flac", title="One", artist="A", album="B")
    bring()
    made = Rendition.objects.get().ready_at
    (root / "x" / "a.lrc").write_text("[00:00.10]la")
    (root / "x" / "folder.png").write_bytes(sounds.cover(100, 100))
    report = bring()
    assert (report.changed, report.renditions) == (1, 0)
    assert Lyrics.objects.get().form == "lrc"
    assert Release.objects.get().cover is not None
    assert Rendition.objects.get().ready_at == made


def test_a_file_that_is_gone_is_marked_and_comes_back(root, bring):
    file = piece(root / "a.flac", title="One", artist="A", album="B", track="1")
    piece(root / "b.flac", seed=2, title="Two", artist="A", album="B", track="2")
    bring()
    recording, release = Recording.objects.get(title="One"), Release.objects.get()
    file.rename(root.parent / "away.flac")
    assert bring().removed == 1
    recording.refresh_from_db()
    assert recording.removed_at is not None
    assert tracks(release) == [(1, 2, "Two", "A")]
    assert find.search("one", ["recording"], 5).gids["recording"] == []
    (root.parent / "away.flac").rename(root / "elsewhere.flac")
    report = bring()
    assert (report.imported, report.renditions) == (1, 0)
    recording.refresh_from_db()
    assert recording.removed_at is None
    assert len(tracks(release)) == 2
    assert Recording.objects.count() == 2


def test_what_a_notice_suspends_stays_out_whatever_its_file_becomes(root, bring):
    file = piece(root / "a.flac", title="One", artist="A", album="B")
    bring()
    recording = Recording.objects.get()
    notice = Notice.objects.create(
        title="B", release=Release.objects.get(), claim="recording", given_at=timezone.now()
    )
    Suspension.objects.create(recording=recording, notice=notice, was_offered=True)
    piece(file, title="Renamed", artist="A", album="B")
    bring()
    recording.refresh_from_db()
    assert recording.title == "Renamed"
    assert recording.removed_at is not None
    assert find.search("renamed", ["recording"], 5).gids["recording"] == []


def test_a_release_of_which_nothing_is_left_goes_from_view(root, bring):
    piece(root / "a.flac", title="One", artist="A", album="B")
    piece(root / "c.flac", seed=2, title="Other", artist="C", album="D")
    bring()
    (root / "a.flac").unlink()
    bring()
    assert [release.title for release in lists.releases().rows] == ["D"]
    assert Release.objects.count() == 2


def test_a_missing_disk_removes_nothing(root, bring):
    piece(root / "a.flac", title="One", artist="A", album="B")
    bring()
    (root / "a.flac").unlink()
    with pytest.raises(FolderEmpty):
        bring()
    assert Recording.objects.get().removed_at is None


def test_a_copy_is_skipped_and_stands_in_when_the_first_goes(root, bring):
    first = piece(root / "1" / "a.flac", title="One", artist="A", album="B")
    copy = root / "2" / "a.flac"
    copy.parent.mkdir()
    shutil.copy(first, copy)
    report = bring(jobs=1)
    assert (report.imported, report.duplicates) == (1, 1)
    assert (Recording.objects.count(), Release.objects.count(), Asset.objects.count()) == (1, 1, 1)
    kept = root / ImportedFile.objects.get(state="imported").path
    kept.unlink()
    report = bring()
    assert report.removed == 1
    assert Recording.objects.get().removed_at is None
    assert ImportedFile.objects.get(state="imported").path != str(kept.relative_to(root))


def test_the_same_sound_on_another_release_is_one_recording_with_two_tracks(root, bring):
    # FFmpeg's WAV has its tags at the end; without any the bytes are the same and the folders tell the titles.
    piece(root / "A" / "Album" / "1 One.wav", kind="wav")
    hits = root / "A" / "Hits" / "5 One.wav"
    hits.parent.mkdir()
    shutil.copy(root / "A" / "Album" / "1 One.wav", hits)
    bring()
    assert (Recording.objects.count(), Release.objects.count(), Track.objects.count()) == (1, 2, 2)
    hits.unlink()
    bring()
    assert Recording.objects.get().removed_at is None
    assert Track.objects.get().medium.release.title == "Album"


def test_bad_files_are_refused_by_name_with_a_remedy_and_take_nothing_along(root, bring):
    piece(root / "good.flac", title="Good", artist="A", album="B")
    (root / "empty.mp3").touch()
    (root / "text.flac").write_text("no music at all " * 100)
    (root / "tune.mod").write_bytes(b"M.K." * 100)
    (root / "old.wma").write_bytes(b"0" * 100)
    (root / "locked.m4p").write_bytes(b"0" * 100)
    whole = piece(root / "cut.mp3", kind="mp3").read_bytes()
    (root / "cut.mp3").write_bytes(whole[:200])
    report = bring()
    assert report.imported == 1
    assert paths(report) == ["cut.mp3", "empty.mp3", "locked.m4p", "old.wma", "text.flac", "tune.mod"]
    assert all(each.reason and each.remedy for each in report.refused)
    again = bring()
    assert (paths(again), again.fresh_refusals, again.unchanged) == (paths(report), 0, 1)
    assert Recording.objects.count() == 1


def test_a_refused_file_that_is_mended_is_imported(root, bring):
    (root / "a.flac").write_text("broken")
    piece(root / "b.flac", seed=2, title="Two", artist="A", album="B")
    assert len(bring().refused) == 1
    piece(root / "a.flac", title="One", artist="A", album="B")
    report = bring()
    assert (report.imported, report.refused) == (1, [])


def test_names_that_are_not_utf8_and_hostile_tags(root, bring):
    strange = Path(str(root) + "/" + "夜曲".encode("gb18030").decode("utf-8", "surrogateescape") + ".wav")
    shutil.copy(piece(root.parent / "plain.wav", kind="wav"), strange)
    long = "<script>alert(1)</script>" * 200
    piece(
        root / "b.flac",
        seed=2,
        title=long,
        artist="\u202eevil\u0007",
        album="B",
        track="99999999999",
        date="never",
    )
    report = bring()
    assert (report.refused, report.imported) == ([], 2)
    assert Recording.objects.filter(title="夜曲").exists()
    assert Artist.objects.filter(name="evil").exists()
    assert max(len(row.title) for row in Recording.objects.all()) <= 1000
    assert bring().unchanged == 2


def test_no_folder(tmp_path, blobs):
    with pytest.raises(FolderMissing):
        import_folder(tmp_path / "none", blobs=blobs, kek=bytes(32), jobs=1)


def test_an_empty_folder_is_no_error(bring):
    report = bring()
    assert (report.found, report.imported) == (0, 0)


def test_stopping_keeps_what_is_imported(root, bring):
    for number in range(3):
        piece(
            root / f"{number}.flac",
            seed=number,
            title=f"T{number}",
            artist="A",
            album="B",
            track=str(number + 1),
        )

    def stop(status):
        if status.imported == 1:
            raise KeyboardInterrupt

    report = bring(jobs=1, on_progress=stop)
    assert (report.stopped, Recording.objects.count()) == (True, 1)
    report = bring()
    assert (report.unchanged, report.imported, report.stopped) == (1, 2, False)
    assert len(tracks(Release.objects.get())) == 3


def test_a_scan_passes_over_what_is_hidden_and_follows_links_once(root):
    piece(root / "a" / "x.wav", kind="wav")
    (root / ".hidden").mkdir()
    (root / ".hidden" / "y.wav").touch()
    (root / "a" / "._x.wav").touch()
    (root / "a" / "loop").symlink_to(root)
    (root / "gone.wav").symlink_to(root / "nothing")
    listing = scan.scan(root)
    assert [str(found.path) for found in listing.music] == ["a/x.wav"]
    assert len(listing.unreadable) == 1
