"""The page that any Media Source player is at least: one element, one buffer, a loop. What Chromium itself takes shows in it.

Served on a port of its own, so that it has a renderer of its own.
"""

import functools
import http.server
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = Path(__file__).with_suffix(".html")
SECONDS = 120
PART_MICROSECONDS = 4_000_000


@contextmanager
def bare_loop(folder: Path) -> Iterator[str]:
    """Serve it while the block runs; gives its address. Needs ffmpeg."""
    ffmpeg = shutil.which("ffmpeg")
    if not ffmpeg:
        sys.exit("ffmpeg is not installed: apt-get install ffmpeg")
    folder.mkdir()
    shutil.copy(PAGE, folder / "index.html")
    whole = folder / "whole.mp4"
    subprocess.run(
        [ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=44100:duration={SECONDS}",
         "-ac", "2", "-c:a", "aac", "-b:a", "128k", "-movflags", "empty_moov+default_base_moof",
         "-frag_duration", str(PART_MICROSECONDS), str(whole)],
        check=True,
    )  # fmt: skip
    parts = _written(whole.read_bytes(), folder)
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html?parts={parts}"
        server.shutdown()


def _written(data: bytes, folder: Path) -> int:
    """Write the file's head and its fragments as files of their own; gives how many fragments (ISO/IEC 14496-12)."""
    head, parts = b"", []
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        box = data[at : at + size]
        if kind == b"moof":
            parts.append(box)
        elif kind == b"mdat":
            parts[-1] += box
        elif not parts:
            head += box
        at += size
    (folder / "init.mp4").write_bytes(head)
    # The last one is shorter than the others.
    for number, part in enumerate(parts[:-1]):
        (folder / f"{number}.m4s").write_bytes(part)
    return len(parts) - 1


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""
