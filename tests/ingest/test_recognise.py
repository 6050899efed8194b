"""What is brought in is known by its fingerprint and its samples; what came before is made up for."""

import pytest
from audio import sounds
from ingest.bringing import KEK, bring, store

from alpheus.ingest.manifest import fingerprint_path, manifest_path, read_manifest, read_recognise
from alpheus.ingest.phase_5_recognise import METHOD
from alpheus.ingest.recognise_again import recognise_again
from alpheus.recognition.landmarks import read_peaks
from alpheus.storage.errors import BlobMissing


def forget(folder, asset):
    """Make an asset what it was before there were fingerprints."""
    blobs = store(folder)
    blobs.delete(manifest_path(asset, "recognise"))
    blobs.delete(manifest_path(asset, "examine"))
    blobs.delete(fingerprint_path(asset, METHOD.name))
    return blobs


def again(folder, asset):
    return recognise_again(asset, blobs=store(folder), kek=KEK, scratch=folder / "scratch")


def test_the_same_samples_have_one_digest_in_any_lossless_file(tmp_path):
    song = sounds.music(3.0)
    kinds = ("flac", "wav", "aiff", "alac.m4a")
    digests = {
        bring(sounds.write_kind(tmp_path, kind, song), tmp_path, renditions=[]).recognised.sound_sha256
        for kind in kinds
    }
    assert len(digests) == 1
    other = bring(sounds.write_kind(tmp_path, "flac", 0.5 * song), tmp_path, renditions=[])
    assert other.recognised.sound_sha256 not in digests


@pytest.mark.parametrize("rendition", ["flac", "aac-64"])
def test_what_came_before_is_fingerprinted_from_its_best_rendition(tmp_path, rendition):
    source = sounds.write(tmp_path / "song.flac", sounds.music(6.0))
    manifest = bring(source, tmp_path, renditions=[rendition])
    blobs = forget(tmp_path, manifest.asset)
    assert read_manifest(blobs, manifest.asset).recognised is None

    found = again(tmp_path, manifest.asset)
    assert read_recognise(blobs, manifest.asset) == found
    assert again(tmp_path, manifest.asset) == found
    if rendition == "flac":
        assert found == manifest.recognised
    else:
        assert found.sound_sha256 is None, "its samples are not the source's"
        assert len(read_peaks(blobs.get(fingerprint_path(manifest.asset, METHOD.name)))) > 10
    assert not list((tmp_path / "scratch").iterdir())


def test_a_lossy_source_is_not_digested_from_its_flac(tmp_path):
    source = sounds.write_kind(tmp_path, "mp3", sounds.music(3.0))
    manifest = bring(source, tmp_path, renditions=["flac"])
    forget(tmp_path, manifest.asset)
    assert again(tmp_path, manifest.asset).sound_sha256 is None


def test_an_asset_without_rendition_cannot_be_recognised(tmp_path):
    with pytest.raises(BlobMissing):
        again(tmp_path, "0" * 32)


def test_brought_in_again_it_is_made_up_for(tmp_path):
    source = sounds.write(tmp_path / "song.flac", sounds.music(3.0))
    manifest = bring(source, tmp_path, renditions=["aac-64"])
    forget(tmp_path, manifest.asset)
    assert bring(source, tmp_path, renditions=["aac-64"]) == manifest
