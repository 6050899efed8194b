"""What is held like a sound is found: by its bytes, its samples, its passages; the index follows what is held."""

import shutil
from datetime import UTC, datetime

import music
import pytest
from audio import sounds
from ingest.test_recognise import forget
from recognition.test_landmarks import song

from alpheus.catalogue.ear import Ear
from alpheus.catalogue.keep_asset import begin_asset, describe_asset, keep_rendition
from alpheus.catalogue.models import Asset
from alpheus.catalogue.recognise import held_like, index_of, recognise
from alpheus.ingest.ingest import ingest

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
KEK = bytes(32)


@pytest.fixture
def ear(tmp_path):
    return Ear((tmp_path / "objects").as_uri(), KEK, tmp_path / "recognition")


def bring(ear, source):
    """Ingest a file and write it down, as an import or a submission does."""
    ready = []
    manifest = ingest(
        source,
        blobs=ear.blobs(),
        kek=KEK,
        renditions=["flac"],
        on_ready=ready.append,
        scratch=source.parent / "scratch",
    )
    asset = begin_asset(key=manifest.asset, source_sha256=manifest.source_sha256, now=NOW)
    for index in ready:
        keep_rendition(asset=asset, index=index, now=NOW)
    describe_asset(asset=asset, manifest=manifest)
    return asset


@pytest.fixture
def held(ear, tmp_path):
    return bring(ear, sounds.write(tmp_path / "held.flac", song(1)))


def test_another_file_of_the_same_samples_is_the_same_sound(ear, held, tmp_path):
    asset = bring(ear, sounds.write_kind(tmp_path, "wav", song(1)))
    found = held_like(asset=asset, ear=ear)
    assert found.same_sound == (held.key,)
    assert [match.name for match in found.alike] == [held.key]
    assert found.same_bytes == ()


def test_an_excerpt_is_found_and_another_song_is_not(ear, held, tmp_path):
    excerpt = bring(
        ear, sounds.write_kind(tmp_path, "mp3", song(1)[5 * sounds.RATE_HZ : 15 * sounds.RATE_HZ])
    )
    other = bring(ear, sounds.write(tmp_path / "other.flac", song(2)))
    assert [match.name for match in held_like(asset=excerpt, ear=ear).alike] == [held.key]
    assert held_like(asset=other, ear=ear).alike == ()
    assert [match.name for match in held_like(asset=held, ear=ear).alike] == [excerpt.key]


def test_a_file_that_a_recording_has_is_named_itself(ear, held):
    assert held_like(asset=held, ear=ear).same_bytes == ()
    row = music.recording("Held")
    row.asset = held
    row.save(update_fields=["asset"])
    assert held_like(asset=held, ear=ear).same_bytes == (held.key,)


def test_what_came_before_is_made_up_for_once(ear, held):
    forget(ear.folder.parent, held.key)
    Asset.objects.update(fingerprint="", sound_sha256="")
    told = []
    done = recognise(ear=ear, on_progress=lambda *step: told.append(step))
    assert (done.made, done.indexed, done.failed) == (1, 1, [])
    assert told == [(0, 1), (1, 1)]
    before = held.sound_sha256
    held.refresh_from_db()
    assert (held.fingerprint, held.sound_sha256) == ("landmarks-1", before)
    again = recognise(ear=ear)
    assert (again.made, again.indexed, again.forgotten) == (0, 0, 0)


def test_an_asset_that_cannot_be_recognised_is_told_and_the_others_are_done(ear, held):
    Asset.objects.create(key="0" * 32, source_sha256="1" * 64, state=Asset.State.READY)
    done = recognise(ear=ear)
    assert [asset for asset, _ in done.failed] == ["0" * 32]
    assert done.indexed == 1


def test_what_is_not_held_any_more_is_forgotten_and_a_lost_index_made_anew(ear, held, tmp_path):
    other = bring(ear, sounds.write(tmp_path / "other.flac", song(2)))
    assert recognise(ear=ear).indexed == 2
    shutil.rmtree(ear.folder)
    assert recognise(ear=ear).indexed == 2
    copy = bring(ear, sounds.write_kind(tmp_path, "wav", song(2)))
    assert [match.name for match in held_like(asset=copy, ear=ear).alike] == [other.key]
    other.delete()
    assert held_like(asset=copy, ear=ear).alike == (), "at once, though the index still has it"
    copy.delete()
    assert recognise(ear=ear).forgotten == 2
    assert index_of(ear).names() == {held.key}
