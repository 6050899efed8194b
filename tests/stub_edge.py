"""An edge that answers as it is told, over real HTTP, and remembers what it was asked."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class StubEdge:
    """Set `status`, `body` or `delay_seconds`; read `asked`: (path, headers, JSON body)."""

    status: int = 200
    body: object = field(default_factory=lambda: {"sequence": 0, "epoch": 1, "strategy": "ladder"})
    delay_seconds: float = 0.0
    asked: list = field(default_factory=list)

    def __enter__(self):
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                given = self.rfile.read(int(self.headers["Content-Length"]))
                stub.asked.append((self.path, dict(self.headers), json.loads(given)))
                self.answer()

            def answer(self):
                time.sleep(stub.delay_seconds)
                raw = stub.body if isinstance(stub.body, bytes) else json.dumps(stub.body).encode()
                self.send_response(stub.status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_GET(self):
                stub.asked.append((self.path, dict(self.headers), None))
                self.answer()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # whoever hung up is what the test is about
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
