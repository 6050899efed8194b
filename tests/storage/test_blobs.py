"""Blobs in a local folder: created once, whole or not at all, with our errors."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from alpheus.storage import blobs as blobs_file
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobCorrupt, BlobMissing, StorageError, StoreUnavailable


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "objects with space"


@pytest.fixture
def blobs(folder):
    return Blobs.open(folder.as_uri())


def test_a_folder_is_made_when_absent(blobs, folder):
    assert folder.is_dir()


def test_a_blob_is_created_once_and_never_changed(blobs):
    assert blobs.put("assets/ab/one", b"first") is True
    assert blobs.put("assets/ab/one", b"second") is False
    assert blobs.get("assets/ab/one") == b"first"


def test_a_file_is_created_once_and_never_changed(blobs, tmp_path, monkeypatch):
    monkeypatch.setattr(blobs_file, "PIECE_BYTES", 1000)
    content = os.urandom(12_345)
    (tmp_path / "pack").write_bytes(content)
    assert blobs.put_file("packs/x.a", tmp_path / "pack") is True
    (tmp_path / "pack").write_bytes(b"other")
    assert blobs.put_file("packs/x.a", tmp_path / "pack") is False
    assert blobs.get("packs/x.a") == content


def test_one_of_many_writers_at_once_wins_and_all_see_its_bytes(blobs):
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: blobs.put("race", str(n).encode() * 1000), range(64)))
    assert sum(won) == 1
    assert blobs.get("race") == str(won.index(True)).encode() * 1000


def test_ranges(blobs):
    blobs.put("ten", b"0123456789")
    assert blobs.get_range("ten", 3, 4) == b"3456"
    assert asyncio.run(blobs.get_range_async("ten", 9, 1)) == b"9"
    assert asyncio.run(blobs.get_async("ten")) == b"0123456789"


def test_a_range_past_the_end_is_said_and_never_short(blobs):
    blobs.put("ten", b"0123456789")
    with pytest.raises(BlobCorrupt):
        blobs.get_range("ten", 5, 6)
    with pytest.raises(BlobCorrupt):
        asyncio.run(blobs.get_range_async("ten", 5, 6))
    with pytest.raises(StorageError):
        blobs.get_range("ten", 11, 1)


@pytest.mark.parametrize("read", ["get", "get_async", "get_range", "get_range_async"])
def test_a_missing_blob_is_said_by_name(blobs, read):
    arguments = ("no/such", 0, 1) if "range" in read else ("no/such",)
    with pytest.raises(BlobMissing, match="no/such"):  # noqa: PT012 - an async read must be awaited
        answer = getattr(blobs, read)(*arguments)
        asyncio.run(answer)


def test_exists_listing_delete(blobs):
    blobs.put("a/one", b"1")
    blobs.put("a/deep/two", b"22")
    blobs.put("b/three", b"333")
    assert blobs.exists("a/one")
    assert not blobs.exists("a")
    assert sorted(blobs.listing("a")) == [("a/deep/two", 2), ("a/one", 1)]
    assert len(list(blobs.listing(""))) == 3
    blobs.delete("a/one")
    blobs.delete("a/one")
    assert not blobs.exists("a/one")


def test_a_write_that_breaks_leaves_nothing(blobs, folder, tmp_path, monkeypatch):
    def breaks(_):
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs_file, "_pieces", breaks)
    with pytest.raises(StoreUnavailable, match="No space left"):
        blobs.put_file("packs/x.a", tmp_path / "pack")
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert not blobs.exists("packs/x.a")


def test_a_draft_being_written_is_not_listed(blobs, folder):
    (folder / "a").mkdir()
    (folder / "a" / "one#123").write_bytes(b"half")
    assert list(blobs.listing("a")) == []


@pytest.mark.parametrize("path", ["", "../x", "a/../../x", "/etc/passwd", "a//b", "a/", "a#1", "a\\b"])
def test_names_that_climb_out_are_refused(blobs, path):
    with pytest.raises(StorageError):
        blobs.put(path, b"x")
    with pytest.raises(StorageError):
        blobs.get(path)


@pytest.mark.parametrize("url", ["", "objects", "ftp://host/x", "file:///proc/none/such"])
def test_an_unusable_url_is_said(url):
    with pytest.raises(StoreUnavailable):
        Blobs.open(url)


def test_s3_is_opened_by_url(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert isinstance(Blobs.open("s3://bucket/prefix"), Blobs)
