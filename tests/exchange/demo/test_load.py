import types

import numpy as np
import pytest

from alpheus.catalogue.models import Recording, Release
from alpheus.exchange.demo import catalogue, load, render
from alpheus.exchange.demo.synth.sound import RATE_HZ
from alpheus.exchange.demo.words import Line
from alpheus.storage.blobs import Blobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def short(monkeypatch):
    """Two of the releases, with pieces of two seconds, rendered in this process."""

    def piece(name):
        sound = np.random.default_rng(len(name)).normal(0, 0.05, (2 * RATE_HZ, 2)).astype(np.float32)
        return types.SimpleNamespace(render=lambda: sound, words=lambda: (Line(500, "一"), Line(1500, "二")))

    monkeypatch.setattr(render, "import_module", piece)
    monkeypatch.setattr(catalogue, "RELEASES", catalogue.RELEASES[:2])
    monkeypatch.setattr(load.os, "cpu_count", lambda: 1)


@pytest.mark.slow
def test_the_demo_becomes_playable_piece_by_piece_and_loads_once(tmp_path, short):
    blobs, told = Blobs.open((tmp_path / "objects").as_uri()), []

    def run():
        load.load_demo(data=tmp_path, blobs=blobs, kek=bytes(32), on_progress=told.append)

    run()
    playable = [text for text in told if text.startswith("You can play")]
    assert [
        track.title in text for track, text in zip(catalogue.RELEASES[0].tracks, playable, strict=False)
    ] == [True, True]
    for release in catalogue.RELEASES:
        row = Release.objects.get(title=release.title)
        assert (row.notes, row.type, row.language) == (release.notes, release.type, release.language)
        assert row.cover is not None
    guest = Recording.objects.get(title="Postcard with No Island")
    assert [named.name for named in guest.credit.artists.all()] == ["Odile Farrow", "Ines Calloway Quartet"]
    river = Recording.objects.get(title="河不睡")
    assert (river.language, river.lyrics.form, river.lyrics.language) == ("zh-Hans", "lrc", "zh-Hans")
    assert river.credit.artists.get().artist.sort_name == "lu mian"
    assert river.asset.renditions.count() == 4

    told.clear()
    run()
    assert told == ["The demo is loaded already."]
    assert Recording.objects.count() == 3
