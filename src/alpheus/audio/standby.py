"""The program that stands by: it has loaded what decoding needs and forks a confined process for each order.

An interpreter, FFmpeg and numpy take a quarter of a second of CPU to start, longer than most short sounds take to decode;
a fork takes milliseconds. It never opens a file itself: each order is obeyed by a process of its own, which lays its
limits on itself before it looks at anything.

Each order comes over a Unix socket on standard input as one byte with four file descriptors: the order, the answers,
the complaints, and a lifeline. On the lifeline goes the child's exit code; when its other end closes, the child is killed.
"""

import contextlib
import os
import selectors
import signal
import socket
import struct
import sys
import traceback
from typing import NoReturn

DESCRIPTORS = 4
EXIT_CODE = struct.Struct("!i")
"""As `subprocess` tells it: minus the number of the signal that killed it."""


def main() -> None:
    """Fork for every order until whoever started this is gone; then all children end too."""
    from alpheus.audio import confined, decoder, inspection  # noqa: F401, PLC0415 - loaded once, shared by every fork

    control = socket.socket(fileno=sys.stdin.fileno())
    lifelines: dict[int, socket.socket] = {}
    wakened, waken = os.pipe()
    os.set_blocking(waken, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waken, warn_on_full_buffer=False)
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(wakened, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is control:
                    if not _take(control, lifelines, selector):
                        _end(lifelines)
                        return
                elif key.fileobj == wakened:
                    os.read(wakened, 512)
                    _bury(lifelines, selector)
                elif lifelines.get(key.data) is key.fileobj:  # whoever waited for it does no more
                    selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)


def _take(
    control: socket.socket, lifelines: dict[int, socket.socket], selector: selectors.BaseSelector
) -> bool:
    """Fork for one order; False when there will be no more."""
    _, descriptors, _, _ = socket.recv_fds(control, 1, DESCRIPTORS)
    if len(descriptors) != DESCRIPTORS:
        return False
    *streams, lifeline = descriptors
    pid = os.fork()
    if pid == 0:
        _obey(streams)
    for descriptor in streams:
        os.close(descriptor)
    lifelines[pid] = socket.socket(fileno=lifeline)
    selector.register(lifelines[pid], selectors.EVENT_READ, pid)
    return True


def _obey(streams: list[int]) -> NoReturn:
    """Be the confined process: with the given streams and nothing else open."""
    from alpheus.audio import confined  # noqa: PLC0415 - loaded before the fork

    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor, standard in zip(streams, (0, 1, 2), strict=True):
            os.dup2(descriptor, standard)
        os.closerange(3, max(streams) + 256)
        confined.main()
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process ends here
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


def _bury(lifelines: dict[int, socket.socket], selector: selectors.BaseSelector) -> None:
    """Tell how the children that ended did."""
    while lifelines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with lifelines.pop(pid) as lifeline:
            with contextlib.suppress(KeyError):  # it was killed, and is not listened to any more
                selector.unregister(lifeline)
            with contextlib.suppress(OSError):  # nobody waits for it
                lifeline.send(EXIT_CODE.pack(os.waitstatus_to_exitcode(status)))


def _end(lifelines: dict[int, socket.socket]) -> None:
    for pid in lifelines:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
