"""Starts the confined process, listens to it, and turns whatever it says, or how it dies, into an answer or an error."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import alpheus
from alpheus.audio import errors
from alpheus.audio.errors import AudioError, DecoderFailed, LimitExceeded
from alpheus.audio.limits import Limits
from alpheus.audio.standby import EXIT_CODE

_KINDS: dict[str, type[AudioError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, AudioError)
}
_PROGRAM = ["-m", "alpheus.audio.confined"]
_STANDING_BY = ["-m", "alpheus.audio.standby"]
_FORKS = sys.platform == "linux"
"""macOS's own libraries, which numpy uses there, do not survive a fork: each order then starts a process from nothing."""
_LOCK = threading.Lock()
_COMPLAINT_BYTES_MAX = 4096
_ANSWER_BYTES_MAX = 32 * 2**20  # a cover of 16 MiB in base 64
_EXPORT = "Export it again as FLAC or WAV; if it is from elsewhere, do not trust it."


def run(
    order: dict[str, Any],
    *,
    limits: Limits,
    seconds_max: float,
    file_bytes: int = 1 << 16,
    on_seconds: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Have the confined process obey an order.

    Args:
        order: `verb` and what it needs; see `confined`.
        limits: what the file may be, and the process's memory.
        seconds_max: CPU time, and wall time, that it may take.
        file_bytes: how much it may write.
        on_seconds: told how many seconds of sound are done.

    Raises:
        Unreadable: the file is no sound we can use.
        LimitExceeded: it took too much time, memory or disk.
        DecoderFailed: the process died or answered nonsense.
    """
    order = {**order, "limits": asdict(limits), "cpu_seconds": seconds_max, "file_bytes": file_bytes}
    if _FORKS:
        with suppress(_StandbyGone):
            return _obeyed(order, _forked, seconds_max, on_seconds)
    return _obeyed(order, _fresh, seconds_max, on_seconds)


def _obeyed(
    order: dict[str, Any],
    begin: "Callable[[BinaryIO], subprocess.Popen[bytes] | _Forked]",
    seconds_max: float,
    on_seconds: Callable[[float], None] | None,
) -> dict[str, Any]:
    with tempfile.TemporaryFile() as complaints, begin(complaints) as process:
        try:
            # An order is smaller than a pipe's buffer, so that writing it never waits.
            _write(process, json.dumps(order).encode())
            # A machine under load takes longer than its CPU time: wall time is four times as long.
            for answer in _lines(process, time.monotonic() + 4 * seconds_max):
                if "seconds" in answer and on_seconds is not None:
                    on_seconds(answer["seconds"])
                if "result" in answer:
                    return dict(answer["result"])
                if "refused" in answer:
                    kind, reason, remedy = answer["refused"]
                    raise _KINDS.get(kind, DecoderFailed)(reason, remedy)
            raise _death(process.wait(), complaints)
        finally:
            process.kill()


def _fresh(complaints: BinaryIO) -> subprocess.Popen[bytes]:
    """A process that starts from nothing."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", *_PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env=_environment(),
    )


def _forked(complaints: BinaryIO) -> "_Forked":
    """A process forked from the one that stands by; the first order starts that."""
    with _LOCK:
        try:
            return _Forked(_standby(), complaints)
        except OSError as error:
            _stand_down()
            raise _StandbyGone from error


def _standby() -> socket.socket:
    """The way to the process that stands by for this one: it ends when this one does."""
    global _STANDBY  # noqa: PLW0603 - one a process, as long as the process lives
    if _STANDBY is None or _STANDBY.poll() is not None:
        _stand_down()
        ours, theirs = socket.socketpair()
        with theirs:
            started = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", *_STANDING_BY],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=_environment(),
            )
        _STANDBY = _Standby(started, ours)
    return _STANDBY.way


def _stand_down() -> None:
    global _STANDBY  # noqa: PLW0603 - as above
    if _STANDBY is not None:
        _STANDBY.way.close()
        _STANDBY.process.kill()
        _STANDBY.process.wait()
        _STANDBY = None


@dataclass(frozen=True)
class _Standby:
    process: subprocess.Popen[bytes]
    way: socket.socket

    def poll(self) -> int | None:
        return self.process.poll()


class _StandbyGone(Exception):
    """The process that stood by was killed: nothing was said of the order, which a fresh process can obey."""


class _Forked:
    """What `subprocess.Popen` is, of a process that another one forked for us."""

    def __init__(self, standby: socket.socket, complaints: BinaryIO) -> None:
        order, self._order = os.pipe()
        self._answers, answers = os.pipe()
        self._lifeline, lifeline = socket.socketpair()
        theirs = [order, answers, complaints.fileno(), lifeline.fileno()]
        try:
            socket.send_fds(standby, [b"."], theirs)
        except OSError:
            os.close(self._order)
            os.close(self._answers)
            self._lifeline.close()
            raise
        finally:
            os.close(order)
            os.close(answers)
            lifeline.close()
        self.stdin, self.stdout = os.fdopen(self._order, "wb"), os.fdopen(self._answers, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdin.close()
        self.stdout.close()
        self.kill()

    def wait(self) -> int:
        """How it ended, as its parent tells."""
        told = self._lifeline.recv(EXIT_CODE.size, socket.MSG_WAITALL)
        if len(told) != EXIT_CODE.size:
            raise _StandbyGone
        return int(EXIT_CODE.unpack(told)[0])

    def kill(self) -> None:
        """End it, if it has not ended."""
        self._lifeline.close()


_STANDBY: _Standby | None = None


def _environment() -> dict[str, str]:
    """Give the process nothing of ours but where our code is: no settings, no secrets."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
        if name in os.environ
    }
    ours = str(Path(alpheus.__path__[0]).parent)
    return {**kept, "PYTHONPATH": ours, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _write(process: "subprocess.Popen[bytes] | _Forked", order: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - PIPE was asked for; this tells mypy
    with process.stdin as pipe:
        pipe.write(order)


def _lines(process: "subprocess.Popen[bytes] | _Forked", deadline: float) -> Iterator[dict[str, Any]]:
    """Read JSON lines until the process closes its output; what it says may be hostile too."""
    assert process.stdout is not None  # noqa: S101 - PIPE was asked for; this tells mypy
    rest = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise LimitExceeded("Decoding it takes longer than we allow.", _EXPORT)
            piece = os.read(process.stdout.fileno(), 1 << 16)
            head, newline, tail = piece.rpartition(b"\n")
            if newline:
                for line in (bytes(rest) + head).split(b"\n"):
                    yield _parsed(line)
                rest.clear()
            rest += tail
            if not piece:
                return
            if len(rest) > _ANSWER_BYTES_MAX:
                raise DecoderFailed("Its decoder never stops talking.", _EXPORT)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise DecoderFailed("Its decoder answered nonsense.", _EXPORT)
    return answer


def _death(code: int, complaints: BinaryIO) -> AudioError:
    """Say how the process died without an answer."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return LimitExceeded("Decoding it takes more time or memory than we allow.", _EXPORT)
    if code == -signal.SIGXFSZ:
        return LimitExceeded("Decoded it is larger than we allow.", _EXPORT)
    failed = DecoderFailed(f"Its decoder failed ({-code if code < 0 else code}).", _EXPORT)
    complaints.seek(0)
    failed.add_note(complaints.read(_COMPLAINT_BYTES_MAX).decode(errors="replace"))  # for the log
    return failed
