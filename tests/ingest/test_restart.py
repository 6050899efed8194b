"""Killed after any phase and run again, ingest ends as if nothing had happened."""

import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from audio import sounds
from ingest.bringing import KEK, bring, chunks, left_behind, store

import alpheus
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER
from alpheus.ingest.workspace import sweep, workspace

# Runs ingest in a process of its own that kills itself right after a call has returned.
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from alpheus.ingest import ingest, manifest, phase_1_probe, phase_2_decode, phase_3_measure
from alpheus.ingest import phase_4_examine, phase_5_recognise, phase_6_encode
from alpheus.ingest import phase_7_package, phase_8_index
from alpheus.storage.blobs import Blobs
owner, name, calls = {owner}, {name!r}, {calls}
real = getattr(owner, name)
def then_die(*args, **more):
    global calls
    result = real(*args, **more)
    calls -= 1
    if calls == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(owner, name, then_die)
ingest.ingest(
    Path({source!r}), blobs=Blobs.open({url!r}), kek=bytes.fromhex({kek!r}), scratch=Path({scratch!r}),
    on_progress=lambda _: None, on_ready=lambda _: None,
)
"""

# where it dies: what is called, and after which call
DEATHS = {
    "after probe": ("phase_1_probe", "run", 1),
    "after decode": ("phase_2_decode", "run", 1),
    "after probe's manifest": ("manifest", "write", 1),
    "after decode's manifest": ("manifest", "write", 2),
    "after measure": ("phase_3_measure", "run", 1),
    "after measure's manifest": ("manifest", "write", 3),
    "after examining": ("phase_4_examine", "run", 1),
    "after examining's manifest": ("manifest", "write", 4),
    "after recognising": ("phase_5_recognise", "run", 1),
    "after recognising's manifest": ("manifest", "write", 5),
    "while encoding": ("phase_7_package.RenditionWriter", "add", 60),
    "after packaging": ("phase_7_package", "run", 1),
    "after one pack": ("Blobs", "put_file", 1),
    "after both packs": ("Blobs", "put_file", 2),
    "after the first index": ("phase_8_index", "run", 1),
    "while encoding the second": ("phase_7_package.RenditionWriter", "add", 200),
    "after the last index": ("phase_8_index", "run", 4),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    source = sounds.write(folder / "song.flac", sounds.music(2.7))
    return source, folder, bring(source, folder)


@pytest.mark.slow
@pytest.mark.parametrize("death", DEATHS)
def test_killed_and_run_again_it_ends_the_same(death, undisturbed, tmp_path):
    source, reference, expected = undisturbed
    owner, name, calls = DEATHS[death]
    program = KILLED.format(
        paths=[str(Path(alpheus.__path__[0]).parent)], owner=owner, name=name, calls=calls, source=str(source),
        url=(tmp_path / "objects").as_uri(), kek=KEK.hex(), scratch=str(tmp_path / "scratch"),
    )  # fmt: skip
    store(tmp_path)
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    assert bring(source, tmp_path) == expected
    assert len(left_behind(tmp_path)) == len(left_behind(reference))
    for rendition in RENDITIONS_IN_ORDER:
        again, once = (
            chunks(store(f), expected.asset, rendition, lambda n: n % 2)[1] for f in (tmp_path, reference)
        )
        assert again == once


def test_a_failing_store_leaves_no_half(undisturbed, tmp_path, monkeypatch):
    source, _, expected = undisturbed
    blobs = store(tmp_path)
    monkeypatch.setattr(
        type(blobs), "put_file", lambda *_: (_ for _ in ()).throw(OSError("the store is away"))
    )
    with pytest.raises(OSError, match="away"):
        bring(source, tmp_path)
    facts = ("manifest-", "fingerprint-")
    assert not [name for name in left_behind(tmp_path) if not name.rpartition("/")[2].startswith(facts)]
    monkeypatch.undo()
    assert bring(source, tmp_path) == expected


def test_a_living_run_keeps_its_folder_and_a_dead_one_loses_it(tmp_path):
    dead = tmp_path / "alpheus-ingest-dead"
    dead.mkdir()
    (dead / "lock").touch()
    (dead / "samples.f32").write_bytes(bytes(100))
    with workspace(tmp_path) as living:
        assert not dead.exists()
        sweep(tmp_path)
        assert living.exists()
    assert not list(tmp_path.iterdir())


def test_a_folder_swept_away_before_its_lock_is_held_is_made_anew(tmp_path, monkeypatch):
    held, swept = fcntl.flock, []

    def sweep_first(lock, how):
        if (
            how == fcntl.LOCK_EX and not swept
        ):  # another run looks between the making of the lock and our holding it
            swept.append(lock.name)
            sweep(tmp_path)
        return held(lock, how)

    monkeypatch.setattr(fcntl, "flock", sweep_first)
    with workspace(tmp_path) as folder:
        assert swept
        assert not Path(swept[0]).exists()
        (folder / "samples.f32").write_bytes(b"sound")
        sweep(tmp_path)
        assert folder.exists()
    assert not list(tmp_path.iterdir())
