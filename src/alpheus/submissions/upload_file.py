"""The bytes of an upload on disk: appended as they arrive, flushed before anybody is told of them.

How much arrived is the file's size: nothing else needs to be kept in step with it, and a process that is killed loses
at most what it has not told yet. Bytes that come with a checksum count only once they are checked: until then a
small file beside says where they begin, and whoever opens the upload next cuts them off.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

MODE = 0o600


class DiskFull(Exception):
    """There is no room for more bytes; what was flushed stays."""


class Busy(Exception):
    """Another process writes this upload."""


class UploadFile:
    """One upload's file. Its name is a random number: nothing that a client says becomes part of a path."""

    def __init__(self, folder: Path, gid: UUID) -> None:
        self.path = folder / f"{gid.hex}.part"
        self._unchecked = folder / f"{gid.hex}.unchecked"

    def create(self) -> None:
        """Make it, empty."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE))
        _flush_folder(self.path.parent)

    def exists(self) -> bool:
        """Whether it is there."""
        return self.path.exists()

    def offset(self) -> int:
        """How many bytes arrived and are kept for good: flushed, so that what is told here is true after a crash."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
            return min(os.fstat(file.fileno()).st_size, self._begins_unchecked())

    def remove(self) -> None:
        """Remove all of it."""
        for path in (self.path, self._unchecked):
            path.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> "Iterator[Writing]":
        """Append to it; nobody else may meanwhile, in whatever process.

        Raises:
            Busy: somebody does.
        """
        descriptor = os.open(self.path, os.O_RDWR)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            begins = self._begins_unchecked()
            if begins < os.fstat(descriptor).st_size:
                os.ftruncate(descriptor, int(begins))
            self._unchecked.unlink(missing_ok=True)
            yield Writing(descriptor, self._unchecked)
        finally:
            os.close(descriptor)

    def _begins_unchecked(self) -> int:
        with suppress(FileNotFoundError, ValueError):
            return int(self._unchecked.read_text())
        return 1 << 62


class Writing:
    """An upload while it is written to. All of this blocks: call it from a thread."""

    def __init__(self, descriptor: int, unchecked: Path) -> None:
        self._descriptor, self._unchecked = descriptor, unchecked
        self.offset = os.lseek(descriptor, 0, os.SEEK_END)
        """How many bytes are there."""

    def distrust(self) -> None:
        """Have what follows cut off unless it is `trust`ed."""
        self._unchecked.write_text(str(self.offset))
        with self._unchecked.open("rb") as file:
            os.fsync(file.fileno())

    def trust(self) -> None:
        """Keep what was written since `distrust`."""
        self.flush()
        self._unchecked.unlink(missing_ok=True)

    def append(self, data: bytes) -> None:
        """Write bytes at the end.

        Raises:
            DiskFull: there is no room; what was there before this call stays.
        """
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            os.ftruncate(self._descriptor, self.offset)
            os.lseek(self._descriptor, self.offset, os.SEEK_SET)
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise DiskFull from error
            raise
        self.offset += len(data)

    def cut(self, offset: int) -> None:
        """Forget what was written beyond an offset."""
        os.ftruncate(self._descriptor, offset)
        self.offset = os.lseek(self._descriptor, offset, os.SEEK_SET)
        self.flush()
        self._unchecked.unlink(missing_ok=True)

    def flush(self) -> None:
        """Wait until the disk has it."""
        os.fsync(self._descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
