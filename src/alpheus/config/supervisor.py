"""Keeps an installation's parts running: starts them, restarts what dies, stops all of them cleanly.

Knows processes only; `config.processes` says which.
"""

import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger("alpheus.supervisor")

STOP_SECONDS = 15.0
STEADY_SECONDS = 30.0
LOG_BYTES = 10 * 2**20
LOG_FILES = 3


@dataclass(frozen=True)
class Part:
    """A process to keep: its name, its command, and whether it is done when it ends well."""

    name: str
    command: Sequence[str]
    once: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


class _Running:
    """One part while it is kept: its process, its log, and how long to wait before the next start."""

    def __init__(self, part: Part, logs: Path) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.restart_at = 0.0
        self.fails = 0
        self.done = False
        self._sink = logging.handlers.RotatingFileHandler(
            logs / f"{part.name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )

    def start(self) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches only the supervisor."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - the command is ours, not a listener's
            list(self.part.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **self.part.environment},
            start_new_session=True,
        )
        threading.Thread(target=self._copy_output, args=(self.process,), daemon=True).start()

    def _copy_output(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self._sink.emit(logging.makeLogRecord({"msg": line, "args": None}))
            sys.stderr.write(f"{self.part.name:>7} | {line}\n")

    def look(self, now: float) -> None:
        """Start it if it is due; note it if it ended."""
        if self.done:
            return
        if self.process is None:
            if now >= self.restart_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            if now - self.started > STEADY_SECONDS:
                self.fails = 0
            return
        self.process = None
        if self.part.once and code == 0:
            self.done = True
            return
        self.fails += 1
        wait = min(30.0, 0.2 * 2**self.fails)
        self.restart_at = now + wait
        log.warning("part_ended", extra={"name_": self.part.name, "exit": code, "restart_in_seconds": wait})

    def signal(self, number: int) -> None:
        """Send a signal to the whole group of the process, if it lives."""
        if self.process is not None and self.process.poll() is None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps parts running until SIGINT or SIGTERM."""

    def __init__(self, parts: Sequence[Part], *, logs: Path) -> None:
        """Prepare to keep `parts`; their output goes to the terminal and to `logs/<name>.log`."""
        logs.mkdir(parents=True, exist_ok=True)
        self._parts = [_Running(part, logs) for part in parts]
        self._stopping = threading.Event()

    def run(self) -> None:
        """Keep everything running; returns when all has stopped."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.is_set():
            for part in self._parts:
                part.look(time.monotonic())
            self._stopping.wait(0.2)
        self._stop()

    def _stop(self) -> None:
        log.info("stopping")
        for part in self._parts:
            part.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(part.alive for part in self._parts) and time.monotonic() < deadline:
            time.sleep(0.05)
        for part in self._parts:
            part.signal(signal.SIGKILL)
