"""An object store over the network that is slow, fails every other time, is away, or lies: who is cached plays on."""

import asyncio
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from edge.kit import RATE, Site, want

from alpheus.storage.blobs import Blobs


class Bucket:
    """S3's GET with a range over a folder, as ill as it is told to be."""

    def __init__(self, folder):
        self.folder = folder
        self.pause, self.every, self.away, self.lie = 0.0, 0, False, False
        self.asked = 0
        self._lock = threading.Lock()

    def turn(self):
        """Count a request; whether it is one that fails."""
        with self._lock:
            self.asked += 1
            return bool(self.every) and self.asked % self.every == 0

    @contextmanager
    def served(self):
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                fails = bucket.turn()
                time.sleep(bucket.pause)
                if bucket.away:
                    self.close_connection = True
                    self.connection.close()
                    return
                path = bucket.folder / self.path.partition("?")[0].removeprefix("/music/")
                if fails or not path.is_file():
                    self.reply(503 if fails else 404, b"")
                    return
                data = path.read_bytes()
                first, last = 0, len(data) - 1
                if "Range" in self.headers:
                    first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
                part = data[first : last + 1]
                if bucket.lie:
                    part = part[:100] + bytes((part[100] ^ 1,)) + part[101:]
                self.reply(206 if "Range" in self.headers else 200, part, f"bytes {first}-{last}/{len(data)}")

            def reply(self, status, body, span=""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", '"one"')
                self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
                if span and status == 206:
                    self.send_header("Content-Range", span)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An edge that reads over the network, and its bucket."""
    site = Site(tmp_path, store_timeout_seconds=3.0)
    bucket = Bucket(tmp_path / "objects")
    with bucket.served() as url:
        for name, value in {
            "AWS_ENDPOINT_URL": url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        site.edge.store._blobs = Blobs.open("s3://music")
        yield site, bucket
    site.edge.close()


async def pressed(site, index, *, ahead_seconds=1):
    me = site.listener()
    gid, token = me.grant(index)
    answer = await site.post(
        me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=ahead_seconds
    )
    return me, gid, answer


async def settled(site):
    while site.edge._warming:
        await asyncio.gather(*site.edge._warming, return_exceptions=True)


async def test_slow_who_is_cached_plays_on_and_others_wait_for_one_read(house):
    site, bucket = house
    cached, cold = site.rendition(samples=60 * RATE), site.rendition(samples=60 * RATE)
    _, _, answer = await pressed(site, cached, ahead_seconds=20)
    await settled(site)
    bucket.pause, asked = 0.5, bucket.asked
    for item in answer["released"]:
        await site.heard(item)
    assert bucket.asked == asked, "nothing of it was asked of the store"
    many = await asyncio.gather(*(pressed(site, cold) for _ in range(20)))
    bodies = await asyncio.gather(*(site.heard(one["released"][0]) for _, _, one in many))
    assert all(bodies)
    assert bucket.asked - asked <= 3, "an index and two packs, for twenty listeners"


async def test_failing_every_other_time_everybody_hears_in_the_end(house):
    site, bucket = house
    bucket.every = 2
    for _ in range(5):
        index = site.rendition(samples=20 * RATE)
        for _ in range(20):
            _, _, answer = await pressed(site, index)
            if answer.status == 200:
                break
            assert (answer.status, answer["code"]) == (503, "store_unavailable")
        for _ in range(20):
            got = await site.get(answer["released"][0]["url"])
            if got.status == 200:
                break
            assert got.status == 503
            assert got.headers["retry-after"]
        assert got.status == 200
    assert site.edge.metrics.corrupt.total == 0, "a store that fails is not one that lies"


async def test_away_who_is_cached_plays_on_and_others_are_told_and_recover(house):
    site, bucket = house
    cached, cold = site.rendition(samples=60 * RATE), site.rendition(samples=60 * RATE)
    me, gid, answer = await pressed(site, cached, ahead_seconds=12)
    await settled(site)
    bucket.away = True
    for item in answer["released"]:
        await site.heard(item)
    refused = (await pressed(site, cold))[2]
    assert (refused.status, refused["code"]) == (503, "store_unavailable")
    assert refused.headers["retry-after"]
    follows = await site.post(me.stream, sequence=1, want=[want(gid, 6)], ahead_seconds=1)
    assert follows.status == 200, "keys do not need the store"
    assert (await site.get(follows["released"][0]["url"])).status == 503
    bucket.away = False
    await settled(site)
    assert (await site.get(follows["released"][0]["url"])).status == 200
    assert (await pressed(site, cold))[2].status == 200


async def test_what_arrives_damaged_is_refused_reported_and_mended(house):
    site, bucket = house
    index = site.rendition()
    await site.edge.delivery._renditions.open(index.asset, "aac-128")
    bucket.lie = True
    _, _, answer = await pressed(site, index)
    await settled(site)
    url = answer["released"][0]["url"]
    refused = await site.get(url)
    assert (refused.status, b"segment_corrupt" in refused.body) == (503, True)
    state = await site.internal("state", method="GET")
    assert index.asset in state["damaged"][0]["object"]
    bucket.lie = False
    assert (await site.get(url)).status == 200
