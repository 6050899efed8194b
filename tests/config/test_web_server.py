"""The server of web under silent, slow and many clients, as a process over the wire; the application is a small one."""

import asyncio
import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from connections import is_hung_up, is_hung_up_over_tls, sockets_of
from edge.conftest import certificate  # noqa: F401 - a fixture

from alpheus.config import bodies

PATIENCE_SECONDS = 120
IDLE_SECONDS = 1.0
SERVE = f"""
import sys, types
import uvloop
from alpheus.config import bodies, web_server
async def application(scope, receive, send):
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    text = str(size).encode() if scope["path"] == "/" else b"x" * 3_000_000
    head = [(b"content-length", str(len(text)).encode())]
    await send(dict(type="http.response.start", status=200, headers=head))
    await send(dict(type="http.response.body", body=text))
port, certificate, key = int(sys.argv[1]), *sys.argv[2:4]
settings = types.SimpleNamespace(bind="127.0.0.1", port=port, tls_certificate=certificate, tls_key=key)
uvloop.run(web_server._serve(settings, bodies.Bodies(application), idle_seconds={IDLE_SECONDS}))
"""


class Web:
    """The server on a free port."""

    def __init__(self, tls=("", "")):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.port), *map(str, tls)], stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(OSError), self.connected():
                return
            assert self.process.poll() is None
            assert time.monotonic() < until, "web never listened"
            time.sleep(0.05)

    def connected(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        connection.request("POST", "/", b"12345")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"5")
        connection.close()

    def sockets(self):
        return sockets_of(self.process)


@pytest.fixture
def started():
    made = []

    def start(*given):
        made.append(Web(*given))
        return made[-1]

    yield start
    for web in made:
        web.process.send_signal(signal.SIGKILL)
        web.process.wait()


def test_many_idle_connections_disturb_nobody_and_are_hung_up(started):
    web = started()
    before, most = web.sockets(), 0
    idle = [web.connected() for _ in range(200)]
    until = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < until:
        most = max(most, web.sockets() - before)
    web.answers()
    assert most > 150, "all of them are let in at once; granian alone lets in 128"
    assert all(is_hung_up(connection) for connection in idle)


def test_headers_that_trickle_are_hung_up(started):
    web = started()

    def trickle():
        with web.connected() as connection, contextlib.suppress(ConnectionError):
            connection.sendall(b"GET / HTTP/1.1\r\n")
            until = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < until:
                connection.sendall(b"x: y\r\n")
                time.sleep(0.05)
            held.append(connection)

    held = []
    threads = [threading.Thread(target=trickle) for _ in range(20)]
    for thread in threads:
        thread.start()
    web.answers()
    for thread in threads:
        thread.join()
    assert not held


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the kernel has no such time limit")
def test_who_asks_and_never_reads_is_hung_up(started):
    web = started()
    before = web.sockets()
    greedy = [web.connected() for _ in range(10)]
    for connection in greedy:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: web\r\n\r\n" * 20)
    web.answers()
    until = time.monotonic() + PATIENCE_SECONDS
    while web.sockets() > before:
        assert time.monotonic() < until, "held for ever"
        time.sleep(0.1)
    for connection in greedy:
        connection.close()


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel does not tell")
@pytest.mark.parametrize("protocol", [None, "http/1.1", "h2"])
def test_silence_over_tls_is_hung_up_before_and_after_the_handshake(started, certificate, protocol):  # noqa: F811
    web = started(certificate)
    with web.connected() as plain:
        assert is_hung_up_over_tls(plain, certificate, protocol)


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        (b"Content-Length: 9000000", b"x" * 9_000_000, 413),
        (b"Transfer-Encoding: chunked", b"100000\r\n" + b"x" * 2**20 + b"\r\n", 413),
    ],
    ids=["announced", "not announced"],
)
def test_a_body_without_end_is_refused(started, head, body, status):
    web = started()
    with web.connected() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: web\r\n" + head + b"\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(12 if b"chunked" in head else 1):
                connection.sendall(body)
        assert connection.recv(4096).split(b" ", 2)[1] == str(status).encode()
    web.answers()


async def test_a_body_that_trickles_is_given_up():
    sent = []

    async def application(_scope, receive, send):
        while (message := await receive())["type"] != "http.disconnect":
            assert message.get("more_body")
        await send({"type": "http.response.start", "status": 200})

    async def receive():
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    bounded = bodies.Bodies(application, seconds=0.05)

    async def trickling():
        await asyncio.sleep(0.01)
        return await receive()

    await bounded({"type": "http"}, trickling, send)
    assert [message.get("status") for message in sent] == [408, None]
