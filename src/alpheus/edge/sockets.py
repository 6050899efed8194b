"""Sockets as our servers want them: no more than the process may hold, and none that takes nothing for long."""

import asyncio
import contextlib
import os
import resource
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from alpheus.edge.logs import note

FILES_KEPT = 128
"""Files that are no connections: key log, objects being read, the server's own."""
_TCP_INFO = struct.Struct("=B43xI4xI")
"""State, milliseconds since data was last sent, and since it was last received (linux/tcp.h, `struct tcp_info`)."""
_ESTABLISHED = 1
_OPEN_FILES = (Path("/proc/self/fd"), Path("/dev/fd"))


def most_connections(wanted: int) -> int:
    """How many connections this process can hold, its limit of open files raised as far as it may be.

    A server that cannot open a socket for who knocks fails in ways of its own; who waits in the kernel loses nothing.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + FILES_KEPT
    if soft < needed:
        higher = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (higher, hard))
            soft = higher
    if soft >= needed:
        return wanted
    most = max(1, soft - FILES_KEPT) if soft > 2 * FILES_KEPT else max(1, soft // 2)
    note("fewer connections than asked for: open files are limited", level=30, connections=most, files=soft)
    return most


def time_out(*, idle_seconds: float) -> int:
    """Let the kernel end connections whose other end takes nothing, or is gone without a word.

    The server itself times requests, not answers: who asks for a segment and never reads it would keep it in memory for
    ever. Set on the listening sockets, from which connections inherit it; gives how many of those there are.
    """
    count, ports = 0, set()
    for listening in _listening():
        count += 1
        with listening:
            _time_out(listening, idle_seconds)
            ports.add(listening.getsockname()[1])
    # Who was let in before that inherited nothing.
    for found in _sockets():
        with found, contextlib.suppress(OSError):
            if ports and _local_port(found) in ports:
                _time_out(found, idle_seconds)
    return count


def _time_out(one: socket.socket, idle_seconds: float) -> None:
    one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(idle_seconds * 1000))


def _local_port(one: socket.socket) -> int | None:
    return one.getsockname()[1] if one.family in {socket.AF_INET, socket.AF_INET6} else None


def hang_up_silent(port: int, *, idle_seconds: float) -> int:
    """End connections to a port over which nothing came or went for so long; gives how many.

    For TLS, where the server times a handshake and a request's headers but not the silence between the two, nor that of
    an HTTP/2 connection. Asks the kernel about each, which takes some microseconds. Linux.
    """
    ended = 0
    for found in _sockets():
        with found, contextlib.suppress(OSError):
            if _local_port(found) == port:
                state, *silences_ms = _TCP_INFO.unpack(
                    found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
                )
                if state == _ESTABLISHED and min(silences_ms) > idle_seconds * 1000:
                    found.shutdown(socket.SHUT_RDWR)
                    ended += 1
    return ended


async def watch(port: int, *, idle_seconds: float) -> None:
    """End silent connections to a port again and again, where the kernel tells of silence (Linux)."""
    while hasattr(socket, "TCP_INFO"):
        await asyncio.sleep(idle_seconds / 3)
        await asyncio.to_thread(hang_up_silent, port, idle_seconds=idle_seconds)


def _listening() -> Iterator[socket.socket]:
    """This process's listening sockets, as duplicates to be closed."""
    for found in _sockets():
        if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            yield found
        else:
            found.close()


def _sockets() -> Iterator[socket.socket]:
    """This process's sockets, as duplicates to be closed."""
    folder = next(path for path in _OPEN_FILES if path.is_dir())
    for number in map(int, os.listdir(folder)):  # noqa: PTH208 - numbers, not paths
        try:
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            duplicate = os.dup(number)
        except OSError:  # closed meanwhile
            continue
        yield socket.socket(fileno=duplicate)
