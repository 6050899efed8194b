"""The connection that Django opens for a thread: one that another thread has done with, where there is one."""

import atexit
import os
import sqlite3
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

IDLE_MAX = 10
"""Connections of one process that wait to be used again."""
AGE_SECONDS_MAX = 300.0
"""One that is older is closed: whatever it holds that nobody thought of is let go."""


@dataclass(frozen=True)
class _Idle:
    connection: sqlite3.Connection
    file: tuple[int, int]
    """The device and inode that it opened: a file that was put in its place is another database."""
    opened_at: float
    """On the monotonic clock, in seconds."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that closing keeps a connection for the next thread.

    Under ASGI each request has a thread of its own. A new connection reads the whole schema and defines some fifty
    functions, which took most requests longer than all that they asked it.
    """

    _opened: tuple[tuple[int, int], float] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take an idle connection to the same file, else open one."""
        file = _file(conn_params["database"])
        while file and (idle := _taken()):
            if idle.file == file and time.monotonic() - idle.opened_at < AGE_SECONDS_MAX:
                self._opened = idle.file, idle.opened_at
                return idle.connection
            idle.connection.close()
        opened = super().get_new_connection(conn_params)
        file = _file(conn_params["database"])
        self._opened = (file, time.monotonic()) if file else None
        return opened

    def _close(self) -> None:
        connection, opened, self._opened = self.connection, self._opened, None
        if connection is None:
            return
        if opened is None or self.in_atomic_block or self.errors_occurred or len(_IDLE) >= IDLE_MAX:
            super()._close()  # type: ignore[misc] # django-stubs leave it out
            return
        with self.wrap_database_errors:
            connection.rollback()
        _IDLE.append(_Idle(connection, *opened))


_IDLE: deque[_Idle] = deque()


def _taken() -> _Idle | None:
    """The one that was used last: what it has read is most likely still true, and its pages are in memory."""
    with suppress(IndexError):
        return _IDLE.pop()
    return None


def _file(name: object) -> tuple[int, int] | None:
    """Which file a name leads to; None where there is none, as for a database in memory."""
    try:
        found = Path(str(name)).stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _close_all() -> None:
    while idle := _taken():
        idle.connection.close()


atexit.register(_close_all)
# A connection must not be used on both sides of a fork (SQLite, "How To Corrupt", §2.6): the child forgets what it got.
os.register_at_fork(after_in_child=_IDLE.clear)
