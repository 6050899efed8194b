"""An edge in this process, over real HTTP: for who asks an edge as web does, on a clock that a test moves."""

import asyncio
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from edge.kit import Site


@dataclass
class Near:
    """Answers at `url` with what the site's edge says, all in one event loop, as in a process of its own."""

    site: Site
    url: str = ""

    def __enter__(self):
        near, self._loop = self, asyncio.new_event_loop()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = near.run(near.site.request("POST", self.path, headers=headers, body=body))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() != "content-length":
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        for forever in (self._loop.run_forever, self._server.serve_forever):
            threading.Thread(target=forever, daemon=True).start()
        return self

    def run(self, coroutine):
        """What a coroutine gives, run in the edge's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)

    def post(self, stream, **body):
        return self.run(self.site.post(stream, **body))

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.site.edge.close()
