"""Servers pinned to one core and a client pinned to another; what a request costs the server in CPU time."""

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SERVER_CORE, CLIENT_CORE = 0, 1
_BUFFER_BYTES = 1 << 20
_PIECE_BYTES = 8192
"""Read in pieces as wrk does. A client that swallows 64 KiB at once spares nginx half of its work (16 us a segment
instead of 29), which no player over a network does; it makes no difference to a server that copies."""


def pin(core: int) -> None:
    """Keep this process on one core, where there is more than one."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


def started(command: Sequence[str], *, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a server on the server's core."""
    return subprocess.Popen(
        command,
        env=os.environ | (environment or {}),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: pin(SERVER_CORE),  # noqa: PLW1509 - no threads here
    )


def free_port() -> int:
    """A TCP port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, seconds: float = 20.0) -> None:
    """Wait until something listens.

    Raises:
        TimeoutError: nothing does.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


def cpu_seconds(pid: int) -> float:
    """CPU time, user and system, of a process, its threads and its children that live.

    From the scheduler's own nanoseconds (/proc/PID/task/TID/schedstat): the ticks in /proc/PID/stat are samples, which
    miss a server that works for microseconds and waits.
    """
    return sum(_thread_seconds(one) for one in (pid, *_children(pid)))


def _thread_seconds(pid: int) -> float:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


@dataclass(frozen=True)
class Reply:
    """A response's status and body."""

    status: int
    body: bytes


class Connection:
    """One keep-alive connection, written to and read from by turns."""

    def __init__(self, port: int, *, trust: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = trust.wrap_socket(plain, server_hostname="localhost") if trust else plain
        self._buffer = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, request: bytes) -> None:
        """Send a request."""
        self._socket.sendall(request)

    def read(self) -> Reply:
        """Read its response, which must state the length of its body where it has one."""
        if not self._buffer:  # one that never asks needs none
            self._buffer = bytearray(_BUFFER_BYTES)
        view = memoryview(self._buffer)
        got = 0
        while (end := self._buffer.find(b"\r\n\r\n", 0, got)) < 0:
            got += self._more(view[got:])
        head = bytes(view[:end]).lower()
        stated = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        length = int(stated) if stated else 0
        whole = end + 4 + length
        while got < whole:
            got += self._more(view[got:])
        return Reply(int(head[9:12]), bytes(view[end + 4 : whole]))

    def _more(self, view: memoryview) -> int:
        count = self._socket.recv_into(view[:_PIECE_BYTES])
        if count == 0:
            raise ConnectionError("the server closed a connection")
        return count


def get(path: str) -> bytes:
    """A GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """A POST request."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def cost_us(pid: int, run: Callable[[], int]) -> float:
    """Microseconds of the server's CPU per request; `run` makes requests and says how many."""
    before = cpu_seconds(pid)
    count = run()
    return (cpu_seconds(pid) - before) / count * 1e6
