"""A whole installation for a journey: `alpheus up` on a data folder of its own and on free ports."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

START_SECONDS = 90
STOP_SECONDS = 60
"""On a busy machine; the parts have 15 s, and what they do not do by then is cut off."""


@dataclass
class Installation:
    """Where a running installation is, and the secrets that a test needs to look behind it."""

    data: Path
    url: str
    edge_url: str
    environment: dict[str, str]
    kek: bytes
    process: subprocess.Popen | None = None

    @property
    def codeword_key(self) -> bytes:
        return (self.data / "secrets" / "codeword.key").read_bytes()

    @property
    def internal_key(self) -> bytes:
        return (self.data / "secrets" / "internal.key").read_bytes()

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `alpheus ...` against this installation, whatever it ends with."""
        return subprocess.run(
            [sys.executable, "-m", "alpheus", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def command(self, *arguments: str) -> str:
        """Run `alpheus ...` against this installation; what it said, or a failure with it."""
        done = self.attempt(*arguments)
        assert done.returncode == 0, f"alpheus {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout or done.stderr

    def start(self) -> None:
        """Start it and wait until web and edge say that they are well."""
        self.data.mkdir(parents=True, exist_ok=True)
        log = (self.data / "up.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "alpheus", "up"],
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + START_SECONDS
        for address in (f"{self.url}/healthz", f"{self.edge_url}/healthz"):
            while not _well(address):
                assert self.process.poll() is None, f"alpheus up ended:\n{self.log()}"
                assert time.monotonic() < until, f"{address} never answered:\n{self.log()}"
                time.sleep(0.1)

    def stop(self) -> None:
        """Stop it as Ctrl-C does: it ends by itself, and well."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"Ctrl-C did not end alpheus up within {STOP_SECONDS} s:\n{self.log()}")
        assert code == 0, f"Ctrl-C ended alpheus up with {code}:\n{self.log()}"

    def log(self) -> str:
        """The end of what it said."""
        return (self.data / "up.log").read_text(errors="replace")[-6000:]


def _well(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def prepared(data: Path, *, kek: bytes | None = None, **settings: str) -> Installation:
    """An installation that is not started yet; `settings` are environment variables without their prefix."""
    kek = kek or secrets.token_bytes(32)
    port, edge_port = _free_ports(2)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALPHEUS_")}
    own = {
        "data": str(data),
        "port": str(port),
        "edge_port": str(edge_port),
        "key_encryption_key": kek.hex(),
        **settings,
    }
    environment = inherited | {f"ALPHEUS_{name.upper()}": value for name, value in own.items()}
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(Path(__file__).parents[2] / "src"), inherited.get("PYTHONPATH")])
    )
    return Installation(
        data=data,
        url=f"http://127.0.0.1:{port}",
        edge_url=f"http://127.0.0.1:{edge_port}",
        environment=environment,
        kek=kek,
    )


@contextlib.contextmanager
def running(installation: Installation) -> Iterator[Installation]:
    """The installation while it runs; stopped at the end."""
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()
