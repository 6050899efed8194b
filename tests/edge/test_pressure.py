"""An edge under pressure, as a process over the wire: slow, silent and hostile clients, a full disk, few files, SIGTERM.

Each time somebody else listens meanwhile and hears every sample. What an edge may hold is bounded by its own accounting:
bytes in the cloud cache, streams, connections; `make bench B=slow` measures what that is in memory, at full size.
"""

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import threading
import time

import pytest
from connections import is_hung_up, is_hung_up_over_tls, sockets_of
from edge.kit import RATE, make_rendition, new_id, want
from edge.serving import Server, listener, metric, play

from alpheus.edge.chain import files, read

IDLE_SECONDS = 1.0
PATIENCE_SECONDS = 60


@pytest.fixture
def started(tmp_path):
    """Starts edges, and ends them."""
    made = []

    def start(**changed):
        values = {"idle_seconds": IDLE_SECONDS, "posts_per_second": 1e6, "posts_burst": 10**6} | changed
        made.append(Server(tmp_path, **values))
        return made[-1]

    yield start
    for server in made:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def long_piece(server):
    return make_rendition(server.blobs, asset=new_id(), samples=600 * RATE)


def connected(server, *, window_bytes=0):
    """A connection; `window_bytes` keeps the kernel from taking an answer that nobody reads."""
    made = socket.socket()
    if window_bytes:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
    made.settimeout(PATIENCE_SECONDS)
    made.connect(("127.0.0.1", server.port))
    return made


def get(url):
    return f"GET {url} HTTP/1.1\r\nHost: edge\r\n\r\n".encode()


def connections(server):
    """How many the edge holds, as the kernel counts its sockets, the listening one aside."""
    return sockets_of(server.process)


def hears(server, index, *, rounds):
    """Listen on, sample by sample right, on a stream of one's own."""
    me = listener()
    grant = me.grant(index)
    for number in range(rounds):
        assert play(server, me, index, sequence=number, segment=2 * number, grant=grant)


class Crowd:
    """Threads that do something until they are told to stop."""

    def __init__(self, count, do):
        self._stopping = threading.Event()
        self._failures = []
        self.rounds = 0

        def run():
            try:
                while not self._stopping.is_set():
                    do(self._stopping)
                    self.rounds += 1
            except Exception as error:  # noqa: BLE001 - shown when the crowd is sent home
                self._failures.append(error)

        self._threads = [threading.Thread(target=run) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        assert not self._failures, self._failures[0]


def test_slow_readers_get_all_of_it_and_disturb_nobody(started):
    server = started(lead_seconds=1e6)
    index = long_piece(server)
    item = play(server, listener(), index)[0]
    whole = server.request("GET", item["url"]).data

    def read_slowly(stopping):
        with connected(server, window_bytes=4096) as connection:
            connection.sendall(get(item["url"]))
            got = b""
            while b"\r\n\r\n" not in got or len(got.partition(b"\r\n\r\n")[2]) < len(whole):
                piece = connection.recv(3200)
                assert piece, "cut off"
                got += piece
                if not stopping.is_set():
                    time.sleep(0.1)  # 32 kB/s
            assert got.partition(b"\r\n\r\n")[2] == whole

    with Crowd(40, read_slowly) as crowd:
        hears(server, index, rounds=6)
    assert crowd.rounds >= 40


def test_what_it_holds_is_bounded_however_much_is_asked(started):
    server = started(cache_bytes=2**20, streams_max=20, lead_seconds=1e6)
    index = long_piece(server)
    for _ in range(30):
        me = listener()
        gid, token = me.grant(index)
        answer = server.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=120)
        for item in answer.json["released"]:
            assert server.request("GET", item["url"]).status == 200
        held = metric(server, "alpheus_edge_cache_chunks_bytes") + metric(
            server, "alpheus_edge_cache_blends_bytes"
        )
        assert held <= 2**20
    assert metric(server, "alpheus_edge_streams") == 20
    assert metric(server, "alpheus_edge_cache_evictions_total") > 0


def test_silent_connections_are_hung_up(started):
    server = started()
    index = long_piece(server)
    idle = [connected(server) for _ in range(300)]
    spoken = [connected(server) for _ in range(20)]
    for connection in spoken:
        connection.sendall(get("/healthz"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    hears(server, index, rounds=2)
    assert all(is_hung_up(connection) for connection in (*idle, *spoken))


def test_headers_that_trickle_are_hung_up(started):
    server = started()

    def trickle(stopping):
        with connected(server) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(b"GET /healthz HTTP/1.1\r\n")
            until = time.monotonic() + PATIENCE_SECONDS
            while not stopping.is_set():
                assert time.monotonic() < until, "held for ever"
                connection.sendall(b"x: y\r\n")
                time.sleep(0.05)

    with Crowd(20, trickle) as crowd:
        hears(server, long_piece(server), rounds=2)
        while crowd.rounds < 20:
            time.sleep(0.05)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the kernel has no such time limit")
def test_who_asks_and_never_reads_is_hung_up(started):
    server = started()
    index = long_piece(server)
    item = play(server, listener(), index)[0]
    before = connections(server)
    greedy = [connected(server, window_bytes=2048) for _ in range(30)]
    for connection in greedy:
        connection.sendall(get(item["url"]) * 20)
    hears(server, index, rounds=2)
    until = time.monotonic() + PATIENCE_SECONDS
    while connections(server) > before:
        assert time.monotonic() < until, "held for ever"
        time.sleep(0.1)
    for connection in greedy:
        connection.close()


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel does not tell")
@pytest.mark.parametrize("protocol", [None, "http/1.1", "h2"])
def test_silence_over_tls_is_hung_up_before_and_after_the_handshake(started, certificate, protocol):
    server = started(tls=certificate)
    with connected(server) as plain:
        assert is_hung_up_over_tls(plain, certificate, protocol)


@pytest.mark.skipif(
    "HTTP2" not in subprocess.run(["curl", "--version"], capture_output=True, text=True, check=False).stdout
    if shutil.which("curl")
    else True,
    reason="no curl that speaks HTTP/2",
)
def test_a_segment_over_http2(started, certificate, tmp_path):
    server = started(tls=certificate)
    item = play(server, listener(), long_piece(server))[0]
    command = [
        "curl",
        "-sS",
        "--http2",
        "--cacert",
        certificate[0],
        "-o",
        tmp_path / "got",
        "-w",
        "%{http_version}",
    ]
    done = subprocess.run(
        [*command, f"https://localhost:{server.port}{item['url']}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "2"
    assert (tmp_path / "got").read_bytes() == server.request("GET", item["url"]).data


def test_more_connections_than_may_be_wait_and_are_served(started):
    server = started(connections_max=8)
    crowd = [connected(server) for _ in range(20)]
    hears(server, long_piece(server), rounds=1)
    for connection in crowd:
        connection.close()


def test_with_few_files_it_holds_fewer_connections_and_serves_on(started):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    try:
        server = started(connections_max=100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    held, _ = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    assert held == min(100_000 + 128, limits[1]), "raised as far as it may be"
    hears(server, long_piece(server), rounds=1)


def test_forged_names_and_grants_at_line_speed(started):
    server = started(posts_per_second=4.0, posts_burst=100, lead_seconds=1e6)
    index = long_piece(server)
    item = play(server, listener(), index)[0]
    forged = [
        get(f"/s/{new_id()}{new_id()}"[:59]),
        get("/s/" + item["url"][3:59] + "?t=1.x"),
        get("/s/x" * 60),
    ]
    expected = {b"404", b"403"}

    def forge_names(_stopping):
        with connected(server) as connection:
            for request in forged * 10:
                connection.sendall(request)
                status = connection.recv(4096).split(b" ", 2)[1]
                assert status in expected, status

    def forge_grants(_stopping):
        me = listener()
        _, token = me.grant(index)
        changed = token[:-8] + "AAAAAAAA"
        for number in range(10):
            answer = server.post(new_id(), sequence=number, grants=[changed], want=[])
            assert answer.status == 401, answer.data

    with Crowd(3, forge_names) as names, Crowd(2, forge_grants) as grants:
        hears(server, index, rounds=6)
        while names.rounds < 30 or grants.rounds < 4:
            time.sleep(0.05)
    assert metric(server, "alpheus_edge_streams") == 2, "two listeners; nobody is remembered who was forged"
    assert metric(server, "alpheus_edge_accounts") <= 2
    assert metric(server, "alpheus_edge_refused_total") >= 30 * 30 + 40
    assert metric(server, "alpheus_edge_at_once_total") <= metric(server, "alpheus_edge_requests_total")


@contextlib.contextmanager
def small_disk(folder):
    """A file system of half a megabyte, where this user may mount one; gives how to fill it and how to empty it."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    filler = folder / "filler"

    def fill(_server):
        with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        assert os.statvfs(folder).f_bavail == 0

    try:
        yield fill, lambda _server: filler.unlink()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def limited_files(_folder):
    """Files may grow no further, for who may not mount."""
    yield (
        lambda server: resource.prlimit(
            server.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY)
        ),
        lambda server: resource.prlimit(
            server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        ),
    )


@pytest.mark.parametrize("disk", [small_disk, limited_files])
def test_a_full_disk_refuses_keys_and_recovers(started, tmp_path, disk):
    with disk(tmp_path / "small") as (fill, empty):
        server = started(keylog=tmp_path / "small" / "keylog", lead_seconds=1e6)
        index = long_piece(server)
        me = listener()
        grant = me.grant(index)
        first = play(server, me, index, grant=grant)
        fill(server)
        sequence, refused = 1, []
        while len(refused) < 3:
            answer = server.post(
                me.stream, sequence=sequence, want=[want(grant[0], sequence)], ahead_seconds=3
            )
            if answer.status == 200:
                assert sequence < 50, "the disk is not full"
                sequence += 1  # what was left of the last block took one record more
            else:
                refused.append(answer.json)
        assert {problem["code"] for problem in refused} == {"key_log_unavailable"}
        assert "released" not in refused[0]
        assert server.request("GET", "/healthz").status == 503
        assert server.request("GET", first[0]["url"]).status == 200, "what was released is heard on"
        empty(server)
        again = play(server, me, index, sequence=sequence, segment=sequence, grant=grant)
        assert [item["segment"] for item in again] == [sequence, sequence + 1], "the same sequence"
        assert server.request("GET", "/healthz").status == 200
        assert server.stop() == 0
        records = [record for path in files(server.options.keylog) for record in read(path)]
        mine = [record["seq"] for record in records if record.get("stream") == me.stream]
        assert mine == list(range(sequence + 1)), "what was answered is written, once, and nothing else is"


def test_sigterm_lets_a_slow_reader_finish_and_seals_the_log(started):
    server = started(drain_seconds=30.0)
    item = play(server, listener(), long_piece(server))[0]
    whole = server.request("GET", item["url"]).data
    with connected(server, window_bytes=2048) as slow, connected(server) as idle:
        slow.sendall(get(item["url"]))
        got = slow.recv(1000)
        server.process.terminate()
        while piece := slow.recv(2000):
            got += piece
            time.sleep(0.005)
        assert got.partition(b"\r\n\r\n")[2] == whole
        assert is_hung_up(idle)
    assert server.process.wait(timeout=PATIENCE_SECONDS) == 0
    assert list(read(files(server.options.keylog)[-1]))[-1]["seal"] is True


def test_sigterm_does_not_wait_for_who_takes_nothing(started):
    server = started(drain_seconds=0.5, idle_seconds=3600.0)
    item = play(server, listener(), long_piece(server))[0]
    with connected(server, window_bytes=2048) as stuck:
        stuck.sendall(get(item["url"]) * 20)
        server.process.terminate()
        assert server.process.wait(timeout=PATIENCE_SECONDS) == 0
    assert list(read(files(server.options.keylog)[-1]))[-1]["seal"] is True
