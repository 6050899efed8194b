"""A bucket for tests: an object store over the network that is as ill as it is told to be."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Bucket:
    """S3's GET with a range over a folder, as ill as it is told to be."""

    def __init__(self, folder):
        self.folder = folder
        self.pause, self.every, self.away, self.lie = 0.0, 0, False, False
        self.asked = self.failed = 0
        self._lock = threading.Lock()

    def turn(self):
        """Count a request; whether it is one that fails."""
        with self._lock:
            self.asked += 1
            fails = bool(self.every) and self.asked % self.every == 0
            self.failed += fails
            return fails

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


def environment(url):
    """The variables by which an edge finds the bucket at this address."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
