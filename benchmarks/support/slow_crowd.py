"""Listeners on slow links: each takes 32 kB/s, in real time, as a player does; in a process of its own.

What their links cannot carry waits in the edge: their own buffers are small.
"""

import asyncio
import json
import multiprocessing
import random
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

import jwt

from benchmarks.support.pinned import CLIENT_CORE, get, pin, post

BYTES_PER_SECOND = 32_000
_PIECE_BYTES = 8192
_RECEIVE_BYTES = 8192
_AHEAD_SECONDS = 11.0


@dataclass(frozen=True)
class Music:
    """What the crowd hears, and the key that signs its grants."""

    port: int
    asset: str
    rendition: str
    samples: int
    segments: int
    grant_key: bytes

    def grant(self, stream: str, account: str) -> tuple[str, str]:
        """Mint what web would: a grant's id and its token."""
        now, gid = int(time.time()), uuid.uuid4().hex
        claims = {
            "iss": "alpheus",
            "aud": "edge-1",
            "jti": gid,
            "iat": now,
            "exp": now + 3600,
            "acc": account,
            "str": stream,
            "rec": self.asset,
            "ast": self.asset,
            "rnd": [self.rendition],
            "win": [0, self.samples],
        }
        return gid, jwt.encode(claims, self.grant_key, algorithm="EdDSA")


@dataclass(frozen=True)
class Tally:
    """What a crowd heard so far."""

    segments: "Synchronized[int]"
    failures: "Synchronized[int]"


@contextmanager
def slow_crowd(music: Music, *, listeners: int) -> Iterator[Tally]:
    """Have so many listen until the block ends."""
    context = multiprocessing.get_context("spawn")
    tally = Tally(context.Value("q", 0), context.Value("q", 0))
    stopping = context.Event()
    process = context.Process(target=_run, args=(music, listeners, stopping, tally.segments, tally.failures))
    process.start()
    try:
        yield tally
    finally:
        stopping.set()
        process.join(30)
        process.kill()


def _run(
    music: Music,
    listeners: int,
    stopping: Event,
    segments: "Synchronized[int]",
    failures: "Synchronized[int]",
) -> None:
    pin(CLIENT_CORE)

    async def all_of_them() -> None:
        tasks = [
            asyncio.create_task(_listen(music, number / listeners, segments, failures))
            for number in range(listeners)
        ]
        await asyncio.to_thread(stopping.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(all_of_them())


async def _listen(
    music: Music, phase: float, segments: "Synchronized[int]", failures: "Synchronized[int]"
) -> None:
    """One listener: a POST for what is next, then the segments it released, each taken slowly."""
    await asyncio.sleep(4 * phase)
    stream, account = uuid.uuid4().hex, uuid.uuid4().hex
    gid, token = music.grant(stream, account)
    reader, writer = await _connection(music.port)
    at = random.randrange(music.segments // 2)
    for sequence in range(1_000_000):
        body = {
            "sequence": sequence,
            "grants": [] if sequence else [token],
            "at": {"grant": gid, "sample": 0},
            "want": [{"grant": gid, "rendition": music.rendition, "segment": at}],
            "ahead_seconds": _AHEAD_SECONDS,
        }
        writer.write(post(f"/v1/streams/{stream}/batches", json.dumps(body).encode()))
        status, answer = await _answer(reader, bytes_per_second=0)
        if status == 429:  # the gate: music leaves in real time
            await asyncio.sleep(max(0.2, json.loads(answer).get("wait_seconds", 1)))
            continue
        if status != 200:
            failures.value += 1
            return
        for item in json.loads(answer)["released"]:
            writer.write(get(item["url"]))
            status, _ = await _answer(reader, bytes_per_second=BYTES_PER_SECOND)
            if status != 200:
                failures.value += 1
                return
            segments.value += 1
            at = (item["segment"] + 1) % (music.segments - 1)


async def _connection(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
    made.setblocking(False)
    await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
    return await asyncio.open_connection(sock=made, limit=_PIECE_BYTES)


async def _answer(reader: asyncio.StreamReader, *, bytes_per_second: float) -> tuple[int, bytes]:
    """Read an answer, no faster than this."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    left = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    parts = []
    while left:
        piece = await reader.readexactly(min(left, _PIECE_BYTES))
        parts.append(piece)
        left -= len(piece)
        if bytes_per_second:
            await asyncio.sleep(len(piece) / bytes_per_second)
    return int(head[9:12]), b"".join(parts)
