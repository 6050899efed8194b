"""After two whole tracks, nothing of the music is on the device: not plain, not encrypted, not in deleted files.

The browser's profile, caches, home and temporary folder all lie on a small file system of their own, mounted from an
image where that is permitted, so that the raw image shows deleted files too; it is mounted synchronously, so that
even what was deleted at once reached it. Controls in the same place must find a plainly played file and a
planted run, or this test proves nothing and fails.
"""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen

import av
import numpy as np
import pytest
from journeys.browsers import opened, wait_for
from journeys.forensics import Needle, search_file, search_folder, search_open_deleted
from journeys.playing import TIME, TIMELINE_STARTS, press_own, press_play
from journeys.recordings import LONG_LENGTH, RATE_HZ, compose

from alpheus.packaging.rendition import RENDITIONS, read_index
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobMissing
from alpheus.storage.keys import unseal, unwrap

pytestmark = pytest.mark.journey

IMAGE_BYTES = 768 * 2**20
SETTLE_SECONDS = 4
HELD_SECONDS_MAX = 20
FOLLOWER = 9
"""Which of the album is played after the long one: the longest of it."""
STATE = (
    "const { element, state, trouble, position } = window.alpheus;"
    " return { state, trouble, position, readyState: element.readyState, paused: element.paused };"
)


@dataclass
class Disk:
    """Where a browser keeps everything it writes."""

    home: Path
    image: Path | None
    began: float


@contextlib.contextmanager
def small_disk(folder):
    """A file system in an image, or a plain folder where mounting is not permitted (then deleted files go unseen)."""
    image, home = folder / "disk.ext4", folder / "home"
    home.mkdir()
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    mounted = _ran("mkfs.ext4", "-q", str(image)) and _ran("mount", "-o", "loop,sync", str(image), str(home))
    if not mounted:
        warnings.warn(
            "no image could be mounted here: files deleted meanwhile were not searched", stacklevel=3
        )
    try:
        yield Disk(home=home, image=image if mounted else None, began=time.time())
    finally:
        if mounted:
            _unmount(home)


def _ran(*command):
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _unmount(home):
    for _ in range(50):
        if not os.path.ismount(home) or _ran("umount", str(home)):
            return
        time.sleep(0.2)
    _ran("umount", "-l", str(home))


def traces(needle, disk, pids):
    """Every run of the needle that is anywhere a browser could have put it, now."""
    os.sync()
    elsewhere = Path(tempfile.gettempdir())
    runs = search_folder(needle, disk.home)
    runs += search_folder(needle, Path("/dev/shm"), changed_since=disk.began)
    runs += [
        run
        for path in elsewhere.iterdir()
        if not path.is_dir() and _changed(path, disk.began)
        for run in search_file(needle, path)
    ]
    runs += [
        run
        for path in elsewhere.iterdir()
        if path.is_dir()
        and path.name.startswith((".org.chromium", "org.chromium", "Temp-", "mozilla", "rust_moz"))
        for run in search_folder(needle, path)
    ]
    runs += search_open_deleted(needle, pids)
    if disk.image:
        runs += search_file(needle, disk.image, name="the raw image")
    return runs


def _changed(path, since):
    try:
        return path.is_file() and path.stat().st_mtime >= since
    except OSError:
        return False


def plain_chunks(house, title):
    """Everything the object store holds of a recording, opened: every rendition, both variants."""
    blobs = Blobs.open((house.installation.data / "objects").as_uri())
    asset = house.assets[title]
    for name in RENDITIONS:
        try:
            index = read_index(blobs, asset, name)
        except BlobMissing:
            continue
        key = unwrap(house.installation.kek, index.wrapped_key, context=index.context)
        for variant in (0, 1):
            pack, at = blobs.get(index.pack_path(variant)), 0
            for chunk, size in enumerate(index.chunk_bytes(variant)):
                yield unseal(key, pack[at : at + size], variant=variant, chunk=chunk, context=index.context)
                at += size


class Collector:
    """Fetches what the player fetched, from outside: the ciphertext as it was served."""

    def __init__(self, house):
        self._edge = house.installation.edge_url
        self.segments = {}
        self.failed = []

    def collect(self, browser):
        urls = browser.run(
            "return performance.getEntriesByType('resource').map((entry) => entry.name)"
            ".filter((name) => new URL(name).pathname.startsWith('/s/'));"
        )
        for url in urls:
            if url in self.segments:
                continue
            try:
                with urlopen(urljoin(self._edge, url), timeout=20) as answer:
                    self.segments[url] = answer.read()
            except HTTPError as error:
                self.failed.append((url, error.code))


def test_nothing_of_the_music_is_left(browser_name, playwright, house, sound_device, home):
    recording, follower = house.recording(house.long.title), house.album[FOLLOWER]
    end = TIMELINE_STARTS + (LONG_LENGTH + len(follower.left)) / RATE_HZ
    collector = Collector(house)
    with small_disk(home) as disk:
        with opened(browser_name, playwright, disk.home, sound=sound_device, free_autoplay=True) as browser:
            press_play(browser, f"{house.url}/recording/{recording}")
            press_own(browser, enqueue=[house.recording(follower.title)])
            until = time.monotonic() + end + 60
            while browser.run(f"return {TIME};") < end - 0.2:
                collector.collect(browser)
                held = browser.run("return window.alpheus.stats.secondsInMemory;")
                assert held < HELD_SECONDS_MAX, f"{held:.1f} s of music are held in memory"
                assert time.monotonic() < until, f"the recording never came to its end: {browser.run(STATE)}"
                time.sleep(1)
            collector.collect(browser)
            assert not collector.failed, f"segments could not be fetched again: {collector.failed}"
            assert browser.run("return window.alpheus.stats.joins;") == 1, "the second one followed"
            assert len(collector.segments) >= LONG_LENGTH // 176_128 + len(follower.left) // 176_128
            chunks = [*plain_chunks(house, house.long.title), *plain_chunks(house, follower.title)]
            needle = Needle([*chunks, *collector.segments.values()])
            assert needle.left_out_bytes < 0.01 * needle.size
            found = traces(needle, disk, browser.pids)
            assert not found, f"while playing: {found[:10]}"
        time.sleep(SETTLE_SECONDS)
        found = traces(needle, disk, [])
        assert not found, f"after closing: {found[:10]}"
        plant_and_find(needle, disk, next(iter(collector.segments.values())))


def plant_and_find(needle, disk, segment):
    """A run of 64 bytes must be found wherever one is looked for: the search works here."""
    run = segment[1_000:1_064]
    noise = np.random.default_rng(1).bytes(5_001)
    profile = disk.home / "profile"
    kept, deleted = profile / "planted", profile / "planted-and-deleted"
    with (
        tempfile.NamedTemporaryFile(dir="/dev/shm") as shared,
        tempfile.NamedTemporaryFile() as temporary,
        tempfile.TemporaryDirectory(prefix=".org.chromium.") as folder,
        tempfile.TemporaryFile(dir=profile) as held,
    ):
        inside = Path(folder) / "planted"
        named = [kept, deleted, Path(shared.name), Path(temporary.name), inside]
        for at, path in enumerate(named):
            place = 17 + 997 * at
            path.write_bytes(noise[:place] + run + noise[place:])
        held.write(noise + run)
        held.flush()
        found = {hit.where for hit in traces(needle, disk, [os.getpid()]) if hit.length >= 64}
        for path in named:
            assert str(path) in found, f"what was planted at {path} was not found"
        assert any(where.startswith(f"{os.getpid()}: ") for where in found), (
            "nor what is held open though deleted"
        )
    kept.unlink()
    deleted.unlink()
    if disk.image:
        os.sync()
        assert search_file(needle, disk.image), "a deleted run was not found in the raw image"


@pytest.fixture
def plain_site(tmp_path):
    """What others do: a page with a plain <audio> element and a file that may be cached."""
    site = tmp_path / "site"
    site.mkdir()
    samples = compose(5, 20 * RATE_HZ)
    with av.open(str(site / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=RATE_HZ)
        stream.bit_rate, stream.layout = 128_000, "stereo"
        for start in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples[start : start + 1024].T), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts = RATE_HZ, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (site / "index.html").write_text('<audio src="sound.mp4" controls preload="auto"></audio>')
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html", (site / "sound.mp4").read_bytes()
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Files that browsers may keep for a day."""

    def end_headers(self):
        self.send_header("Cache-Control", "public, max-age=86400")
        super().end_headers()

    def log_message(self, *arguments):
        pass


def test_a_plainly_played_file_is_found_by_the_same_search(
    browser_name, playwright, plain_site, sound_device, home
):
    url, file = plain_site
    with small_disk(home) as disk:
        with opened(browser_name, playwright, disk.home, sound=sound_device, free_autoplay=True) as browser:
            browser.visit(url)
            browser.run("await document.querySelector('audio').play(); return 0;")
            wait_for(browser, f"{TIME} > 3")
            wait_for(
                browser,
                "(() => { const b = document.querySelector('audio').buffered;"
                " return b.length === 1 && b.end(0) > 19.9; })()",
            )
            time.sleep(SETTLE_SECONDS)
        time.sleep(SETTLE_SECONDS)
        needle = Needle([file])
        share = needle.share_found(search_folder(needle, disk.home))
        assert share >= 0.99, (
            f"only {share:.1%} of a plainly played file was found: the search proves nothing"
        )
