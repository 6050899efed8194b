"""The page that a plain player is: one `<audio>` element whose address is a file of AAC 128, complete and open to be copied.

What browsers themselves take from a press to the first sound shows in it.
"""

import functools
import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PAGE = Path(__file__).with_suffix(".html")

PRESS = """
const audio = document.querySelector('audio');
audio.pause();
await new Promise(done => setTimeout(done, 600));
return await new Promise(done => {
  const channel = new MessageChannel();
  let clicked = 0, first = null;
  const look = () => {
    const now = audio.currentTime;
    if (audio.seeking || audio.readyState < 3) first = null;
    else if (first === null) first = now;
    else if (now > first + 0.003) return done(performance.now() - clicked);
    if (performance.now() - clicked > 15000) return done(-1);
    channel.port2.postMessage(0);
  };
  channel.port1.onmessage = look;
  clicked = performance.now();
  audio.src = '/%d.m4a';
  audio.play();
  look();
});
"""


@contextmanager
def plain_audio(folder: Path, music: Sequence[Path]) -> Iterator[int]:
    """Serve the page and pieces of music, the first as `/0.m4a`, while the block runs; gives the port. Needs ffmpeg."""
    ffmpeg = shutil.which("ffmpeg")
    if not ffmpeg:
        sys.exit("ffmpeg is not installed: apt-get install ffmpeg")
    folder.mkdir()
    shutil.copy(PAGE, folder / "index.html")
    for number, file in enumerate(music):
        subprocess.run(
            [ffmpeg, "-loglevel", "error", "-i", str(file), "-vn", "-c:a", "aac", "-b:a", "128k",
             "-movflags", "+faststart", str(folder / f"{number}.m4a")],
            check=True,
        )  # fmt: skip
    handler = functools.partial(_KeptAlive, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class _KeptAlive(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        """Have nothing cached: every press is of what the browser has not."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
