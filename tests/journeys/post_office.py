"""A mail server on loopback that keeps what it is given, for journeys in which letters are read."""

import re
import socketserver
import threading
import time
from contextlib import contextmanager
from email import message_from_bytes, policy


class PostOffice:
    """The letters that came, in order."""

    def __init__(self):
        self.letters = []
        self.port = 0

    def letter(self, *, to, subject, seconds=30):
        """The last letter to somebody whose subject fits, waited for."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for it in reversed(self.letters):
                if it["To"] == to and re.search(subject, it["Subject"]):
                    return it.get_body(("plain",)).get_content()
            time.sleep(0.1)
        raise AssertionError(
            f"no letter to {to} about {subject}: {[(it['To'], it['Subject']) for it in self.letters]}"
        )


@contextmanager
def open_office():
    """A post office while it is open (RFC 5321, as much of it as one client needs)."""
    office = PostOffice()

    class Counter(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 loopback")
            for line in self.rfile:
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.say("354 go on")
                    self.take()
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                self.say("250 ok") if word != b"DATA" else None

        def take(self):
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            office.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self.say("250 taken")

        def say(self, text):
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter) as server:
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield office
        server.shutdown()
