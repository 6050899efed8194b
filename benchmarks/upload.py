"""An upload by tus beside nginx, which receives the same bytes by PUT, on the same core; both onto the same disk.

One client sends a file in one request, as a musician's browser does, after the request that begins the upload; the two
servers take turns. CPU is that of all threads of a server (see `support/pinned.py`), throughput is the wall clock's. Ours flushes what
it took to the disk before it says so, finds out who calls and writes down that the upload is whole; nginx does none of that.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Row, publish
from benchmarks.support.pinned import CLIENT_CORE, Connection, cpu_seconds, free_port, pin, started, wait_for

ROOT = Path(__file__).parents[1]
MIB = 2**20
FILE_BYTES = int(os.environ.get("BENCH_UPLOAD_MIB", "128")) * MIB
"""Nearly an hour of FLAC, or twelve minutes of WAV."""
ROUNDS = 7
PEER = "nginx, PUT, one worker, same core"

NGINX = """
{user}
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 0; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/put; dav_methods PUT DELETE; }} }}
}}
"""


@dataclass(frozen=True)
class Taken:
    """What a file cost: seconds by the wall clock, and of the server's CPU."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class Server:
    """A running server."""

    pid: int
    port: int

    def taken(self, *requests: tuple[str, bytes]) -> Taken:
        """Send requests, the last with the file after it, over one new connection."""
        cpu, began = cpu_seconds(self.pid), time.perf_counter()
        with Connection(self.port) as connection:
            for head, body in requests:
                connection.send(head.encode() + b"\r\n\r\n")
                connection.send(body)
                if not 200 <= (reply := connection.read()).status < 300:
                    raise RuntimeError(f"{head.split()[0]} was answered {reply.status}: {reply.body[:300]!r}")
        return Taken(time.perf_counter() - began, cpu_seconds(self.pid) - cpu)


def main() -> None:
    """Measure and publish. BENCH_UPLOAD_MIB=8 makes it small."""
    pin(CLIENT_CORE)
    file = os.urandom(FILE_BYTES)
    ours: list[Taken] = []
    peer: list[Taken] = []
    with (
        tempfile.TemporaryDirectory(prefix="alpheus-bench-", dir=os.environ.get("BENCH_FOLDER")) as named,
        ExitStack() as stack,
    ):
        nginx = stack.enter_context(_nginx(Path(named) / "nginx"))
        web, uploads = stack.enter_context(_web(Path(named) / "data"))
        for number, (path, token) in enumerate(uploads):
            peer.append(nginx.taken((_head("PUT", f"/{number}", FILE_BYTES), file)))
            steady = f"Authorization: Bearer {token}\r\nTus-Resumable: 1.0.0"
            patch = f"{steady}\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
            asked = (_head("HEAD", path, 0, steady), b"")
            ours.append(web.taken(asked, (_head("PATCH", path, FILE_BYTES, patch), file)))
    publish("upload", _rows(ours[1:], peer[1:]))  # the first of each warms up


def _rows(ours: list[Taken], peer: list[Taken]) -> list[Row]:
    mib = FILE_BYTES / MIB

    def rate(taken: list[Taken]) -> float:
        return round(statistics.median(mib / it.seconds for it in taken), 1)

    def cost(taken: list[Taken]) -> float:
        return round(statistics.median(1e3 * it.cpu / mib for it in taken), 3)

    pairs = list(zip(ours, peer, strict=True))
    return [
        Row(
            "throughput", round(statistics.median(b.seconds / a.seconds for a, b in pairs), 4), "x", peer=PEER
        ),
        Row(
            "CPU of the server", round(statistics.median(a.cpu / b.cpu for a, b in pairs), 4), "x", peer=PEER
        ),
        Row("throughput", rate(ours), "MiB/s"),
        Row("throughput, nginx", rate(peer), "MiB/s"),
        Row("CPU of the server", cost(ours), "ms a MiB"),
        Row("CPU of the server, nginx", cost(peer), "ms a MiB"),
    ]


def _head(method: str, path: str, length: int, *more: str) -> str:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}", *more))


@contextmanager
def _nginx(folder: Path) -> Iterator[Server]:
    (folder / "put").mkdir(parents=True)
    port = free_port()
    # Started by root, nginx's worker would be somebody who may not write here.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    with _stopped_after(started(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])) as process:
        wait_for(port)
        yield Server(process.pid, port)


@contextmanager
def _web(folder: Path) -> Iterator[tuple[Server, list[tuple[str, str]]]]:
    """The web of an empty installation, and begun uploads: the path and the token of each."""
    port = free_port()
    environment = {"ALPHEUS_DATA": str(folder), "ALPHEUS_PORT": str(port), "ALPHEUS_DATABASE_URL": ""}
    folder.mkdir()
    begin = [sys.executable, "-m", "benchmarks.support.uploading", str(ROUNDS + 1), str(FILE_BYTES)]
    told = subprocess.run(
        begin, env=os.environ | environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    uploads = [(str(path), str(token)) for path, token in json.loads(told.stdout.splitlines()[-1])]
    with _stopped_after(
        started([sys.executable, "-m", "alpheus", "web"], environment=environment)
    ) as process:
        wait_for(port, seconds=60)
        yield Server(process.pid, port), uploads


@contextmanager
def _stopped_after(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
